import { describe, expect, it, vi } from "vitest";
import { type BaseNode, behaviourOf } from "../graph/node.ts";
import { GradioNode } from "../nodes/gradio-node.ts";
import { checkedPrefix } from "./gradio-config.ts";
import { parseSource, spaceIdOf } from "./gradio-source.ts";
import { assertPublic } from "./private-hosts.ts";

const read = (source: string) => {
  const parsed = parseSource(source, {});
  return parsed.type === "space" ? parsed.id : parsed.url.href;
};

describe("a source", () => {
  it.each([
    ["owner/name", "owner/name"],
    [" owner/na.me-1_x ", "owner/na.me-1_x"],
    ["owner/name//", "owner/name"],
    ["HTTPS://HuggingFace.co//spaces/owner/name///", "owner/name"],
    ["https://huggingface.co/spaces/owner/name", "owner/name"],
    ["https://huggingface.co/spaces/owner/name/tree/main?x=1", "owner/name"],
    ["https://owner-name.hf.space", "https://owner-name.hf.space/"],
    ["http://localhost:7860///", "http://localhost:7860/"],
    ["http://localhost:7860/a/b?__theme=dark#x", "http://localhost:7860/a/b/"],
    ["https://example.com/spaces/owner/name", "https://example.com/spaces/owner/name/"],
  ])("%s is %s", (source, expected) => {
    expect(read(source)).toBe(expected);
  });

  it.each(["", " ", "name", "a/..", "a/.", "ftp://x/y", "https://", "http://a:99999", "javascript:alert(1)"])(
    "%j is none",
    (source) => {
      expect(() => read(source)).toThrow(/neither a Space \('owner\/name'\) nor the address/);
      expect(spaceIdOf(source, {})).toBeUndefined();
    },
  );

  it.each([
    ["127.0.0.1:7860", "http://127.0.0.1:7860"],
    ["spaces/owner/name", "owner/name"],
    ["huggingface.co/spaces/owner/name", "owner/name"],
    ["owner/name/tree/main", "owner/name"],
  ])("%s is asked about", (source, meant) => {
    expect(() => read(source)).toThrow(`Did you mean '${meant}'?`);
  });

  it.each(["../x", "./app", "/srv/app.py", "../.."])("%j is a path, for a GradioNode to start", (source) => {
    expect(() => read(source)).toThrow(`'${source}' is a path on this machine: only a GradioNode starts`);
  });

  it("is a Space where it is a page of the Hub that HF_ENDPOINT names, and its page there is known", () => {
    const page = "https://hub.example/spaces/owner/name/tree/main";
    expect(read(page)).toBe(`${page}/`);
    vi.stubEnv("HF_ENDPOINT", "https://hub.example/");
    const node = behaviourOf(
      new GradioNode(page, { outputs: { text: null }, runLocally: true }) as unknown as BaseNode,
    );
    vi.unstubAllEnvs();
    expect(node).toMatchObject({
      source: "owner/name",
      sourceUrl: "https://hub.example/spaces/owner/name",
      upstream: { kind: "space", id: "owner/name" },
      service: { label: "owner/name" },
    });
  });

  it.each(["https://ada:pw@", "https://ada:pw@huggingface.co/owner/name"])(
    "%s keeps its password",
    (source) => {
      expect(() => read(source)).toThrow(/^(?!.*pw@)/);
    },
  );

  it("that is another page of the Hub says which", () => {
    expect(() => read("https://huggingface.co/owner/name")).toThrow(
      `If it is a model, call it with InferenceNode("owner/name").`,
    );
    expect(() => parseSource("http://hub.test/docs", { HF_ENDPOINT: "http://hub.test" })).toThrow(
      "is a page of Hugging Face, but not of a Space",
    );
  });
});

describe("the API's folder", () => {
  it.each([
    ["", ""],
    ["/gradio_api", "gradio_api/"],
    ["/a/b/", "a/b/"],
  ])("%j is %j", (prefix, expected) => {
    expect(checkedPrefix(prefix, "x")).toBe(expected);
  });

  it.each([
    "@evil.example/x",
    "/../x",
    "/a/../b",
    "//evil.example",
    "http://evil.example",
    "/a?b",
    "/a#b",
    "/a\\b",
    "/%2e%2e/x",
  ])("%j is refused", (prefix) => {
    const path = (() => {
      try {
        return checkedPrefix(prefix, "x");
      } catch {
        return undefined;
      }
    })();
    // What is not refused is at least still a path on the same host.
    if (path !== undefined) expect(new URL(`https://app.example/${path}`).origin).toBe("https://app.example");
    else expect(path).toBeUndefined();
  });
});

describe("an address that an app names", () => {
  const app = new URL("https://93.184.216.34");
  it.each([
    "http://127.0.0.1/x",
    "http://10.1.2.3",
    "http://169.254.169.254/latest",
    "http://[::1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://192.168.1.1",
    "http://localhost",
  ])("%s is not fetched for an app outside", async (url) => {
    await expect(assertPublic(new URL(url), app)).rejects.toMatchObject({ code: "GRADIO_PROTOCOL" });
    await assertPublic(new URL(url), new URL("http://127.0.0.1:7860"));
  });

  it("outside may be fetched", async () => {
    await assertPublic(new URL("https://8.8.8.8/x"), app);
  });
});
