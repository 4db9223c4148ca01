import { expect, test } from "vitest";
import { numberField, TestSheet, testGraph, textField } from "../plan/testing.ts";
import { runOnSheet } from "./testing.ts";

test("a chain runs in order and gives every node's outputs", async () => {
  const graph = testGraph({ a: { inputs: { text: { fixed: "x" } } }, b: { inputs: { text: "a.out" } } });
  const run = await runOnSheet(graph);
  expect(run.end).toMatchObject({ type: "run-done", outputs: { a: { out: "a(x)" }, b: { out: "b(a(x))" } } });
  expect(run.executed).toEqual(["a", "b"]);
});

test("a second run executes nothing, and a changed field only what depends on it", async () => {
  const graph = testGraph({
    a: { inputs: { text: textField({ value: "x" }) } },
    b: { inputs: { text: "a.out" } },
    c: { inputs: { text: { fixed: 1 } } },
  });
  const sheet = new TestSheet();
  await runOnSheet(graph, sheet);
  const again = await runOnSheet(graph, sheet);
  expect(again.executed).toEqual([]);
  expect([...again.reused].sort()).toEqual(["a", "b", "c"]);
  sheet.fields.a__text = "y";
  const changed = await runOnSheet(graph, sheet);
  expect(changed.executed).toEqual(["a", "b"]);
  expect(changed.of("node-started", "a")[0]?.reason).toBe("text changed");
});

test("what is downstream of an equal value is not run again", async () => {
  const graph = testGraph({
    a: { inputs: { number: numberField({ value: 1 }) }, invoke: ({ number }) => number % 2 },
    b: { inputs: { parity: "a.out" } },
  });
  const sheet = new TestSheet();
  await runOnSheet(graph, sheet);
  sheet.fields.a__number = 3;
  const run = await runOnSheet(graph, sheet);
  expect(run.executed).toEqual(["a"]);
  expect(run.reused).toEqual(["b"]);
});

test("a node runs once per item, and only changed items run again", async () => {
  const calls: string[] = [];
  const graph = testGraph({
    list: { inputs: { text: textField({ value: "a,b,c" }) }, invoke: ({ text }) => text.split(",") },
    each: {
      inputs: { letter: "list.out.each" },
      invoke: ({ letter }) => calls.push(letter) && letter.toUpperCase(),
    },
    all: { inputs: { letters: "each.out.all" }, invoke: ({ letters }) => letters.join("") },
  });
  const sheet = new TestSheet();
  expect((await runOnSheet(graph, sheet)).end).toMatchObject({
    type: "run-done",
    outputs: { all: { out: "ABC" } },
  });
  sheet.fields.list__text = "a,x,c,d";
  calls.length = 0;
  const run = await runOnSheet(graph, sheet);
  expect(run.end).toMatchObject({ outputs: { all: { out: "AXCD" } } });
  expect(calls.sort()).toEqual(["d", "x"]);
});

test("a failed node blocks what needs it and nothing else", async () => {
  const graph = testGraph({
    a: {
      invoke: () => {
        throw new TypeError("boom");
      },
    },
    b: { inputs: { x: "a.out" } },
    c: { inputs: { x: "b.out" } },
    d: { inputs: { x: { fixed: 1 } } },
  });
  const run = await runOnSheet(graph);
  expect(run.of("node-blocked").map(({ node, by }) => [node, by])).toEqual([
    ["b", "a"],
    ["c", "a"],
  ]);
  expect(run.end).toMatchObject({
    type: "run-failed",
    outputs: { d: { out: "d(1)" } },
    errors: [{ node: "a", error: { code: "NODE_FAILED", message: "boom" } }],
  });
});

test("cancelling reaches the step and ends the run", async () => {
  const controller = new AbortController();
  let reached = false;
  const graph = testGraph({
    a: {
      invoke: (_, { signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener("abort", () => {
            reached = true;
            reject(signal.reason);
          }),
        ),
    },
    b: { inputs: { x: "a.out" } },
  });
  setTimeout(() => controller.abort(), 20);
  const run = await runOnSheet(graph, undefined, { signal: controller.signal });
  expect(reached).toBe(true);
  expect(run.events.map((event) => event.type)).toEqual([
    "run-started",
    "node-started",
    "node-cancelled",
    "run-cancelled",
  ]);
});
