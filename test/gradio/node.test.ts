import { mkdtempSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { behaviourOf } from "../../src/graph/node.ts";
import { FnNode, GradioNode, Graph, gr, type RunError, type RunEvent } from "../../src/index.ts";
import { HubStub } from "../hub/hub-stub.ts";
import type { PythonServer } from "../support/python.ts";
import { fixture, startApp } from "./support/app.ts";
import { GradioStub } from "./support/gradio-stub.ts";
import { rejection } from "./support/rejection.ts";

let server: PythonServer;
beforeAll(async () => {
  server = await startApp();
});
afterAll(() => server?.close());

const run = (...nodes: unknown[]) =>
  new Graph({ name: "test", nodes: nodes as never, persistKey: false }).run() as Promise<
    Record<string, Record<string, unknown>>
  >;

describe("a GradioNode in a graph", () => {
  it("hands files and values on", async () => {
    const picture = new GradioNode(server.url, {
      name: "picture",
      apiName: "/picture",
      inputs: { width: 9, height: () => 5 },
      outputs: { image: gr.Image() },
    });
    const noted = new GradioNode(server.url, {
      name: "noted",
      apiName: "/describe_file",
      inputs: { file: picture.image },
      outputs: { text: gr.Textbox() },
    });
    const outputs = await run(noted);
    expect(await readFile(outputs["picture"]?.["image"] as string)).toHaveProperty("length");
    expect(outputs["noted"]?.["text"]).toMatch(/^image.png \d+$/);
  });

  it("takes a path of the script, and none that came from a Space", async () => {
    const given = new GradioNode(server.url, {
      name: "given",
      apiName: "/describe_file",
      inputs: { file: fixture("dot.png") },
      outputs: { text: gr.Textbox() },
    });
    expect((await run(given))["given"]).toEqual({ text: "dot.png 86" });
    const hostile = new GradioNode(server.url, {
      name: "hostile",
      apiName: "/text",
      inputs: { value: fixture("dot.png") },
      outputs: { file: gr.File() },
    });
    const reader = new GradioNode(server.url, {
      name: "reader",
      apiName: "/describe_file",
      inputs: { file: hostile.file },
      outputs: { text: gr.Textbox() },
    });
    const error = await rejection<RunError>(run(reader));
    expect(error.message).toContain("expected a file, got the text");
    const hidden = new GradioNode(server.url, {
      name: "hidden",
      apiName: "/text",
      inputs: { value: fixture("dot.png") },
      outputs: { file: gr.File() },
      postprocess: (text) => text,
    });
    const [outputs] = Object.values(await run(hidden));
    expect(outputs?.["file"]).toBe(fixture("dot.png"));
  });

  it("reshapes with its hooks, which see files as paths", async () => {
    const folder = mkdtempSync(join(tmpdir(), "daggr-hook-"));
    const node = new GradioNode(server.url, {
      name: "hooks",
      apiName: "/describe_files",
      inputs: { files: [fixture("dot.png")] },
      outputs: { text: gr.Textbox(), copy: gr.File() },
      preprocess: async ({ files }: { files: string[] }) => {
        const extra = join(folder, "extra.txt");
        await writeFile(extra, "12345");
        return { files: [...files, extra] };
      },
      postprocess: async (text: string) => {
        const copy = join(folder, "copy.txt");
        await writeFile(copy, text);
        return { text: text.toUpperCase(), copy };
      },
    });
    const outputs = (await run(node))["hooks"]!;
    expect(outputs["text"]).toBe("DOT.PNG 86; EXTRA.TXT 5");
    expect(await readFile(outputs["copy"] as string, "utf8")).toBe("dot.png 86; extra.txt 5");
  });

  it("gives the two pictures of a slider to two outputs, or to a hook with two parameters", async () => {
    const inputs = { value: [fixture("dot.png"), fixture("dot.png")] };
    const pair = new GradioNode(server.url, {
      name: "pair",
      apiName: "/image_slider",
      inputs,
      outputs: { original: null, final: gr.Image() },
    });
    const hook = new GradioNode(server.url, {
      name: "hook",
      apiName: "/image_slider",
      inputs,
      outputs: { final: gr.Image() },
      postprocess: (_original, final) => final,
    });
    const outputs = await run(pair, hook);
    expect(outputs["pair"]?.["final"]).toMatch(/dot\.png$/);
    expect(outputs["pair"]?.["original"]).toMatch(/dot\.png$/);
    expect(outputs["hook"]?.["final"]).toMatch(/dot\.png$/);
  });

  it("calls an app's only endpoint unasked, and /predict of many", async () => {
    await using stub = await GradioStub.start();
    const only = new GradioNode(stub.url, {
      name: "only",
      inputs: { text: "x" },
      outputs: { out: gr.Textbox() },
    });
    expect((await run(only))["only"]).toEqual({ out: "echo: x" });
    const none = new GradioNode(server.url, { name: "none", inputs: {}, outputs: { out: gr.Textbox() } });
    expect((await rejection<RunError>(run(none))).message).toContain("API endpoint '/predict' not found in");
  });

  it("tells queue, progress, log and partial results", async () => {
    const node = new GradioNode(server.url, {
      name: "steps",
      apiName: "/count",
      inputs: { steps: 3 },
      outputs: { text: gr.Textbox() },
    });
    const slow = new GradioNode(server.url, {
      name: "slow",
      apiName: "/with_progress",
      inputs: { steps: 2 },
      outputs: { text: gr.Textbox() },
    });
    const logs = new GradioNode(server.url, {
      name: "logs",
      apiName: "/logs",
      inputs: { text: "q" },
      outputs: { text: gr.Textbox() },
    });
    const events: RunEvent[] = [];
    for await (const event of new Graph({
      name: "test",
      nodes: [node, slow, logs],
      persistKey: false,
    }).stream())
      events.push(event as RunEvent);
    const types = (name: string) =>
      events.filter((event) => "node" in event && event.node === name).map(({ type }) => type);
    expect(types("steps")).toContain("node-partial");
    expect(types("slow")).toContain("node-progress");
    expect(events).toContainEqual(
      expect.objectContaining({ type: "node-queued", node: "slow", position: 1 }),
    );
    expect(types("logs").filter((type) => type === "node-log")).toHaveLength(2);
  });

  it("runs items side by side", async () => {
    const numbers = new FnNode(() => [1, 2, 3, 4, 5, 6], {
      name: "numbers",
      inputs: {},
      outputs: { list: gr.JSON<number[]>() },
    });
    const slow = new GradioNode(server.url, {
      name: "slow",
      apiName: "/late_async",
      inputs: { seconds: numbers.list.each },
      outputs: { text: gr.Textbox() },
      preprocess: () => ({ seconds: 0.4 }),
    });
    const start = performance.now();
    expect((await run(slow))["slow"]).toEqual({ text: Array.from({ length: 6 }, () => "late") });
    expect(performance.now() - start).toBeLessThan(1800);
  });
});

describe("before the first run", () => {
  it.each([
    [
      "UNKNOWN_ENDPOINT",
      { apiName: "/txt", inputs: { value: "" }, outputs: { a: null } },
      "Did you mean '/text'?",
    ],
    [
      "UNKNOWN_PARAMETER",
      { apiName: "/defaults", inputs: { choise: "x", choice: "x" }, outputs: { a: null } },
      "'choise' -> 'choice'",
    ],
    [
      "MISSING_PARAMETER",
      { apiName: "/defaults", inputs: {}, outputs: { a: null } },
      "Missing required parameter(s) {'choice'}",
    ],
    [
      "TOO_MANY_OUTPUTS",
      { apiName: "/text", inputs: { value: "" }, outputs: { a: null, b: null } },
      "names 2 outputs (a, b), but endpoint '/text'",
    ],
  ])("%s is told, with the node and its line", async (code, options, words) => {
    const upstream = new FnNode(() => Promise.reject(new Error("must not run")), {
      name: "upstream",
      inputs: {},
      outputs: { a: null },
    });
    const node = new GradioNode(server.url, { name: "wrong", ...options } as never);
    const error = await rejection<RunError>(run(upstream, node));
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
    expect(error.message).toContain("Node 'wrong'");
    expect(error.message).toMatch(/node\.test\.ts:\d+/);
  });

  it("is silent when told so", async () => {
    const node = new GradioNode(server.url, {
      name: "wrong",
      apiName: "/txt",
      inputs: {},
      outputs: { a: null },
      validate: false,
    });
    expect((await rejection<RunError>(run(node))).code).toBe("RUN_FAILED");
  });
});

describe("retries", () => {
  const build = (stub: GradioStub, options: object) =>
    new GradioNode(stub.url, {
      name: "echo",
      apiName: "/echo",
      inputs: { text: "x" },
      outputs: { out: gr.Textbox() },
      retryDelay: 10,
      ...options,
    });

  it("mend transport unasked", async () => {
    await using stub = await GradioStub.start();
    const whole = stub.stream;
    stub.stream = ({ destroy }) => {
      stub.stream = whole;
      destroy();
    };
    expect((await run(build(stub, {})))["echo"]).toEqual({ out: "echo: x" });
    expect(stub.requests("/gradio_api/queue/join")).toHaveLength(2);
  });

  it.each([
    ["not unasked", {}, 1],
    ["when asked", { retries: 2 }, 3],
  ])("of an app's own error happen %s", async (_name, options, calls) => {
    await using stub = await GradioStub.start();
    stub.stream = ({ send }) => send({ msg: "process_completed", success: false, output: { error: "no" } });
    expect((await rejection<RunError>(run(build(stub, options)))).message).toContain("'/echo' of");
    expect(stub.requests("/gradio_api/queue/join")).toHaveLength(calls);
  });

  it("of a hook that throws never happen: the call was made", async () => {
    await using stub = await GradioStub.start();
    const postprocess = () => {
      throw new TypeError("my mistake");
    };
    expect((await rejection<RunError>(run(build(stub, { postprocess })))).message).toContain("my mistake");
    expect(stub.requests("/gradio_api/queue/join")).toHaveLength(1);
  });

  it("of a refused value never happen", async () => {
    await using stub = await GradioStub.start();
    stub.fail("/gradio_api/queue/join", 422, { detail: [{ is_valid: false, message: "no" }] });
    await rejection<RunError>(run(build(stub, { retries: 3 })));
    expect(stub.requests("/gradio_api/queue/join")).toHaveLength(1);
  });
});

describe("stopping", () => {
  it("a cancelled run tells the app, a time-out too", async () => {
    await using stub = await GradioStub.start();
    stub.stream = ({ send }) => send({ msg: "process_starts" });
    const node = (options: object) =>
      new GradioNode(stub.url, {
        name: "echo",
        apiName: "/echo",
        inputs: { text: "x" },
        outputs: { out: gr.Textbox() },
        ...options,
      });
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 300);
    const graph = new Graph({ name: "test", nodes: [node({})], persistKey: false });
    expect((await rejection<RunError>(graph.run({}, { signal: abort.signal }))).code).toBe("CANCELLED");
    expect(stub.requests("/gradio_api/cancel")).toHaveLength(1);
    const late = await rejection<RunError>(run(node({ timeout: 300, retries: 0 })));
    expect(late.message).toContain("took longer than 300 ms");
    expect(stub.requests("/gradio_api/cancel")).toHaveLength(2);
  });
});

describe("a Space", () => {
  it("that sleeps is knocked at before the run, not waited for", async () => {
    await using hub = await HubStub.start();
    await using app = await GradioStub.start();
    hub.repositories.add("space", "ada/asleep", { host: app.url, stage: "SLEEPING" });
    vi.stubEnv("HF_ENDPOINT", hub.url);
    try {
      const node = new GradioNode("ada/asleep", { inputs: { text: "x" }, outputs: { a: null } });
      const problems = await behaviourOf(node as never).check?.(["text"]);
      expect(problems?.map(({ code }) => code)).toEqual(["SPACE_NOT_READY"]);
      expect(app.requests("/")).toHaveLength(1);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe("identity", () => {
  it("is the Space at its commit, with endpoint and hooks", async () => {
    await using hub = await HubStub.start();
    const space = hub.repositories.add("space", "ada/echo", { host: server.url });
    vi.stubEnv("HF_ENDPOINT", hub.url);
    try {
      const make = (options: object = {}) =>
        behaviourOf(
          new GradioNode("ada/echo", {
            apiName: "/text",
            inputs: {},
            outputs: { a: null },
            ...options,
          }) as never,
        );
      expect(await make().identity()).toEqual({
        kind: "gradio",
        source: "ada/echo",
        commit: space.head.oid,
        apiName: "/text",
        hooks: [null, null],
        outputs: ["a"],
      });
      const renamed = await make({ outputs: { b: null, a: null } }).identity();
      expect(renamed, "outputs go by their order").not.toEqual(await make().identity());
      const before = await make().identity();
      space.commit({ "app.py": "" });
      expect(await make().identity()).not.toEqual(before);
      expect(await make({ postprocess: (x: unknown) => x }).identity()).not.toEqual(await make().identity());
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
