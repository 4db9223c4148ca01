import { afterEach, describe, expect, it } from "vitest";
import { numberField, textField } from "../plan/testing.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { SheetNotice } from "./notices.ts";
import { gate, LOCAL, TestEngine } from "./testing.ts";

let test: TestEngine;
afterEach(() => test.close());

const chain = {
  a: { inputs: { x: textField({ value: "hello" }), n: numberField() } },
  b: { inputs: { a: "a.out" } },
};

async function watched(after?: number): Promise<{ readonly seen: SheetNotice[]; readonly seq: number }> {
  const seen: SheetNotice[] = [];
  const { seq } = await test.engine.openSheet(LOCAL, test.sheet);
  test.engine.watch(LOCAL, test.sheet, (notice) => seen.push(notice), after ?? seq);
  return { seen, seq };
}

describe("sheets", () => {
  it("are never none, and the first is Sheet 1", async () => {
    test = await TestEngine.open(chain);
    const both = await Promise.all([test.engine.sheets(LOCAL), test.engine.sheets(LOCAL)]);
    for (const sheets of both) expect(sheets.map((sheet) => sheet.name)).toEqual(["Sheet 1"]);
    await test.engine.deleteSheet(LOCAL, test.sheet);
    const after = await test.engine.sheets(LOCAL);
    expect(after.map((sheet) => sheet.name)).toEqual(["Sheet 1"]);
    expect(after[0]?.id).not.toBe(test.sheet);
    await expect(test.engine.openSheet(LOCAL, test.sheet)).rejects.toMatchObject({ code: "SHEET_NOT_FOUND" });
  });

  it("get names that are still free", async () => {
    test = await TestEngine.open(chain);
    let told = 0;
    const stop = test.engine.watchSheets(LOCAL, () => told++);
    await test.engine.createSheet(LOCAL);
    await test.engine.createSheet(LOCAL, "Mine");
    const third = await test.engine.createSheet(LOCAL, "mine");
    await test.engine.renameSheet(LOCAL, third.id, "Sheet 1");
    await test.engine.renameSheet(LOCAL, third.id, "Sheet 1 (2)");
    stop();
    await test.engine.createSheet(LOCAL);
    expect((await test.engine.sheets(LOCAL)).map((sheet) => sheet.name)).toEqual([
      "Sheet 1",
      "Sheet 2",
      "Mine",
      "Sheet 1 (2)",
      "Sheet 5",
    ]);
    expect(told).toBe(5);
  });

  it("stop their runs when they are deleted", async () => {
    test = await TestEngine.open({
      a: {
        invoke: (_, { signal }) =>
          new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      },
    });
    const id = await test.start();
    await test.engine.deleteSheet(LOCAL, test.sheet);
    await test.engine.ended(id);
  });

  it("come back as they were in another process", async () => {
    const store = createMemoryStore();
    test = await TestEngine.open(chain, store);
    await test.run({ fields: { a__x: "1" } });
    await test.engine.setPositions(LOCAL, test.sheet, { a: { x: 1, y: 2 } });
    await test.engine.setViewport(LOCAL, test.sheet, { x: 0, y: 0, zoom: 2 });
    await test.engine.setField(LOCAL, test.sheet, "a__n", 5);
    const before = await test.engine.openSheet(LOCAL, test.sheet);
    await test.engine.close();
    test = await TestEngine.open(chain, store);
    const after = await test.engine.openSheet(LOCAL, test.sheet);
    const stripped = (view: typeof after.view) => ({
      ...view,
      sheet: view.sheet.id,
      nodes: Object.fromEntries(
        Object.entries(view.nodes).map(([name, { run: _, ...state }]) => [name, state]),
      ),
    });
    expect(stripped(after.view)).toEqual(stripped(before.view));
    expect(after.seq).toBeGreaterThanOrEqual(before.seq);
  });
});

describe("two users", () => {
  it("have sheets of their own, and neither can open the other's", async () => {
    test = await TestEngine.open(chain);
    await test.run();
    const other = { user: "someone", graph: "test" };
    await expect(test.engine.openSheet(other, test.sheet)).rejects.toMatchObject({ code: "SHEET_NOT_FOUND" });
    const attempts = [
      test.engine.setField(other, test.sheet, "a__x", "theirs"),
      test.engine.deleteSheet(other, test.sheet),
      test.engine.startRun(other, { mode: "all", nodes: [], sheet: test.sheet }),
      test.engine.history(other, test.sheet, "a", { offset: 0, limit: 10 }),
      test.engine.editOutput(other, test.sheet, { node: "a", port: "out", value: "theirs" }),
    ];
    for (const attempt of attempts) await expect(attempt).rejects.toMatchObject({ code: "SHEET_NOT_FOUND" });
    expect(test.engine.watch(other, test.sheet, () => {}).complete).toBe(false);
    const [own] = await test.engine.sheets(other);
    expect(own).toMatchObject({ name: "Sheet 1" });
    expect(own?.id).not.toBe(test.sheet);
    expect((await test.node("a")).outputs).toEqual({ out: "a(hello)" });
  });
});

describe("notices", () => {
  it("are numbered without gaps and carry each change", async () => {
    test = await TestEngine.open(chain);
    const { seen, seq } = await watched();
    await test.engine.setField(LOCAL, test.sheet, "a__x", "v");
    await test.engine.setPositions(LOCAL, test.sheet, { a: { x: 1, y: 2 } });
    await test.run();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(seen.map((notice) => notice.seq)).toEqual(seen.map((_, index) => seq + 1 + index));
    expect(seen).toContainEqual(expect.objectContaining({ type: "input", address: "a__x", value: "v" }));
    expect(seen).toContainEqual(
      expect.objectContaining({ type: "positions", positions: { a: { x: 1, y: 2 } } }),
    );
    const last = (type: string, node?: string) =>
      seen.findLast(
        (notice) =>
          notice.type === type && (node === undefined || ("node" in notice && notice.node === node)),
      );
    expect(last("node", "b")).toMatchObject({
      state: { status: "done", outputs: { out: "b(a(v))" }, result: { index: 0, total: 1 } },
    });
    expect(last("run")).toMatchObject({ run: { status: "done", total: 2, done: 2 } });
  });

  it("that were missed are told again, or the sheet has to be opened anew", async () => {
    test = await TestEngine.open(chain);
    const { seen, seq } = await watched();
    await test.run();
    await new Promise((resolve) => setTimeout(resolve, 60));
    const again: SheetNotice[] = [];
    const { complete, stop } = test.engine.watch(LOCAL, test.sheet, (notice) => again.push(notice), seq + 1);
    stop();
    expect(complete).toBe(true);
    expect(again).toEqual(seen.slice(1));
    for (const after of [seq - 1000, seq + 1_000_000]) {
      expect(test.engine.watch(LOCAL, test.sheet, () => {}, after).complete).toBe(false);
    }
    expect(test.engine.watch(LOCAL, "gone", () => {}, seq).complete).toBe(false);
  });

  it("of one node have a size that does not depend on the graph's", async () => {
    const sizes: number[] = [];
    for (const count of [2, 200]) {
      const nodes = Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `n${index}`,
          index === 0 ? {} : { inputs: { x: "n0.out" }, invoke: () => "x" },
        ]),
      );
      test = await TestEngine.open(nodes);
      const { seen } = await watched();
      await test.run({ mode: "to", nodes: ["n1"] });
      await new Promise((resolve) => setTimeout(resolve, 60));
      sizes.push(
        Math.max(
          ...seen.filter((notice) => notice.type === "node").map((notice) => JSON.stringify(notice).length),
        ),
      );
      await test.close();
    }
    expect(Math.abs((sizes[0] ?? 0) - (sizes[1] ?? 0))).toBeLessThan(20);
  });

  it("show partial outputs, progress, queue and items as they happen, some tens a second at most", async () => {
    const slow = gate();
    test = await TestEngine.open({
      list: { invoke: () => ["p", "q"] },
      each: {
        inputs: { v: "list.out.each" },
        invoke: ({ v }: Readonly<Record<string, unknown>>) => (v === "p" ? "P" : slow.opened.then(() => "Q")),
      },
      stream: {
        invoke: async (_, context) => {
          for (let count = 0; count < 200; count++) {
            context.update({ type: "partial", outputs: { out: "x".repeat(count) } });
            context.update({ type: "progress", value: count / 200, text: `${count}` });
            await new Promise((resolve) => setTimeout(resolve, 1));
          }
          return "end";
        },
      },
    });
    const { seen } = await watched();
    const id = await test.start();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect((await test.node("each")).items).toEqual({ total: 2, done: 1, failed: 0, running: 1 });
    const { items, total } = await test.engine.items(LOCAL, test.sheet, "each", { offset: 0, limit: 10 });
    expect(total).toBe(2);
    expect(items).toMatchObject([
      { index: 0, status: "done", preview: "P", outputs: { out: "P" } },
      { index: 1, status: "running" },
    ]);
    slow.open();
    await test.engine.ended(id);
    await test.settled();
    const streamed = seen.filter((notice) => notice.type === "node" && notice.node === "stream");
    expect(streamed.length).toBeLessThan(30);
    expect(
      streamed.some(
        (notice) =>
          notice.type === "node" && notice.state.partial === true && notice.state.progress !== undefined,
      ),
    ).toBe(true);
    expect((await test.engine.items(LOCAL, test.sheet, "each", { offset: 1, limit: 1 })).items).toMatchObject(
      [{ index: 1, status: "done", outputs: { out: "Q" } }],
    );
  });
});

describe("values from outside", () => {
  it("are refused by unknown names, with the nearest valid one", async () => {
    test = await TestEngine.open(chain);
    await expect(test.engine.setField(LOCAL, test.sheet, "a__xx", 1)).rejects.toMatchObject({
      code: "UNKNOWN_INPUT",
      hint: "a__x",
    });
    await expect(test.start({ fields: { b__a: 1 } })).rejects.toMatchObject({ code: "UNKNOWN_INPUT" });
    await expect(test.start({ nodes: ["bb"] })).rejects.toMatchObject({ code: "NODE_NOT_FOUND" });
    await expect(test.start({ sheet: "gone" })).rejects.toMatchObject({ code: "SHEET_NOT_FOUND" });
    await expect(test.engine.setVariant(LOCAL, test.sheet, "a", 1)).rejects.toMatchObject({
      code: "INVALID_VALUE",
    });
    expect(await test.store.listRuns(LOCAL, { offset: 0, limit: 10 })).toEqual([]);
  });

  it("may be files only where the store has them for this user", async () => {
    test = await TestEngine.open(chain);
    const file = await test.store.files.put({ bytes: new Uint8Array([1, 2]) }, "a.png");
    await expect(test.engine.setField(LOCAL, test.sheet, "a__x", file)).rejects.toMatchObject({
      code: "INVALID_VALUE",
    });
    await test.store.ownFile(LOCAL, file.id);
    await test.engine.setField(LOCAL, test.sheet, "a__x", {
      ...file,
      mime: "text/html",
      size: 9,
      name: "../b.html",
    });
    const { view } = await test.engine.openSheet(LOCAL, test.sheet);
    expect(view.inputs).toEqual({ a__x: file });
  });
});
