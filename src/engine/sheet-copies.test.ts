import { afterEach, describe, expect, it } from "vitest";
import { numberField, textField } from "../plan/testing.ts";
import { LOCAL, TestEngine } from "./testing.ts";

let test: TestEngine;
afterEach(() => test.close());

const chain = {
  a: { inputs: { x: textField({ value: "hello" }) } },
  b: { inputs: { a: "a.out" } },
  c: { inputs: { b: "b.out", n: numberField({ value: 1 }) } },
};

async function statusesOf(sheet: string): Promise<Record<string, string>> {
  const { view } = await test.engine.openSheet(LOCAL, sheet);
  return Object.fromEntries(Object.entries(view.nodes).map(([name, { status }]) => [name, status]));
}

describe("a duplicate", () => {
  it("shows what the original shows, runs for itself, and stays when the original goes", async () => {
    test = await TestEngine.open(chain);
    await test.run({ fields: { a__x: "one" } });
    await test.run({ fields: { a__x: "two" } });
    await test.engine.editOutput(LOCAL, test.sheet, { node: "b", port: "out", value: "by hand" });
    await test.engine.setPositions(LOCAL, test.sheet, { a: { x: 5, y: 6 } });
    let told = 0;
    test.engine.watchSheets(LOCAL, () => told++);
    const made = await test.engine.duplicateSheet(LOCAL, test.sheet);
    expect(told).toBe(1);
    expect(made.name).toBe("Sheet 1 copy");
    const [before, after] = await Promise.all(
      [test.sheet, made.id].map((id) => test.engine.openSheet(LOCAL, id)),
    );
    expect(comparable(after?.view)).toEqual(comparable(before?.view));
    expect(after?.view.nodes["b"]?.result).toMatchObject({ index: 2, total: 3, edited: true });
    await test.engine.deleteSheet(LOCAL, test.sheet);
    const { entries } = await test.engine.history(LOCAL, made.id, "b", { offset: 0, limit: 10 });
    expect(entries.map(({ edited, selected }) => ({ edited, selected }))).toEqual([
      { edited: true, selected: true },
      { edited: false, selected: false },
      { edited: false, selected: false },
    ]);
    await test.engine.selectResult(LOCAL, made.id, "b", entries[2]?.id ?? "");
    const { view } = await test.engine.openSheet(LOCAL, made.id);
    expect(view.inputs).toMatchObject({ a__x: "one" });
    expect(await statusesOf(made.id)).toEqual({ a: "done", b: "done", c: "done" });
  });

  it("of a sheet that is not there is refused", async () => {
    test = await TestEngine.open(chain);
    await expect(test.engine.duplicateSheet(LOCAL, "gone")).rejects.toMatchObject({
      code: "SHEET_NOT_FOUND",
    });
  });
});

describe("a sheet from a result", () => {
  it("has the inputs that made it and nothing stale up to there", async () => {
    test = await TestEngine.open(chain);
    await test.run({ fields: { a__x: "one", c__n: 7 } });
    await test.run({ fields: { a__x: "two" } });
    await test.engine.setPositions(LOCAL, test.sheet, { a: { x: 5, y: 6 } });
    const { entries } = await test.engine.history(LOCAL, test.sheet, "b", { offset: 1, limit: 1 });
    const made = await test.engine.sheetFromResult(LOCAL, test.sheet, "b", entries[0]?.id ?? "");
    expect(made).toMatchObject({ name: "Sheet 1, b", results: 2 });
    const { view } = await test.engine.openSheet(LOCAL, made.id);
    expect(view.inputs).toEqual({ a__x: "one", c__n: 7 });
    expect(view.positions).toEqual({ a: { x: 5, y: 6 } });
    expect(await statusesOf(made.id)).toEqual({ a: "done", b: "done", c: "idle" });
    test.sheet = made.id;
    expect(await test.run()).toEqual(["c"]);
  });

  it("takes a scattered result along", async () => {
    test = await TestEngine.open({
      list: {
        inputs: { x: textField({ value: "a b c" }) },
        invoke: ({ x }) => String(x).split(" "),
      },
      each: { inputs: { word: "list.out.each" }, invoke: ({ word }) => `${word}!` },
    });
    await test.run();
    const state = await test.node("each");
    const made = await test.engine.sheetFromResult(LOCAL, test.sheet, "each", state.result?.id ?? "", "Mine");
    await test.engine.deleteSheet(LOCAL, test.sheet);
    const { items, total } = await test.engine.items(LOCAL, made.id, "each", { offset: 0, limit: 10 });
    expect(total).toBe(3);
    expect(items.map((item) => item.outputs)).toEqual([{ out: "a!" }, { out: "b!" }, { out: "c!" }]);
    const { view } = await test.engine.openSheet(LOCAL, made.id);
    const id = view.nodes["each"]?.result?.id ?? "";
    const whole = await test.engine.result(LOCAL, made.id, "each", id);
    expect(whole).toMatchObject({ items: 3, edited: false, outputs: { out: ["a!", "b!", "c!"] } });
    const page = await test.engine.itemsOfResult(LOCAL, made.id, "each", id, { offset: 1, limit: 1 });
    expect(page).toMatchObject({ total: 3, items: [{ index: 1, outputs: { out: "b!" } }] });
  });

  it("is refused for a result of another node", async () => {
    test = await TestEngine.open(chain);
    await test.run();
    const { result } = await test.node("a");
    for (const ask of ["sheetFromResult", "result"] as const)
      await expect(test.engine[ask](LOCAL, test.sheet, "b", result?.id ?? "")).rejects.toMatchObject({
        code: "RESULT_NOT_FOUND",
      });
  });
});

describe("a result on its own", () => {
  it("has its whole values, where the history cuts them short", async () => {
    test = await TestEngine.open({
      a: { inputs: { x: textField() }, invoke: ({ x }) => `${x}${x}` },
    });
    const long = "long ".repeat(1000);
    await test.run({ fields: { a__x: long } });
    const { entries } = await test.engine.history(LOCAL, test.sheet, "a", { offset: 0, limit: 1 });
    expect(String(entries[0]?.outputs["out"])).toHaveLength(301);
    const whole = await test.engine.result(LOCAL, test.sheet, "a", entries[0]?.id ?? "");
    expect(whole.outputs).toEqual({ out: long + long });
    expect(whole.inputs).toEqual({ x: long });
    expect(whole.fields).toEqual({ a__x: long });
    expect(whole.selected).toBe(true);
  });
});

describe("a cleared sheet", () => {
  it("is as new, but for where its cards stand; whoever looks at it sees that", async () => {
    test = await TestEngine.open(chain);
    await test.run({ fields: { a__x: "one" } });
    await test.engine.setPositions(LOCAL, test.sheet, { a: { x: 5, y: 6 } });
    const { seq } = await test.engine.openSheet(LOCAL, test.sheet);
    const seen: string[] = [];
    test.engine.watch(LOCAL, test.sheet, (notice) => seen.push(notice.type), seq);
    await test.engine.clearSheet(LOCAL, test.sheet);
    expect(seen).toContain("sheet");
    const { view } = await test.engine.openSheet(LOCAL, test.sheet);
    expect(view).toMatchObject({ inputs: {}, variants: {}, positions: { a: { x: 5, y: 6 } } });
    expect(Object.values(view.nodes).map(({ status, result, outputs }) => [status, result, outputs])).toEqual(
      [
        ["idle", undefined, undefined],
        ["idle", undefined, undefined],
        ["idle", undefined, undefined],
      ],
    );
    expect((await test.engine.history(LOCAL, test.sheet, "a", { offset: 0, limit: 9 })).total).toBe(0);
  });
});

/** What a sheet shows, without what every sheet has of its own. */
function comparable(view: object | undefined): unknown {
  const text = JSON.stringify(view, (key, value) =>
    key === "id" || key === "run" || key === "sheet" ? undefined : value,
  );
  return JSON.parse(text);
}
