import { expect, test } from "vitest";
import type { GraphDefinition } from "../graph/definition.ts";
import type { RunMode } from "../protocol/plan.ts";
import { runOnSheet } from "../run/testing.ts";
import { makePlan } from "./make-plan.ts";
import { sheetStatus } from "./sheet-status.ts";
import { numberField, type TestNode, TestSheet, testGraph, textField } from "./testing.ts";

const chain: Record<string, TestNode> = {
  a: { inputs: { prompt: textField({ value: "x" }) } },
  b: { inputs: { text: "a.out" } },
  c: { inputs: { text: "b.out" } },
  side: { inputs: { number: numberField({ value: 1 }) } },
};

async function plan(
  graph: GraphDefinition,
  sheet: TestSheet,
  mode: RunMode,
  targets: string[] = [],
): Promise<string[]> {
  const { entries } = makePlan(graph, await sheet.snapshot(graph), mode, targets);
  return entries.map(
    ({ node, action, reason, by }) => `${node} ${action}: ${reason}${by === undefined ? "" : ` (${by})`}`,
  );
}

async function ranSheet(graph: GraphDefinition): Promise<TestSheet> {
  const sheet = new TestSheet();
  await runOnSheet(graph, sheet);
  return sheet;
}

test("what never ran is run", async () => {
  expect(await plan(testGraph(chain), new TestSheet(), "stale")).toEqual([
    "a run: never ran",
    "b run: never ran",
    "c run: never ran",
    "side run: never ran",
  ]);
});

test("a changed field runs its node; what is downstream waits for the new value", async () => {
  const graph = testGraph(chain);
  const sheet = await ranSheet(graph);
  sheet.fields.a__prompt = "y";
  expect(await plan(graph, sheet, "stale")).toEqual([
    "a run: prompt changed",
    "b wait: depends on a",
    "c wait: depends on b",
    "side reuse: nothing changed",
  ]);
});

test("step runs the node always and takes the others as they are", async () => {
  const graph = testGraph(chain);
  const sheet = await ranSheet(graph);
  sheet.fields.a__prompt = "y";
  expect(await plan(graph, sheet, "step", ["b"])).toEqual(["a reuse: taken as it is", "b run: asked for"]);
});

test("a step whose input has no result is blocked by the node that it needs", async () => {
  expect(await plan(testGraph(chain), new TestSheet(), "step", ["b"])).toEqual(["b blocked: needs a (a)"]);
});

test("to runs stale ancestors, then the node", async () => {
  const graph = testGraph(chain);
  const sheet = await ranSheet(graph);
  expect(await plan(graph, sheet, "to", ["b"])).toEqual(["a reuse: nothing changed", "b run: asked for"]);
  sheet.fields.a__prompt = "y";
  expect(await plan(graph, sheet, "to", ["b"])).toEqual(["a run: prompt changed", "b run: asked for"]);
});

test("from runs the node, then what becomes stale downstream", async () => {
  const graph = testGraph(chain);
  const sheet = await ranSheet(graph);
  expect(await plan(graph, sheet, "from", ["b"])).toEqual([
    "a reuse: taken as it is",
    "b run: asked for",
    "c wait: depends on b",
  ]);
});

test("all runs everything, or what the targets need", async () => {
  const graph = testGraph(chain);
  const sheet = await ranSheet(graph);
  expect(await plan(graph, sheet, "all", ["b"])).toEqual(["a run: asked for", "b run: asked for"]);
  expect(await plan(graph, sheet, "all")).toHaveLength(4);
});

test("a run that goes on reuses what it has finished itself", async () => {
  const graph = testGraph(chain);
  const sheet = new TestSheet();
  await runOnSheet(graph, sheet, { mode: "to", targets: ["a"], runId: "interrupted" });
  const { entries } = makePlan(graph, await sheet.snapshot(graph), "all", [], "interrupted");
  expect(entries.map(({ node, action }) => `${node} ${action}`)).toEqual([
    "a reuse",
    "b run",
    "c run",
    "side run",
  ]);
});

test("an unknown target names the nearest node", () => {
  const graph = testGraph(chain);
  return expect(plan(graph, new TestSheet(), "to", ["sid"])).rejects.toThrow(
    "Node 'sid' not found. Did you mean 'side'?",
  );
});

test("a mode that needs a target says so", () => {
  return expect(plan(testGraph(chain), new TestSheet(), "from")).rejects.toMatchObject({ code: "NO_TARGET" });
});

test("a changed definition is the reason, in the node's own words", async () => {
  const sheet = await ranSheet(testGraph(chain));
  const changed = testGraph({ ...chain, side: { ...chain.side, version: 2 } });
  expect((await plan(changed, sheet, "stale"))[3]).toBe("side run: its definition changed");
  const side = changed.nodes.get("side");
  if (side === undefined) throw new Error("no side");
  const worded = { ...side, behaviour: { ...side.behaviour, identityChange: "the Space has a new commit" } };
  const nodes = new Map(changed.nodes).set("side", worded);
  expect((await plan({ ...changed, nodes }, sheet, "stale"))[3]).toBe("side run: the Space has a new commit");
});

test("another variant is the reason, and only what it reads counts", async () => {
  const graph = testGraph({
    a: { inputs: { x: textField({ value: "1" }) } },
    b: { inputs: { x: textField({ value: "2" }) } },
    choice: { variants: { one: { inputs: { x: "a.out" } }, two: { inputs: { x: "b.out" } } } },
  });
  const sheet = await ranSheet(graph);
  sheet.fields.b__x = "3";
  expect(await plan(graph, sheet, "to", ["choice"])).toEqual([
    "a reuse: nothing changed",
    "choice run: asked for",
  ]);
  sheet.variants.choice = 1;
  expect(await plan(graph, sheet, "stale")).toEqual([
    "a reuse: nothing changed",
    "b run: x changed",
    "choice run: another variant was chosen",
  ]);
});

test("changed items are counted", async () => {
  const graph = testGraph({
    list: { inputs: { text: textField({ value: "a,b,c" }) }, invoke: ({ text }) => text.split(",") },
    each: { inputs: { letter: "list.out.each", voice: textField({ value: "low" }) } },
  });
  const sheet = await ranSheet(graph);
  const reason = async (text: string) => {
    sheet.fields.list__text = text;
    await runOnSheet(graph, sheet, { mode: "step", targets: ["list"] });
    return (await plan(graph, sheet, "stale"))[1];
  };
  expect(await reason("a,x,y")).toBe("each run: 2 of 3 items changed");
  expect(await reason("a,b,c,d")).toBe("each run: 1 of 4 items changed");
  expect(await reason("a,b")).toBe("each run: 1 of 3 items removed");
  expect(await reason("c,b,a")).toBe("each run: the order of the items changed");
  sheet.fields.each__voice = "high";
  expect(await reason("a,b,c")).toBe("each run: voice changed");
});

test("several changed inputs are named, many are counted", async () => {
  const field = () => textField({ value: "x" });
  const graph = testGraph({ a: { inputs: { p: field(), q: field(), r: field(), s: field() } } });
  const sheet = await ranSheet(graph);
  sheet.fields = { a__p: "1", a__q: "1" };
  expect(await plan(graph, sheet, "stale")).toEqual(["a run: p and q changed"]);
  sheet.fields = { a__p: "1", a__q: "1", a__r: "1", a__s: "1" };
  expect(await plan(graph, sheet, "stale")).toEqual(["a run: p, q and 2 more changed"]);
});

test("an edited result is fresh as long as its inputs are the same", async () => {
  const graph = testGraph(chain);
  const sheet = await ranSheet(graph);
  const result = sheet.selected.get("a");
  if (result === undefined) throw new Error("no result");
  sheet.selected.set("a", { ...result, id: "edited", outputs: { out: "by hand" }, edited: true });
  expect(await plan(graph, sheet, "stale")).toEqual([
    "a reuse: nothing changed",
    "b run: text changed",
    "c wait: depends on b",
    "side reuse: nothing changed",
  ]);
  const run = await runOnSheet(graph, sheet);
  expect(run.end.outputs.b).toEqual({ out: "b(by hand)" });
});

test("a list taken whole is another input than the same list taken item by item", async () => {
  const list: TestNode = { invoke: () => [1, 2] };
  const sheet = await ranSheet(testGraph({ list, node: { inputs: { x: "list.out" } } }));
  expect(
    (await plan(testGraph({ list, node: { inputs: { x: "list.out.each" } } }), sheet, "stale"))[1],
  ).toContain("run");
});

test("an item list that is none blocks its node, with the reason", async () => {
  const graph = testGraph({
    list: { inputs: { x: textField({ value: "" }) } },
    each: { inputs: { x: "list.out.each" } },
  });
  const sheet = await ranSheet(graph);
  expect((await plan(graph, sheet, "stale"))[1]).toMatch(
    /^each blocked: Input 'x' of node 'each' takes each item of 'list.out', which should be a list/,
  );
});

test("a card shows whether it never ran, is fresh or is stale, and why", async () => {
  const graph = testGraph({ ...chain, input: { fields: { n: numberField() } } });
  const sheet = await ranSheet(graph);
  sheet.fields.a__prompt = "y";
  sheet.selected.delete("side");
  const status = sheetStatus(graph, await sheet.snapshot(graph));
  expect(Object.fromEntries(status)).toEqual({
    a: { status: "stale", reason: "prompt changed" },
    b: { status: "stale", reason: "depends on a" },
    c: { status: "stale", reason: "depends on b" },
    side: { status: "idle", reason: "never ran" },
  });
});
