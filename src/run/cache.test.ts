import { expect, test } from "vitest";
import type { ResultRecord } from "../graph/result.ts";
import { TestSheet, testGraph, textField } from "../plan/testing.ts";
import { runOnSheet } from "./testing.ts";

test("with cache, a result that was made before is taken from the history as a new one", async () => {
  const calls: string[] = [];
  const graph = testGraph({
    a: {
      inputs: { text: textField({ value: "x" }) },
      policy: { cache: true },
      invoke: ({ text }) => calls.push(text) && text,
    },
  });
  const sheet = new TestSheet();
  await runOnSheet(graph, sheet);
  sheet.fields.a__text = "y";
  await runOnSheet(graph, sheet, { mode: "all" });
  sheet.fields.a__text = "x";
  const run = await runOnSheet(graph, sheet, { mode: "all" });
  expect(calls).toEqual(["x", "y"]);
  expect(run.of("node-done")).toMatchObject([{ reused: true, outputs: { out: "x" } }]);
  expect(sheet.history).toHaveLength(3);
  expect((await runOnSheet(graph, sheet, { mode: "step", targets: ["a"] })).executed).toEqual(["a"]);
});

test("with cache, everything anew takes neither what was changed by hand nor what was skipped", async () => {
  let broken = true;
  const calls: string[] = [];
  const graph = testGraph({
    list: {
      inputs: { text: textField({ value: "a,b,c" }) },
      invoke: ({ text }: Record<string, string>) => text?.split(","),
    },
    each: {
      inputs: { letter: "list.out.each" },
      policy: { cache: true, onItemError: "skip" },
      invoke: ({ letter }) => {
        calls.push(letter);
        if (letter === "b" && broken) throw new Error("no b");
        return letter;
      },
    },
    join: { inputs: { all: "each.out.all" }, policy: { cache: true }, invoke: ({ all }) => all.join("") },
  });
  const sheet = new TestSheet();
  await runOnSheet(graph, sheet);
  broken = false;
  await runOnSheet(graph, sheet, { mode: "all" });
  expect(calls).toEqual(["a", "b", "c", "b"]);
  const made = sheet.selected.get("join") as ResultRecord;
  expect(made.outputs).toEqual({ out: "abc" });
  sheet.selected.set("join", { ...made, id: "edited", outputs: { out: "mine" }, edited: true });
  const run = await runOnSheet(graph, sheet, { mode: "all" });
  expect(run.of("run-done")[0]?.outputs["join"]).toEqual({ out: "abc" });
});
