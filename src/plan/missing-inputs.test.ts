import { expect, test } from "vitest";
import { runOnSheet } from "../run/testing.ts";
import { makePlan } from "./make-plan.ts";
import { missingInputs } from "./missing-inputs.ts";
import { numberField, type TestNode, TestSheet, testGraph, textField } from "./testing.ts";

const required = [{ name: "count", optional: false }];

async function missing(nodes: Record<string, TestNode>, sheet = new TestSheet()) {
  const graph = testGraph(nodes);
  const snapshot = await sheet.snapshot(graph);
  return missingInputs(graph, snapshot, makePlan(graph, snapshot, "stale"));
}

test("an empty field of a required parameter is named with node, port and label", async () => {
  const problem = await missing({
    a: { inputs: { count: numberField({ label: "How many" }) }, parameters: required },
  });
  expect(problem).toMatchObject({
    code: "MISSING_INPUT",
    node: "a",
    port: "count",
    message: "Node 'a' needs a value for 'count' (How many).",
  });
});

test("with several the others are named too", async () => {
  const node = { inputs: { count: numberField() }, parameters: required };
  expect((await missing({ a: node, b: node, c: node }))?.message).toBe(
    "Node 'a' needs a value for 'count'. Values are missing for 'b', 'c' too.",
  );
});

test("an empty field leaves the value to the parameter's default", async () => {
  const graph: Record<string, TestNode> = {
    a: {
      inputs: { count: numberField() },
      parameters: [{ name: "count", optional: true }],
      invoke: ({ count = 7 }) => count,
    },
  };
  expect(await missing(graph)).toBeUndefined();
  expect((await runOnSheet(testGraph(graph))).end.outputs.a).toEqual({ out: 7 });
});

test("an empty text is a value", async () => {
  const graph: Record<string, TestNode> = { a: { inputs: { count: textField() }, parameters: required } };
  expect(await missing(graph)).toBeUndefined();
  expect((await runOnSheet(testGraph(graph))).end.outputs.a).toEqual({ out: "a()" });
});

test("a field that another node holds counts as well", async () => {
  const nodes: Record<string, TestNode> = {
    input: { fields: { n: numberField({ label: "Number" }) } },
    a: { inputs: { count: "input.n" }, parameters: required },
  };
  expect(await missing(nodes)).toMatchObject({
    node: "a",
    port: "count",
    message: "Node 'a' needs a value for 'count' (Number).",
  });
  const sheet = new TestSheet();
  sheet.fields.input__n = 3;
  expect(await missing(nodes, sheet)).toBeUndefined();
  const run = await runOnSheet(testGraph(nodes), sheet);
  expect(run.end.outputs).toEqual({ input: { n: 3 }, a: { out: "a(3)" } });
  expect(sheet.selected.get("a")?.fields).toEqual({ input__n: 3 });
});

test("a required parameter that nothing is connected to is missing", async () => {
  expect(await missing({ a: { parameters: required } })).toMatchObject({
    code: "MISSING_INPUT",
    node: "a",
    port: "count",
  });
});

test("what a run reuses needs nothing", async () => {
  const nodes: Record<string, TestNode> = {
    a: { inputs: { count: numberField() }, parameters: [{ name: "count", optional: true }] },
  };
  const sheet = new TestSheet();
  await runOnSheet(testGraph(nodes), sheet);
  expect(await missing(nodes, sheet)).toBeUndefined();
});
