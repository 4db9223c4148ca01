import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Component } from "../graph/component.ts";
import type { NodeDefinition } from "../graph/definition.ts";
import { type TestNode, testGraph, textField } from "../plan/testing.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { Store } from "../store/store.ts";
import { LOCAL, TestEngine } from "./testing.ts";

const all: Readonly<Record<string, TestNode>> = {
  loud: { inputs: { text: textField({ value: "-" }) } },
  soft: { inputs: { text: textField({ value: "-" }) } },
  new: { inputs: { text: textField({ value: "-" }) } },
};
/** A script whose choice has these variants, in this order, and a step after it. */
const script = (...names: string[]) => ({
  say: { variants: Object.fromEntries(names.map((name) => [name, all[name] as TestNode])) },
  after: { inputs: { said: "say.out" } },
});

let store: Store;
let test: TestEngine;
beforeEach(() => {
  store = createMemoryStore();
});
afterEach(() => test.close());

/** The server stops, and starts with another script. */
async function edited(nodes: Readonly<Record<string, TestNode>>): Promise<void> {
  await test.engine.close();
  test = await TestEngine.open(nodes, store);
}
const set = (address: string, value: unknown) => test.engine.setField(LOCAL, test.sheet, address, value);
const choose = (index: number) => test.engine.setVariant(LOCAL, test.sheet, "say", index);
const view = async () => (await test.engine.openSheet(LOCAL, test.sheet)).view;
const history = async () =>
  (await test.engine.history(LOCAL, test.sheet, "say", { offset: 0, limit: 9 })).entries;

async function filled(): Promise<void> {
  test = await TestEngine.open(script("loud", "soft"), store);
  await set("say__variant_0_text", "LOUD");
  await set("say__variant_1_text", "quiet");
  await choose(1);
  await test.run();
}

describe("variants that a script puts in another order", () => {
  it("keep their values, and the chosen one stays chosen and fresh", async () => {
    await filled();
    await edited(script("soft", "new", "loud"));
    const { inputs, variants, nodes } = await view();
    expect(inputs).toEqual({ say__variant_0_text: "quiet", say__variant_2_text: "LOUD" });
    expect(variants).toEqual({ say: 0 });
    expect(nodes["say"]).toMatchObject({ status: "done", outputs: { out: "soft(quiet)" } });
    expect(nodes["after"]).toMatchObject({ status: "done" });
    expect(await test.run()).toEqual([]);
    const [entry] = await history();
    expect(entry).toMatchObject({ variant: 0, inputs: { variant_0_text: "quiet" } });
  });

  it("take results and undo by name, too", async () => {
    await filled();
    await choose(0);
    await test.run();
    await edited(script("soft", "loud"));
    const [newest, oldest] = await history();
    expect([newest?.variant, oldest?.variant]).toEqual([1, 0]);
    await set("say__variant_0_text", "other");
    await test.engine.selectResult(LOCAL, test.sheet, "say", oldest?.id ?? "");
    const { inputs, variants } = await view();
    expect({ inputs, variants }).toEqual({
      inputs: { say__variant_0_text: "quiet", say__variant_1_text: "LOUD" },
      variants: { say: 0 },
    });
  });

  it("go on with a run that was interrupted as it began", async () => {
    await filled();
    const [run] = await store.listRuns(LOCAL, { offset: 0, limit: 1 });
    await edited(script("new", "soft"));
    const record = await test.engine.store.run(LOCAL, run?.id ?? "");
    expect(record).toMatchObject({ variants: { say: 1 }, fields: { say__variant_1_text: "quiet" } });
  });
});

describe("a variant that a script leaves out", () => {
  it("gives its place to the first, with that one's values, and is as it was when it comes back", async () => {
    await filled();
    await edited(script("loud", "new"));
    let shown = await view();
    expect(shown.variants).toEqual({});
    expect(shown.inputs["say__variant_0_text"]).toBe("LOUD");
    expect(shown.inputs["say__variant_1_text"]).toBeUndefined();
    expect(shown.nodes["say"]).toMatchObject({ status: "stale", reason: "another variant was chosen" });
    expect(shown.nodes["say"]?.outputs).toEqual({ out: "soft(quiet)" });
    const [entry] = await history();
    await test.engine.selectResult(LOCAL, test.sheet, "say", entry?.id ?? "");
    await test.engine.editOutput(LOCAL, test.sheet, { node: "say", port: "out", value: "by hand" });
    await edited(script("new", "loud", "soft"));
    shown = await view();
    expect(shown.variants).toEqual({ say: 2 });
    expect(shown.inputs).toEqual({ say__variant_1_text: "LOUD", say__variant_2_text: "quiet" });
    expect((await history()).map(({ variant }) => variant)).toEqual([2, 2]);
  });

  it("keeps apart from another of the same name by their order", async () => {
    const definition = testGraph(script("loud", "soft"));
    const say = definition.nodes.get("say") as NodeDefinition;
    const variants = say.variants.map((variant) => ({ ...variant, name: "say" }));
    const nodes = new Map(definition.nodes).set("say", { ...say, variants });
    for (const values of [{}, { say__variant_0_text: "one", say__variant_1_text: "two" }]) {
      test = await TestEngine.of({ ...definition, nodes }, store);
      for (const [address, value] of Object.entries(values)) await set(address, value);
      expect((await view()).inputs).toEqual(values);
      await test.engine.close();
    }
    test = await TestEngine.of({ ...definition, nodes }, store);
    expect((await view()).inputs).toEqual({ say__variant_0_text: "one", say__variant_1_text: "two" });
  });
});

it("a component that variants share keeps its value, whichever of them is first or left", async () => {
  const shared: Component = textField({ value: "-" });
  const of = (...names: string[]) => ({
    say: { variants: Object.fromEntries(names.map((name) => [name, { inputs: { text: shared } }])) },
  });
  test = await TestEngine.open(of("loud", "soft"), store);
  await set("say__variant_0_text", "for both");
  await edited(of("soft", "loud"));
  expect((await view()).inputs).toEqual({ say__variant_0_text: "for both" });
  await set("say__variant_1_text", "changed");
  await edited(of("loud"));
  expect((await view()).inputs).toMatchObject({ say__variant_0_text: "changed" });
});

it("what an earlier version saved by index is saved by name as soon as it is read", async () => {
  const { id } = await store.createSheet(LOCAL, "Old");
  await store.setFields(LOCAL, id, { say__variant_0_text: "LOUD", say__variant_1_text: "quiet" });
  await store.setVariant(LOCAL, id, "say", 1);
  test = await TestEngine.open(script("loud", "soft"), store);
  const before = await view();
  expect(before.inputs).toEqual({ say__variant_0_text: "LOUD", say__variant_1_text: "quiet" });
  expect(before.variants).toEqual({ say: 1 });
  await edited(script("new", "soft", "loud"));
  const { inputs, variants } = await view();
  expect(inputs).toEqual({ say__variant_2_text: "LOUD", say__variant_1_text: "quiet" });
  expect(variants).toEqual({ say: 1 });
});

it("copies and exported sheets go by name", async () => {
  await filled();
  const folder = mkdtempSync(join(tmpdir(), "daggr-variants-"));
  try {
    const { stream } = await test.engine.exportSheet(LOCAL, test.sheet);
    await writeFile(join(folder, "sheet.zip"), stream);
    const copy = await test.engine.duplicateSheet(LOCAL, test.sheet);
    await edited(script("new", "soft", "loud"));
    const { sheet, notes } = await test.engine.importSheet(LOCAL, join(folder, "sheet.zip"));
    expect(notes).toEqual([]);
    for (const id of [copy.id, sheet.id]) {
      const { view } = await test.engine.openSheet(LOCAL, id);
      expect(view.inputs).toEqual({ say__variant_2_text: "LOUD", say__variant_1_text: "quiet" });
      expect(view.variants).toEqual({ say: 1 });
      expect(view.nodes["say"]).toMatchObject({ status: "done", outputs: { out: "soft(quiet)" } });
    }
    const [entry] = await history();
    const made = await test.engine.sheetFromResult(LOCAL, test.sheet, "say", entry?.id ?? "");
    const { view } = await test.engine.openSheet(LOCAL, made.id);
    expect(view.inputs["say__variant_1_text"]).toBe("quiet");
    expect(view.nodes["say"]).toMatchObject({ status: "done" });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it("a fallback's variants keep their values in another order; which of them made a result is asked of nobody", async () => {
  const inOrder = (...names: string[]) => {
    const definition = testGraph(script(...names));
    const say = definition.nodes.get("say") as NodeDefinition;
    const nodes = new Map(definition.nodes);
    nodes.set("say", { ...say, behaviour: { ...say.behaviour, inOrder: true } });
    return { ...definition, nodes };
  };
  test = await TestEngine.of(inOrder("loud", "soft"), store);
  await set("say__variant_1_text", "quiet");
  await test.run();
  await test.engine.close();
  test = await TestEngine.of(inOrder("soft", "loud"), store);
  const { inputs, variants, nodes } = await view();
  expect(inputs).toEqual({ say__variant_0_text: "quiet" });
  expect(variants).toEqual({});
  expect(nodes["say"]?.reason ?? "").not.toContain("another variant");
});
