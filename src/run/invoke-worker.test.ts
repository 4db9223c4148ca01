import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { GraphDefinition } from "../graph/definition.ts";
import type { StepRequest, StepUpdate } from "../graph/step.ts";
import { testGraph } from "../plan/testing.ts";
import { WorkerInvoker } from "./invoke-worker.ts";
import { noFiles } from "./testing.ts";

const folder = mkdtempSync(join(tmpdir(), "daggr-worker-"));
const script = join(folder, "app.ts");
const at = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
writeFileSync(
  script,
  `import { announceGraph, never } from ${at("../graph/registry.ts")};
import { testGraph } from ${at("../plan/testing.ts")};
let calls: number = 0;
announceGraph({ definition: testGraph({ other: {} }, "another") });
announceGraph({ definition: testGraph({
  square: { invoke: ({ x }, { update }) => { update({ type: "progress", value: 0.5, text: "half" }); return x * x; } },
  count: { invoke: () => ++calls },
  loop: { invoke: () => { for (;;); } },
  polite: { invoke: (_, { signal }) => new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("stopped")))) },
  exit: { invoke: () => process.exit(3) },
  crash: { invoke: () => { setTimeout(() => { throw new Error("far from any promise"); }); return new Promise(() => {}); } },
  fail: { invoke: () => { throw new RangeError("too large"); } },
}) });
// As a script that ends with launch() does.
await never();
`,
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function definition(): GraphDefinition {
  const graph = testGraph({
    square: {},
    count: {},
    loop: {},
    polite: {},
    exit: {},
    crash: {},
    fail: {},
    unknown: {},
  });
  const nodes = new Map(
    [...graph.nodes].map(([name, node]) => [name, { ...node, place: { file: script, line: 1 } }]),
  );
  return { ...graph, nodes };
}

function request(node: string, inputs: Record<string, unknown> = {}): StepRequest {
  return { node, inputs, attempt: 1, workId: node, trusted: [] };
}

const quiet = () => ({ signal: new AbortController().signal, onUpdate: () => {} });

async function withInvoker(use: (invoker: WorkerInvoker) => Promise<void>): Promise<void> {
  const invoker = new WorkerInvoker(definition(), noFiles);
  try {
    await use(invoker);
  } finally {
    await invoker.close();
  }
}

test("a step runs in a thread that has loaded the script, and tells its progress", () =>
  withInvoker(async (invoker) => {
    const updates: StepUpdate[] = [];
    const result = await invoker.invoke(request("square", { x: 7 }), {
      ...quiet(),
      onUpdate: (update) => updates.push(update),
    });
    expect(result).toEqual({ outputs: { out: 49 } });
    expect(updates).toEqual([{ type: "progress", value: 0.5, text: "half" }]);
  }));

test("a thread without work is taken again", () =>
  withInvoker(async (invoker) => {
    expect(await invoker.invoke(request("count"), quiet())).toEqual({ outputs: { out: 1 } });
    expect(await invoker.invoke(request("count"), quiet())).toEqual({ outputs: { out: 2 } });
  }));

test("a busy loop is stopped, and the next step gets a new thread", () =>
  withInvoker(async (invoker) => {
    const controller = new AbortController();
    const looping = invoker.invoke(request("loop"), { ...quiet(), signal: controller.signal });
    await invoker.invoke(request("count"), quiet());
    const began = performance.now();
    controller.abort(new Error("cancelled by test"));
    await expect(looping).rejects.toThrow("cancelled by test");
    expect(performance.now() - began).toBeLessThan(2000);
    expect(await invoker.invoke(request("square", { x: 2 }), quiet())).toEqual({ outputs: { out: 4 } });
  }));

test("a step that heeds its signal keeps its thread", () =>
  withInvoker(async (invoker) => {
    await invoker.invoke(request("count"), quiet());
    const controller = new AbortController();
    const waiting = invoker.invoke(request("polite"), { ...quiet(), signal: controller.signal });
    setTimeout(() => controller.abort(new Error("cancelled by test")), 20);
    await expect(waiting).rejects.toThrow("cancelled by test");
    expect(await invoker.invoke(request("count"), quiet())).toEqual({ outputs: { out: 2 } });
  }));

test.each(["exit", "crash"])("a thread that ends by itself (%s) fails its step and can be retried", (node) =>
  withInvoker(async (invoker) => {
    await expect(invoker.invoke(request(node), quiet())).rejects.toMatchObject({
      data: { code: "WORKER_CRASHED", node },
      retryable: true,
    });
    expect(await invoker.invoke(request("square", { x: 3 }), quiet())).toEqual({ outputs: { out: 9 } });
  }),
);

test("an error of the user's function keeps its message, its line and its stack", () =>
  withInvoker(async (invoker) => {
    const failing = invoker.invoke(request("fail"), quiet());
    await expect(failing).rejects.toMatchObject({
      data: { code: "NODE_FAILED", message: "too large", place: expect.stringMatching(/app\.ts:\d+$/) },
      cause: { stack: expect.stringContaining("RangeError") },
    });
  }));

test("a node that the script does not make is named", () =>
  withInvoker(async (invoker) => {
    await expect(invoker.invoke(request("unknown"), quiet())).rejects.toMatchObject({
      data: { code: "NODE_NOT_FOUND" },
    });
  }));
