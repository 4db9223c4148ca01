import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startPython } from "../support/python.ts";
import type { Account } from "./accounts.ts";
import { HubStub } from "./hub-stub.ts";
import { askPython } from "./python-client.ts";

/** The stub is right when the official Python client finds nothing odd in it. */
let hub: HubStub;
let ada: Account;

beforeEach(async () => {
  hub = await HubStub.start();
  ada = hub.accounts.add("ada", { organizations: ["lab"] });
});
afterEach(() => hub[Symbol.asyncDispose]());

const folder = () => mkdtempSync(join(tmpdir(), "daggr-hub-"));

describe("huggingface_hub", () => {
  it("is told who it is", async () => {
    const told = await askPython(hub, "account", { token: ada.token("read") });
    expect(told).toMatchObject({ name: "ada", orgs: ["lab"], auth: { accessToken: { role: "read" } } });
    const limits = { permissions: ["repo.write"], repositories: ["ada/echo"] };
    const fine = await askPython(hub, "account", { token: ada.token("fineGrained", limits) });
    expect(fine.auth.accessToken.fineGrained.scoped).toEqual([
      { entity: { _id: "ada/echo", type: "space", name: "ada/echo" }, permissions: ["repo.write"] },
    ]);
  });

  it("makes a Space, commits to it, runs it, and downloads one of its revisions", async () => {
    const token = ada.token("write");
    const space = "lab/echo";
    const files = {
      "README.md": "---\ntitle: Echo\nsdk: gradio\nsdk_version: 6.31.0\n---\nHello",
      "app.py": "print(1)\n",
      "lib/tools.py": "x = 1\n",
    };
    const told = await askPython(hub, "work", { token, space, files, copy: "ada/echo-copy" });
    const repository = hub.repositories.get("space", space);
    expect(told).toMatchObject({
      again: ["HfHubHTTPError", 409],
      stale: ["HfHubHTTPError", 412],
      secrets: { SECOND: "more" },
      variables: { MODE: "fast", DEPTH: "3" },
      stages: ["BUILDING", "APP_STARTING", "RUNNING"],
      sleep: 900,
      requested: "a10g-small",
      paused: "PAUSED",
      sha: repository.head.oid,
      sdk: "gradio",
      card: { title: "Echo", sdk_version: "6.31.0" },
      private: true,
      tree: ["README.md", "app.py"],
      paths: ["app.py"],
      build: [],
      found: [space, "ada/echo-copy"],
      copy: "ada/echo-copy",
      copied: ["README.md", "app.py"],
    });
    expect(told.commits.slice(0, 2)).toEqual([
      [told.second, "Second", ["ada"]],
      [told.first, "First", ["ada"]],
    ]);
    expect(repository.space!.secrets.get("SECOND")?.value).toBe("secret-2");
    expect(repository.space!.restarts).toEqual([{ factory: true }]);

    const then = await askPython(hub, "snapshot", { token, space, revision: told.first, folder: folder() });
    expect(then).toEqual(files);
    const now = await askPython(hub, "snapshot", { token, space, revision: "main", folder: folder() });
    expect(now).toEqual({ "README.md": files["README.md"], "app.py": "print(2)\n" });
    expect(hub.seen.every(({ authorization }) => authorization === `Bearer ${token}`)).toBe(true);
  });

  it("hands over large files apart, and resumes a download that broke off", async () => {
    hub.faults.add({ path: /\/resolve\//, method: "GET", cutAfter: 10_600_000, times: 1 });
    const token = ada.token("write");
    const input = { token, model: "ada/model", bytes: 11_000_000, folder: folder() };
    expect(await askPython(hub, "large", input)).toBe(true);
    const ranges = hub.requests(/\/resolve\//).map(({ headers }) => headers.range);
    expect(ranges).toContain("bytes=10485760-");
  });

  it("is refused as at the Hub", async () => {
    hub.repositories.add("space", "ada/private", { private: true });
    hub.repositories.add("model", "ada/gated", { gated: "manual", files: { "README.md": "" } });
    hub.repositories.add("model", "ada/public");
    hub.repositories.add("model", "ada/limited");
    hub.faults.rateLimit("/api/models/ada/limited", 1, 1);
    const refusals = await askPython(hub, "refusals", {
      other: hub.accounts.add("lin").token("write"),
      read: ada.token("read"),
      expired: ada.token("write", { expired: true }),
      owner: "ada",
      private: "ada/private",
      gated: "ada/gated",
      public: "ada/public",
      limited: "ada/limited",
    });
    expect(refusals).toEqual({
      "private, nobody": ["RepositoryNotFoundError", 401],
      "private, another": ["RepositoryNotFoundError", 404],
      "gated info": null,
      "gated file": ["GatedRepoError", 401],
      "gated file, another": ["GatedRepoError", 403],
      revision: ["RevisionNotFoundError", 404],
      write: ["HfHubHTTPError", 403],
      "read token": ["HfHubHTTPError", 403],
      expired: ["HfHubHTTPError", 401],
      limited: ["HfHubHTTPError", 429],
    });
  });

  it("learns what a model does and who serves it", async () => {
    const model = hub.repositories.add("model", "meta/llama", {
      pipelineTag: "text-generation",
      files: { "README.md": "---\nlicense: mit\n---\n" },
      inferenceProviderMapping: {
        groq: { status: "live", providerId: "llama-3", task: "conversational" },
      },
    });
    hub.repositories.add("model", "meta/llama-small");
    expect(await askPython(hub, "model", { model: "meta/llama" })).toEqual({
      task: "text-generation",
      sha: model.head.oid,
      license: "mit",
      providers: [["groq", "live", "llama-3"]],
      found: ["meta/llama"],
    });
  });

  it("lets gradio_client and daggr for Python find, compare and copy a Space", async () => {
    await using app = await startPython(join(import.meta.dirname, "../upstream/app.py"), ["old"]);
    const token = ada.token("write");
    const space = hub.repositories.add("space", "lab/draw", {
      host: app.url,
      private: true,
      files: { "README.md": "---\nsdk: gradio\n---\n", "app.py": "print(1)" },
    });
    expect(await askPython(hub, "gradio", { token, space: "lab/draw", text: "cat" })).toBe("CAT");
    const first = space.head.oid;
    const now = space.commit({ "app.py": "print(2)" });
    const told = await askPython(hub, "daggr_py", { token, space: "lab/draw", revision: first, name: "ada" });
    expect(told.said).toContain(`cached:  ${first.slice(0, 12)}`);
    expect(told.said).toContain(`current: ${now.slice(0, 12)}`);
    expect(told.copy).toBe("ada/draw");
    expect(hub.repositories.get("space", "ada/draw").head.files.get("app.py")?.toString()).toBe("print(1)");
  });

  it("logs in by device code, and renews it", async () => {
    hub.oauth.client("device", { scopes: ["openid", "read-repos"] });
    hub.oauth.device.intervalSeconds = 0.1;
    const told = await askPython(hub, "login", {}, (line) => {
      if ("user_code" in line) setTimeout(() => hub.oauth.approve(ada, line.user_code), 250);
    });
    expect(told).toEqual({ name: "ada", spent: expect.stringContaining("invalid_grant") });
    const denied = await askPython(hub, "login", {}, (line) => {
      if ("user_code" in line) hub.oauth.deny(line.user_code);
    });
    expect(denied.error).toContain("denied");
    hub.oauth.device.expiresInSeconds = 0.05;
    const late = await askPython(hub, "login", {});
    expect(late.error).toContain("expired");
  });
});
