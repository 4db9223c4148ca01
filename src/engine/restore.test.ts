import { afterEach, expect, test } from "vitest";
import { textField } from "../plan/testing.ts";
import { LOCAL, TestEngine } from "./testing.ts";

let sheet: TestEngine;
afterEach(() => sheet.close());

const chain = {
  a: { inputs: { x: textField({ value: "hello" }) } },
  b: { inputs: { a: "a.out", y: textField({ value: "1" }) } },
  c: { inputs: { b: "b.out" } },
};

/** Inputs and shown results, as a page sees them. */
async function stands() {
  const { view } = await sheet.engine.openSheet(LOCAL, sheet.sheet);
  return {
    inputs: view.inputs,
    nodes: Object.fromEntries(
      Object.entries(view.nodes).map(([name, { status, result }]) => [name, [status, result?.id]]),
    ),
  };
}

test("a chosen result with all that came back with it is undone and redone in one step", async () => {
  sheet = await TestEngine.open(chain);
  await sheet.run({ fields: { a__x: "one", b__y: "first" } });
  await sheet.run({ fields: { a__x: "two", b__y: "second" } });
  const newest = await stands();
  const { entries } = await sheet.engine.history(LOCAL, sheet.sheet, "a", { offset: 0, limit: 10 });
  const { step } = await sheet.engine.selectResult(LOCAL, sheet.sheet, "a", entries[1]?.id ?? "");
  expect(step.before.inputs).toEqual({ a__x: "two", b__y: "second" });
  expect(step.after.inputs).toEqual({ a__x: "one", b__y: "first" });
  expect(Object.keys(step.after.results).sort()).toEqual(["a", "b", "c"]);
  const chosen = await stands();
  expect(chosen).not.toEqual(newest);
  await sheet.engine.restore(LOCAL, sheet.sheet, step.before);
  const undone = await stands();
  expect(undone.inputs).toEqual(newest.inputs);
  expect(Object.values(undone.nodes).map(([, id]) => id)).toEqual(
    Object.values(newest.nodes).map(([, id]) => id),
  );
  expect(await sheet.run()).toEqual([]);
  await sheet.engine.restore(LOCAL, sheet.sheet, step.after);
  expect((await stands()).inputs).toEqual(chosen.inputs);
});

test("an edited output gives way to the result before, and what followed is fresh again", async () => {
  sheet = await TestEngine.open(chain);
  await sheet.run();
  const { step } = await sheet.engine.editOutput(LOCAL, sheet.sheet, {
    node: "a",
    port: "out",
    value: "mine",
  });
  expect(await sheet.statuses()).toEqual({ a: "done", b: "stale", c: "stale" });
  await sheet.engine.restore(LOCAL, sheet.sheet, step.before);
  expect(await sheet.node("a")).toMatchObject({ outputs: { out: "a(hello)" }, result: { edited: false } });
  expect(Object.values(await sheet.statuses())).not.toContain("stale");
  await sheet.engine.restore(LOCAL, sheet.sheet, step.after);
  expect(await sheet.node("a")).toMatchObject({ outputs: { out: "mine" }, result: { edited: true } });
});

test("what is not there, or not of that node, is refused and changes nothing", async () => {
  sheet = await TestEngine.open(chain);
  await sheet.run();
  const before = await stands();
  const none = { inputs: {}, variants: {}, results: {} };
  const restore = (change: object) => sheet.engine.restore(LOCAL, sheet.sheet, { ...none, ...change });
  const b = (await sheet.node("b")).result?.id ?? "";
  await expect(restore({ results: { a: "gone" } })).rejects.toMatchObject({ code: "RESULT_NOT_FOUND" });
  await expect(restore({ results: { a: b } })).rejects.toMatchObject({ code: "RESULT_NOT_FOUND" });
  await expect(restore({ inputs: { nothing: "x" } })).rejects.toMatchObject({ code: "UNKNOWN_INPUT" });
  expect(await stands()).toEqual(before);
});
