import { expect, test } from "vitest";
import { rememberSecret } from "../base/redact.ts";
import { type Invoker, StepError } from "../graph/step.ts";
import { TestSheet, testGraph, textField } from "../plan/testing.ts";
import { Limits } from "./limits.ts";
import { runGraph } from "./run-graph.ts";
import { runOnSheet } from "./testing.ts";

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

test("an error that a retry can mend is retried with a doubling delay, and each attempt is told", async () => {
  let calls = 0;
  const works: string[] = [];
  const graph = testGraph({
    a: {
      policy: { retries: 3, retryDelayMs: 2 },
      invoke: (_, { request }) => {
        works.push(request.workId);
        if (++calls < 3) throw new Error("not yet");
        return calls;
      },
    },
  });
  const run = await runOnSheet(graph);
  expect(run.of("node-failed").map((event) => event.willRetryInMs)).toEqual([2, 4]);
  expect(run.of("node-started").map((event) => event.attempt)).toEqual([1, 2, 3]);
  expect(new Set(works).size).toBe(1);
  expect(run.end).toMatchObject({ type: "run-done", outputs: { a: { out: 3 } } });
});

test("an error that no retry can mend is not retried", async () => {
  const graph = testGraph({
    a: {
      policy: { retries: 3 },
      invoke: () => {
        throw new StepError({ code: "UNKNOWN_ENDPOINT", message: "no such endpoint" }, false);
      },
    },
  });
  const run = await runOnSheet(graph);
  expect(run.of("node-failed")).toHaveLength(1);
  expect(run.end).toMatchObject({
    type: "run-failed",
    errors: [{ node: "a", error: { code: "UNKNOWN_ENDPOINT" } }],
  });
});

test("a step that takes too long is told so, even if it ignores its signal", async () => {
  let reason: unknown;
  const graph = testGraph({
    a: {
      policy: { timeoutMs: 20 },
      invoke: (_, { signal }) => {
        signal.addEventListener("abort", () => {
          reason = signal.reason;
        });
        return new Promise(() => {});
      },
    },
  });
  const run = await runOnSheet(graph);
  expect(run.of("node-failed")[0]?.error).toMatchObject({
    code: "TIMEOUT",
    message: "Node 'a' took longer than 20 ms.",
  });
  expect(reason).toBeInstanceOf(StepError);
});

test("a function input is called anew each time, and what it drew stays with the result", async () => {
  let seed = 0;
  const graph = testGraph({ a: { inputs: { seed: () => ++seed }, invoke: ({ seed: drawn }) => drawn } });
  const sheet = new TestSheet();
  await runOnSheet(graph, sheet);
  expect((await runOnSheet(graph, sheet)).executed).toEqual([]);
  const anew = await runOnSheet(graph, sheet, { mode: "step", targets: ["a"] });
  expect(anew.end).toMatchObject({ outputs: { a: { out: 2 } } });
  expect(sheet.selected.get("a")).toMatchObject({ drawn: { seed: 2 }, inputs: { seed: 2 } });
});

test("every item draws its own value", async () => {
  let seed = 0;
  const graph = testGraph({
    list: { invoke: () => ["x", "y"] },
    each: {
      inputs: { item: "list.out.each", seed: () => ++seed },
      invoke: ({ item, seed: drawn }) => `${item}${drawn}`,
    },
  });
  const sheet = new TestSheet();
  const run = await runOnSheet(graph, sheet);
  expect(run.end.outputs.each).toEqual({ out: ["x1", "y2"] });
  expect((await runOnSheet(graph, sheet)).executed).toEqual([]);
});

test("a function input that fails is named", async () => {
  const graph = testGraph({
    a: {
      inputs: {
        seed: () => {
          throw new Error("no luck");
        },
      },
    },
  });
  const run = await runOnSheet(graph);
  expect(run.of("node-failed")[0]?.error).toMatchObject({
    message: "The function of input 'seed' of node 'a' failed: no luck",
    port: "seed",
  });
});

test("the function of an input is held to the node's time too", async () => {
  const graph = testGraph({
    a: { inputs: { seed: () => new Promise(() => {}) }, policy: { timeoutMs: 20, retries: 2 } },
  });
  const run = await runOnSheet(graph);
  expect(run.of("node-failed")).toMatchObject([
    { error: { code: "TIMEOUT", port: "seed", message: expect.stringContaining("longer than 20 ms") } },
  ]);
});

const letters = {
  list: {
    inputs: { text: textField({ value: "a,b,c" }) },
    invoke: ({ text }: Record<string, string>) => text?.split(","),
  },
};

test("a failed item fails its node and not its siblings, and only it runs again", async () => {
  let broken = true;
  const calls: string[] = [];
  const graph = testGraph({
    ...letters,
    each: {
      inputs: { letter: "list.out.each" },
      invoke: ({ letter }) => {
        calls.push(letter);
        if (letter === "b" && broken) throw new Error("no b");
        return letter;
      },
    },
    all: { inputs: { letters: "each.out.all" } },
  });
  const sheet = new TestSheet();
  const run = await runOnSheet(graph, sheet);
  expect(run.of("node-failed", "each").at(-1)?.error.message).toBe("Item 2 of 3 failed: no b");
  expect(run.end).toMatchObject({ type: "run-failed", errors: [{ node: "each", item: 1 }] });
  expect(run.of("node-blocked")).toMatchObject([{ node: "all", by: "each", reason: "each failed" }]);
  broken = false;
  calls.length = 0;
  expect((await runOnSheet(graph, sheet)).end.type).toBe("run-done");
  expect(calls).toEqual(["b"]);
});

test("skipped items leave the others in step with every list they are paired with", async () => {
  const odd = (fails: string) => ({
    inputs: { letter: "list.out.each" },
    policy: { onItemError: "skip" as const },
    invoke: ({ letter }: Readonly<Record<string, string>>) => {
      if (letter === fails) throw new Error("left out");
      return `${letter}${letter}`;
    },
  });
  const graph = testGraph({
    ...letters,
    one: odd("a"),
    two: odd("c"),
    pair: {
      inputs: { one: "one.out.item", two: "two.out.item", letter: "list.out.each" },
      invoke: ({ one, two, letter }) => `${letter}:${one}:${two}`,
    },
    all: { inputs: { pairs: "pair.out.all" }, invoke: ({ pairs }) => pairs },
  });
  const run = await runOnSheet(graph);
  expect(run.end).toMatchObject({
    type: "run-done",
    outputs: { one: { out: ["bb", "cc"] }, two: { out: ["aa", "bb"] }, all: { out: ["b:bb:bb"] } },
  });
});

test("one item can be run again while the others are kept", async () => {
  let version = 1;
  const graph = testGraph({
    ...letters,
    each: { inputs: { letter: "list.out.each" }, invoke: ({ letter }) => `${letter}${version}` },
  });
  const sheet = new TestSheet();
  await runOnSheet(graph, sheet);
  version = 2;
  const run = await runOnSheet(graph, sheet, { mode: "step", targets: ["each"], item: 1 });
  expect(run.end.outputs.each).toEqual({ out: ["a1", "b2", "c1"] });
  expect(run.of("node-started", "each")[0]?.items).toEqual({ total: 3, reused: 2 });
  expect((await runOnSheet(graph, sheet)).executed).toEqual([]);
});

test("an item that is run again does not make stale siblings look fresh", async () => {
  const graph = testGraph({ ...letters, each: { inputs: { letter: "list.out.each" } } });
  const sheet = new TestSheet();
  await runOnSheet(graph, sheet);
  sheet.fields.list__text = "x,y,c";
  await runOnSheet(graph, sheet, { mode: "step", targets: ["list"] });
  const one = await runOnSheet(graph, sheet, { mode: "step", targets: ["each"], item: 0 });
  expect(one.end.outputs.each).toEqual({ out: ["each(x)", "each(b)", "each(c)"] });
  const rest = await runOnSheet(graph, sheet);
  expect(rest.of("node-started", "each")[0]).toMatchObject({
    reason: "1 of 3 items changed",
    items: { total: 3, reused: 2 },
  });
  expect(rest.end.outputs.each).toEqual({ out: ["each(x)", "each(y)", "each(c)"] });
});

test("an empty list gives an empty gather", async () => {
  const graph = testGraph({
    list: { invoke: () => [] },
    each: { inputs: { x: "list.out.each" } },
    all: { inputs: { xs: "each.out.all" }, invoke: ({ xs }) => xs.length },
  });
  expect((await runOnSheet(graph)).end).toMatchObject({
    type: "run-done",
    outputs: { each: { out: [] }, all: { out: 0 } },
  });
});

test.each([[null], ["abc"], [{ a: 1 }], [undefined]])(
  "each of %j, which is no list, is an error that names node and port",
  async (value) => {
    const graph = testGraph({ list: { invoke: () => value }, each: { inputs: { x: "list.out.each" } } });
    const run = await runOnSheet(graph);
    expect(run.of("node-failed", "each")[0]?.error).toMatchObject({
      code: "NOT_A_LIST",
      node: "each",
      port: "x",
      message: expect.stringContaining("'list.out'"),
    });
  },
);

test("lists of different lengths are an error that names both inputs", async () => {
  const graph = testGraph({
    one: { invoke: () => [1, 2] },
    two: { invoke: () => [1, 2, 3] },
    each: { inputs: { x: "one.out.each", y: "two.out.each" } },
  });
  const [failed] = (await runOnSheet(graph)).of("node-failed", "each");
  expect(failed?.error.message).toContain("'x' and 'y', but the first has 2 items and the second 3 items");
});

test("functions of one session run one at a time; another session is not held up", async () => {
  let active = 0;
  let most = 0;
  const node = {
    concurrency: { type: "session" as const },
    invoke: async () => {
      most = Math.max(most, ++active);
      await wait(5);
      active--;
      return 1;
    },
  };
  const graph = testGraph({ a: node, b: node, c: node });
  const limits = new Limits();
  const run = await runOnSheet(graph, undefined, { limits, sessionKey: "one" });
  expect(most).toBe(1);
  expect(run.of("node-queued")[0]?.waitsFor).toBe("other functions");
  await Promise.all(["one", "two"].map((sessionKey) => runOnSheet(graph, undefined, { limits, sessionKey })));
  expect(most).toBe(2);
});

test("a group's limit holds across runs, and for items", async () => {
  let active = 0;
  let most = 0;
  const graph = testGraph({
    list: { invoke: () => [1, 2, 3, 4, 5, 6] },
    each: {
      inputs: { x: "list.out.each" },
      concurrency: { type: "group", name: "gpu", max: 3 },
      invoke: async () => {
        most = Math.max(most, ++active);
        await wait(2);
        active--;
        return 1;
      },
    },
  });
  const limits = new Limits();
  await Promise.all([runOnSheet(graph, undefined, { limits }), runOnSheet(graph, undefined, { limits })]);
  expect(most).toBe(3);
});

test("a step starts the moment its inputs are there", async () => {
  const graph = testGraph({
    slow: { invoke: () => wait(60) },
    fast: { invoke: () => wait(1) },
    afterFast: { inputs: { x: "fast.out" } },
  });
  const run = await runOnSheet(graph);
  const order = run.of("node-done").map((event) => event.node);
  expect(order).toEqual(["fast", "afterFast", "slow"]);
});

test("partial outputs are thinned out, and the last one is never lost", async () => {
  const graph = testGraph({
    a: {
      invoke: async (_, { update }) => {
        for (let count = 0; count < 5000; count++) {
          update({ type: "partial", outputs: { out: count } });
          update({ type: "progress", value: count / 5000 });
          if (count % 100 === 0) await wait(1);
        }
        return "end";
      },
    },
  });
  const run = await runOnSheet(graph);
  const partials = run.of("node-partial");
  expect(partials.at(-1)?.outputs).toEqual({ out: 4999 });
  expect(partials.length).toBeLessThan(30);
  expect(run.of("node-progress").at(-1)?.value).toBe(4999 / 5000);
});

test("a partial output is told as it was, whatever the step does to it later", async () => {
  const graph = testGraph({
    a: {
      invoke: async (_, { update }) => {
        const list = [1];
        update({ type: "partial", outputs: { out: list } });
        list.push(2);
        return list;
      },
    },
  });
  expect((await runOnSheet(graph)).of("node-partial")[0]?.outputs).toEqual({ out: [1] });
});

test("log lines are kept up to a thousand a second, then counted", async () => {
  const lines = (count: number) =>
    testGraph({
      a: {
        invoke: (_, { update }) => {
          for (let line = 0; line < count; line++) update({ type: "log", level: "info", text: `${line}` });
        },
      },
    });
  expect((await runOnSheet(lines(1000))).of("node-log")).toHaveLength(1000);
  const many = (await runOnSheet(lines(1500))).of("node-log");
  expect(many).toHaveLength(1001);
  expect(many.at(-1)?.text).toContain("500 lines left out");
});

test("secrets do not get into errors, logs and progress", async () => {
  rememberSecret("s3cret-value");
  const graph = testGraph({
    a: {
      invoke: (_, { update }) => {
        update({ type: "log", level: "info", text: "using s3cret-value" });
        update({ type: "progress", value: null, text: "with hf_abcdefghijklmnopqrstuvwxyzABCDEF" });
        throw new Error("refused: s3cret-value");
      },
    },
  });
  const told = JSON.stringify((await runOnSheet(graph)).notices);
  expect(told).toContain("refused: ***");
  expect(told).not.toMatch(/s3cret-value|hf_abcdef/);
});

test("cancelling one node blocks what needs it and lets the rest go on", async () => {
  const graph = testGraph({
    a: { invoke: () => new Promise(() => {}) },
    b: { inputs: { x: "a.out" } },
    c: { invoke: () => wait(5) },
    d: { inputs: { x: "c.out" } },
  });
  const run = await runOnSheet(graph, undefined, {
    onNotice: ({ event }, handle) => {
      if (event.type === "node-started" && event.node === "a") expect(handle.cancelNode("a")).toBe(true);
    },
  });
  expect(run.of("node-cancelled")).toMatchObject([{ node: "a" }]);
  expect(run.of("node-blocked")).toMatchObject([{ node: "b", by: "a", reason: "a was cancelled" }]);
  expect(Object.keys(run.end.outputs)).toEqual(["c", "d"]);
  expect(run.end.type).toBe("run-cancelled");
});

test("a cancelled run hands its places on", async () => {
  const graph = testGraph({
    a: { concurrency: { type: "session" }, invoke: () => new Promise(() => {}) },
    b: { concurrency: { type: "session" } },
  });
  const limits = new Limits();
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 10);
  await runOnSheet(graph, undefined, { limits, signal: controller.signal });
  const next = testGraph({ c: { concurrency: { type: "session" } } });
  expect((await runOnSheet(next, undefined, { limits })).end.type).toBe("run-done");
});

test("leaving the run early cancels it", async () => {
  let aborted = false;
  const graph = testGraph({
    a: {
      invoke: (_, { signal }) =>
        new Promise(() =>
          signal.addEventListener("abort", () => {
            aborted = true;
          }),
        ),
    },
  });
  const sheet = new TestSheet();
  const { noFiles } = await import("./testing.ts");
  const { LocalInvoker } = await import("./invoke-local.ts");
  const run = runGraph({
    definition: graph,
    snapshot: await sheet.snapshot(graph),
    mode: "all",
    runId: "left",
    invoker: new LocalInvoker(graph, noFiles),
    limits: new Limits(),
    sessionKey: "left",
  });
  for await (const { event } of run) if (event.type === "node-started") break;
  await wait(5);
  expect(aborted).toBe(true);
});

test("an invoker that throws instead of rejecting fails the node only", async () => {
  const invoker: Invoker = {
    invoke: () => {
      throw new Error("broken invoker");
    },
    close: async () => {},
  };
  const run = await runOnSheet(testGraph({ a: {} }), undefined, { invoker });
  expect(run.end).toMatchObject({ type: "run-failed", errors: [{ error: { message: "broken invoker" } }] });
});

test("a step that holds the event loop is told how long", async () => {
  const graph = testGraph({
    busy: {
      invoke: () => {
        const end = performance.now() + 1300;
        while (performance.now() < end);
        return 1;
      },
    },
    next: { inputs: { x: "busy.out" } },
  });
  const run = await runOnSheet(graph);
  expect(run.of("node-done", "busy")[0]?.busyMs).toBeGreaterThan(1200);
  expect(run.of("node-done", "next")[0]?.busyMs).toBeUndefined();
});

test("what a function does to its inputs reaches nobody else", async () => {
  const graph = testGraph({
    list: { invoke: () => [3, 1, 2] },
    sorts: { inputs: { xs: "list.out" }, invoke: ({ xs }) => xs.sort() },
    reads: { inputs: { xs: "list.out", after: "sorts.out" }, invoke: ({ xs }) => xs },
  });
  expect((await runOnSheet(graph)).end.outputs.reads).toEqual({ out: [3, 1, 2] });
});

test("an error of a user's function names its line", async () => {
  const graph = testGraph({
    a: {
      invoke: () => {
        throw new Error("here");
      },
    },
  });
  expect((await runOnSheet(graph)).of("node-failed")[0]?.error.place).toMatch(/running\.test\.ts:\d+$/);
});

test("a chain of thousands of reused nodes needs no stack", async () => {
  const nodes: Record<string, { inputs: Record<string, string> }> = {};
  for (let index = 0; index < 20_000; index++)
    nodes[`n${index}`] = { inputs: index === 0 ? {} : { x: `n${index - 1}.out` } };
  const graph = testGraph(nodes);
  const sheet = new TestSheet();
  const invoker: Invoker = { invoke: async () => ({ outputs: { out: 1 } }), close: async () => {} };
  expect((await runOnSheet(graph, sheet, { invoker })).end.type).toBe("run-done");
  expect((await runOnSheet(graph, sheet, { invoker })).reused).toHaveLength(20_000);
});
