import { afterEach, describe, expect, it } from "vitest";
import { numberField, textField } from "../plan/testing.ts";
import { LOCAL, TestEngine } from "./testing.ts";

let test: TestEngine;
afterEach(() => test.close());

const chain = {
  a: { inputs: { x: textField({ value: "hello" }) } },
  b: { inputs: { a: "a.out", y: textField({ value: "1" }) } },
  c: { inputs: { b: "b.out" } },
  side: { inputs: { z: textField({ value: "side" }) } },
};

async function history(node: string): Promise<
  readonly {
    readonly id: string;
    readonly outputs: Readonly<Record<string, unknown>>;
    readonly selected: boolean;
  }[]
> {
  return (await test.engine.history(LOCAL, test.sheet, node, { offset: 0, limit: 100 })).entries;
}

describe("selecting a result", () => {
  it("brings back the inputs that made it and the results that were made from it", async () => {
    test = await TestEngine.open(chain);
    await test.run({ fields: { a__x: "one", b__y: "first" } });
    await test.run({ fields: { a__x: "two", b__y: "second" } });
    const [, oldest] = await history("a");
    expect(await test.engine.selectResult(LOCAL, test.sheet, "a", oldest?.id ?? "")).toMatchObject({
      fields: ["a__x", "b__y"],
      variants: [],
      followed: ["b", "c"],
      emptied: [],
    });
    const { view } = await test.engine.openSheet(LOCAL, test.sheet);
    expect(view.inputs).toMatchObject({ a__x: "one", b__y: "first" });
    expect(view.nodes["c"]).toMatchObject({
      status: "done",
      outputs: { out: "c(b(a(one),first))" },
      result: { index: 0, total: 2 },
    });
    expect(await test.statuses()).toEqual({ a: "done", b: "done", c: "done", side: "reused" });
    expect(await test.run()).toEqual([]);
  });

  it("upstream selects what it was made from", async () => {
    test = await TestEngine.open(chain);
    await test.run({ fields: { a__x: "one" } });
    await test.run({ fields: { a__x: "two" } });
    const [, oldest] = await history("c");
    await test.engine.selectResult(LOCAL, test.sheet, "c", oldest?.id ?? "");
    expect((await history("a")).map((entry) => entry.selected)).toEqual([false, true]);
    expect((await test.engine.openSheet(LOCAL, test.sheet)).view.inputs).toMatchObject({ a__x: "one" });
    expect(await test.run()).toEqual([]);
  });

  it("deselects downstream what was never made from it", async () => {
    test = await TestEngine.open(chain);
    await test.run({ fields: { a__x: "one" } });
    await test.run({ fields: { a__x: "two" }, mode: "to", nodes: ["a"] });
    const [newest, oldest] = await history("a");
    await test.engine.selectResult(LOCAL, test.sheet, "a", newest?.id ?? "");
    expect(await test.statuses()).toMatchObject({ a: "done", b: "idle", c: "idle" });
    await test.engine.selectResult(LOCAL, test.sheet, "a", oldest?.id ?? "");
    expect(await test.statuses()).toMatchObject({ a: "done", b: "done", c: "done" });
  });

  it("keeps downstream what was made from another result with the same value", async () => {
    test = await TestEngine.open(chain);
    await test.run({ fields: { a__x: "one" } });
    await test.run({ mode: "step", nodes: ["a"] });
    expect(await test.statuses()).toMatchObject({ b: "done", c: "done" });
    const [newest, oldest] = await history("a");
    for (const chosen of [oldest, newest]) {
      await test.engine.selectResult(LOCAL, test.sheet, "a", chosen?.id ?? "");
      expect(await test.statuses()).toMatchObject({ a: "done", b: "done", c: "done" });
    }
    expect(await test.run()).toEqual([]);
  });

  it("takes the other half of a diamond along, where it has run with the same", async () => {
    test = await TestEngine.open({
      a: { inputs: { x: textField({ value: "hello" }) } },
      left: { inputs: { a: "a.out" } },
      right: { inputs: { a: "a.out", y: textField({ value: "1" }) } },
      join: { inputs: { left: "left.out", right: "right.out" } },
    });
    await test.run({ fields: { a__x: "one" } });
    await test.run({ fields: { a__x: "two" } });
    const [, oldest] = await history("left");
    await test.engine.selectResult(LOCAL, test.sheet, "left", oldest?.id ?? "");
    expect(await test.statuses()).toEqual({ a: "done", left: "done", right: "done", join: "done" });
    expect(await test.run()).toEqual([]);
    await test.engine.setField(LOCAL, test.sheet, "right__y", "typed");
    await test.engine.selectResult(LOCAL, test.sheet, "left", (await history("left"))[0]?.id ?? "");
    expect((await test.engine.openSheet(LOCAL, test.sheet)).view.inputs).toMatchObject({ right__y: "typed" });
    expect(await test.statuses()).toMatchObject({ right: "stale", join: "stale" });
  });

  it("empties again what was empty when it was made", async () => {
    test = await TestEngine.open({ a: { inputs: { n: numberField() } } });
    await test.run();
    await test.run({ fields: { a__n: 3 } });
    const [, oldest] = await history("a");
    await test.engine.selectResult(LOCAL, test.sheet, "a", oldest?.id ?? "");
    expect((await test.engine.openSheet(LOCAL, test.sheet)).view.inputs).toEqual({ a__n: null });
    expect(await test.run()).toEqual([]);
  });

  it("of another node is refused", async () => {
    test = await TestEngine.open(chain);
    await test.run();
    const [entry] = await history("a");
    await expect(test.engine.selectResult(LOCAL, test.sheet, "b", entry?.id ?? "")).rejects.toMatchObject({
      code: "RESULT_NOT_FOUND",
    });
  });
});

describe("changing an output by hand", () => {
  it("makes a result of its own, from which the run goes on", async () => {
    test = await TestEngine.open(chain);
    await test.run();
    await test.engine.editOutput(LOCAL, test.sheet, { node: "a", port: "out", value: "mine" });
    expect(await test.statuses()).toMatchObject({ a: "done", b: "stale", c: "stale", side: "done" });
    expect(await test.node("a")).toMatchObject({ outputs: { out: "mine" }, result: { index: 1, total: 2 } });
    expect(await test.run()).toEqual(["b", "c"]);
    expect((await test.node("c")).outputs).toEqual({ out: "c(b(mine,1))" });
    const [edited] = await history("a");
    expect(await test.store.result(LOCAL, edited?.id ?? "")).toMatchObject({ edited: true });
  });

  it("of a scattered node keeps the other items", async () => {
    test = await TestEngine.open({
      list: { invoke: () => ["p", "q"] },
      each: { inputs: { v: "list.out.each" }, invoke: ({ v }: Readonly<Record<string, unknown>>) => `${v}!` },
      join: { inputs: { v: "each.out.all" }, invoke: ({ v }: Readonly<Record<string, any>>) => v.join("") },
    });
    await test.run();
    await test.engine.editOutput(LOCAL, test.sheet, { node: "each", port: "out", value: ["p!", "mine"] });
    expect(await test.run()).toEqual(["join"]);
    expect((await test.node("join")).outputs).toEqual({ out: "p!mine" });
  });

  it("is refused where there is no such port or result", async () => {
    test = await TestEngine.open(chain);
    const edit = (port: string) => test.engine.editOutput(LOCAL, test.sheet, { node: "a", port, value: 1 });
    await expect(edit("out")).rejects.toMatchObject({ code: "RESULT_NOT_FOUND" });
    await expect(edit("outt")).rejects.toMatchObject({ code: "PORT_NOT_FOUND" });
  });

  it("of one item leaves the others, and says why where there is nothing to change", async () => {
    test = await TestEngine.open({
      list: { invoke: () => ["p", "q", "r"] },
      each: {
        inputs: { v: "list.out.each" },
        policy: { onItemError: "skip" },
        invoke: ({ v }: Readonly<Record<string, unknown>>) => {
          if (v === "p") throw new Error("no p");
          return `${v}!`;
        },
      },
      join: { inputs: { v: "each.out.all" }, invoke: ({ v }: Readonly<Record<string, any>>) => v.join("") },
    });
    await test.run();
    const edit = (item: number) =>
      test.engine.editOutput(LOCAL, test.sheet, { node: "each", port: "out", value: "mine", item });
    await edit(2);
    expect((await test.node("each")).outputs).toEqual({ out: ["q!", "mine"] });
    const { items } = await test.engine.items(LOCAL, test.sheet, "each", { offset: 0, limit: 10 });
    expect(items[2]).toMatchObject({ status: "done", outputs: { out: "mine" } });
    expect(await test.run()).toEqual(["join"]);
    expect((await test.node("join")).outputs).toEqual({ out: "q!mine" });
    await expect(edit(0)).rejects.toMatchObject({ code: "ITEM_NOT_FOUND" });
    await expect(edit(3)).rejects.toMatchObject({ code: "ITEM_NOT_FOUND" });
    const failed = await test.engine.items(LOCAL, test.sheet, "each", { offset: 0, limit: 10, failed: true });
    expect(failed).toMatchObject({ total: 1, items: [{ index: 0, status: "failed" }] });
  });

  it("is discarded by going back to what the step made, and to what was made of that", async () => {
    test = await TestEngine.open(chain);
    await test.run();
    await expect(test.engine.discardEdit(LOCAL, test.sheet, "a")).rejects.toMatchObject({
      code: "NOT_EDITED",
    });
    for (const value of ["mine", "mine too"])
      await test.engine.editOutput(LOCAL, test.sheet, { node: "a", port: "out", value });
    await test.run();
    expect((await test.node("c")).outputs).toEqual({ out: "c(b(mine too,1))" });
    expect(await test.engine.discardEdit(LOCAL, test.sheet, "a")).toMatchObject({
      fields: [],
      variants: [],
      followed: ["b", "c"],
      emptied: [],
    });
    expect(await test.node("a")).toMatchObject({
      outputs: { out: "a(hello)" },
      result: { index: 0, total: 3 },
    });
    expect((await test.node("c")).outputs).toEqual({ out: "c(b(a(hello),1))" });
    expect(await test.run()).toEqual([]);
  });

  it("stands until the step is asked for anew, which the plan says; the edited result stays in the history", async () => {
    test = await TestEngine.open(chain);
    await test.run();
    await test.engine.editOutput(LOCAL, test.sheet, { node: "a", port: "out", value: "mine" });
    const reasons = async (mode: "step" | "stale") =>
      (await test.engine.preview(LOCAL, test.sheet, mode, mode === "step" ? ["a"] : [])).entries.map(
        ({ node, action, reason }) => `${node} ${action}: ${reason}`,
      );
    expect((await reasons("stale"))[0]).toBe("a reuse: nothing changed");
    expect(await reasons("step")).toEqual(["a run: asked for; the edited value stays in the history"]);
    expect(await test.run({ mode: "step", nodes: ["a"] })).toEqual(["a"]);
    expect((await history("a")).map(({ outputs }) => outputs["out"])).toEqual([
      "a(hello)",
      "mine",
      "a(hello)",
    ]);
  });
});

describe("the history", () => {
  it("tells which result an entry is, and finds those in which a text stands", async () => {
    test = await TestEngine.open(chain);
    for (const x of ['say "yes"', "100%", "one"]) await test.run({ fields: { a__x: x } });
    const find = async (text: string) => {
      const page = await test.engine.history(LOCAL, test.sheet, "a", { offset: 0, limit: 2, text });
      return [page.total, ...page.entries.map(({ index, inputs }) => `${index} ${inputs["x"]}`)];
    };
    expect(await find("")).toEqual([3, "2 one", "1 100%"]);
    expect(await find('"YES"')).toEqual([1, '0 say "yes"']);
    expect(await find("0%")).toEqual([1, "1 100%"]);
    expect(await find("%o%")).toEqual([0]);
    expect(await find("a(one")).toEqual([1, "2 one"]);
  });
});
