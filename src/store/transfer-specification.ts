import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { NewSheet, SheetPart } from "./sheet-parts.ts";
import type { SheetState } from "./store.ts";
import type { StoreUnderTest } from "./store-under-test-specification.ts";
import { LOCAL, makeItem, makeResult, makeRun } from "./testing.ts";

export function describeTransfer(test: StoreUnderTest): void {
  const copy = async (sheet: string, only?: { readonly results: readonly string[] }) => {
    const content = await test.store.readSheet(LOCAL, sheet, only);
    if (content === undefined) throw new Error("There is no such sheet.");
    return test.store.writeSheet(LOCAL, begin(content.state), content.parts);
  };
  const begin = ({ info, ...state }: SheetState): NewSheet => ({ ...state, id: info.id, name: () => "copy" });
  const partsOf = async (sheet: string): Promise<SheetPart[]> => {
    const parts: SheetPart[] = [];
    for await (const part of (await test.store.readSheet(LOCAL, sheet))?.parts ?? []) parts.push(part);
    return parts;
  };

  /** Two runs; a scattered result, a newer one with one item replaced, one made from it, and a finished item that no result has. */
  async function fullSheet() {
    const { sheet, run } = await test.sheetWithRun();
    const first = await test.scatteredResult(sheet, run, 4);
    const items = (first.items ?? []).map((item) =>
      item.index === 2 ? { ...item, outputs: { output: "mine" } } : item,
    );
    const outputs = { output: ["value 0", "value 1", "mine", "value 3"] };
    const second = { ...first, id: randomUUID(), items, outputs, edited: true };
    const third = makeResult({ run, node: "after", upstream: { node: second.id } });
    for (const record of [second, third])
      await test.store.commit(LOCAL, { results: [{ sheet, record, select: true }] });
    const later = makeRun({ sheet });
    await test.store.createRun(LOCAL, later);
    const loose = makeItem({ index: 7, run: later.id });
    await test.store.commit(LOCAL, {
      items: [{ run: later.id, sheet, node: "node", record: loose }],
      runNodes: [
        { run: later.id, node: "node", state: { status: "running" } },
        { run: later.id, node: "after", state: { status: "done", result: third.id } },
      ],
    });
    await test.store.setFields(LOCAL, sheet, { a__text: "one" });
    await test.store.setVariant(LOCAL, sheet, "choice", 1);
    await test.store.setPositions(LOCAL, sheet, { a: { x: 1, y: 2 } });
    await test.store.setViewport(LOCAL, sheet, { x: 3, y: 4, zoom: 0.5 });
    return { sheet, first, second, third };
  }

  describe("copies of sheets", () => {
    it("have everything, and outlive what they were copied from", async () => {
      const { sheet, second } = await fullSheet();
      const made = await copy(sheet);
      expect(made).toMatchObject({ name: "copy", results: 3 });
      await test.store.deleteSheet(LOCAL, sheet);
      const state = await test.store.loadSheet(LOCAL, made.id);
      expect(state).toMatchObject({
        fields: { a__text: "one" },
        variants: { choice: 1 },
        positions: { a: { x: 1, y: 2 } },
        viewport: { x: 3, y: 4, zoom: 0.5 },
      });
      const { results } = await test.store.history(LOCAL, made.id, "node", { offset: 0, limit: 9 });
      expect(results.map(({ edited, itemCount }) => ({ edited, itemCount }))).toEqual([
        { edited: true, itemCount: 4 },
        { edited: false, itemCount: 4 },
      ]);
      const chosen = await test.store.result(LOCAL, state?.selected["node"] ?? "");
      expect(chosen?.outputs).toEqual(second.outputs);
      expect(chosen?.items?.map((item) => item.outputs)).toEqual(second.items?.map((item) => item.outputs));
      const after = await test.store.madeFrom(LOCAL, made.id, "after", chosen?.id ?? "");
      expect(after.map(({ id }) => id)).toEqual([state?.selected["after"]]);
      const [later] = await test.store.listRuns(LOCAL, { sheet: made.id, offset: 0, limit: 1 });
      expect(later).toMatchObject({
        status: "cancelled",
        nodes: { node: { status: "cancelled" }, after: { status: "done", result: state?.selected["after"] } },
      });
      const kept = await test.store.keptItems(LOCAL, { sheet: made.id }, "node");
      expect(kept.map((item) => item.index)).toEqual([7]);
    });

    it("can be deleted and leave the other whole", async () => {
      const { sheet, first, second } = await fullSheet();
      await test.store.deleteSheet(LOCAL, (await copy(sheet)).id);
      expect(await test.store.result(LOCAL, first.id)).toEqual(first);
      expect((await test.store.result(LOCAL, second.id))?.outputs).toEqual(second.outputs);
    });

    it("of copies say the same, and keep the ids where these are free again", async () => {
      const { sheet } = await fullSheet();
      const before = await partsOf(sheet);
      const state = (await test.store.loadSheet(LOCAL, sheet)) as SheetState;
      await test.store.deleteSheet(LOCAL, sheet);
      const again = await test.store.writeSheet(LOCAL, begin(state), stream(before));
      expect(again.id).toBe(sheet);
      expect(await partsOf(sheet)).toEqual(before);
      const other = await copy(sheet);
      expect(other.id).not.toBe(sheet);
      expect(withoutIds(await partsOf(other.id))).toEqual(withoutIds(before));
    });

    it("can be of some results only", async () => {
      const { sheet, second, third } = await fullSheet();
      const made = await copy(sheet, { results: [third.id, second.id] });
      expect((await test.store.tallies(LOCAL, made.id))["node"]).toEqual({ total: 1, index: 0 });
      const state = await test.store.loadSheet(LOCAL, made.id);
      expect((await test.store.result(LOCAL, state?.selected["node"] ?? ""))?.outputs).toEqual(
        second.outputs,
      );
      expect(await test.store.keptItems(LOCAL, { sheet: made.id }, "node")).toEqual([]);
    });

    it("are seen only when they are whole, and leave nothing behind when they fail", async () => {
      const { sheet } = await fullSheet();
      const parts = await partsOf(sheet);
      const state = (await test.store.loadSheet(LOCAL, sheet)) as SheetState;
      const seen: number[] = [];
      async function* broken() {
        for (const part of parts) {
          yield part;
          seen.push((await test.store.listSheets(LOCAL)).length);
        }
        throw new Error("half a file");
      }
      await expect(test.store.writeSheet(LOCAL, begin(state), broken())).rejects.toThrow("half a file");
      expect(new Set(seen)).toEqual(new Set([1]));
      expect((await test.store.listRuns(LOCAL, { offset: 0, limit: 100 })).length).toBe(2);
      await test.store.deleteSheet(LOCAL, sheet);
      expect(await test.store.findResult(LOCAL, "node", "fingerprint")).toBeUndefined();
    });

    it("are refused when items are missing", async () => {
      const { sheet } = await fullSheet();
      const state = (await test.store.loadSheet(LOCAL, sheet)) as SheetState;
      const parts = (await partsOf(sheet)).filter(
        (part) => part.type !== "item" || part.record.position !== 1 || part.record.revision !== 0,
      );
      await expect(test.store.writeSheet(LOCAL, begin(state), stream(parts))).rejects.toMatchObject({
        code: "SHEET_FILE_INVALID",
      });
      expect(await test.store.listSheets(LOCAL)).toHaveLength(1);
    });

    it("ask again what somebody was asked", async () => {
      const { sheet, run } = await test.sheetWithRun();
      await test.store.commit(LOCAL, {
        runNodes: [{ run, node: "approve", state: { status: "waiting", asked: "question" } }],
        runs: [{ run, status: "waiting", endedAt: null, lastSeq: 3 }],
      });
      const made = await copy(sheet);
      const [copied] = await test.store.listRuns(LOCAL, { sheet: made.id, offset: 0, limit: 1 });
      expect(copied).toMatchObject({ status: "interrupted", nodes: { approve: { status: "interrupted" } } });
      expect((await test.store.run(LOCAL, run))?.status).toBe("waiting");
    });

    it("are not made of others' sheets", async () => {
      const { sheet } = await fullSheet();
      expect(await test.store.readSheet({ user: "someone", graph: "test" }, sheet)).toBeUndefined();
      expect(await test.store.readSheet({ user: "local", graph: "other" }, sheet)).toBeUndefined();
    });
  });

  describe("a cleared sheet", () => {
    it("keeps where its cards stand, and nothing else", async () => {
      const { sheet, first } = await fullSheet();
      await test.store.clearSheet(LOCAL, sheet);
      expect(await test.store.loadSheet(LOCAL, sheet)).toMatchObject({
        info: { results: 0 },
        fields: {},
        variants: {},
        selected: {},
        positions: { a: { x: 1, y: 2 } },
        viewport: { x: 3, y: 4, zoom: 0.5 },
      });
      expect(await test.store.result(LOCAL, first.id)).toBeUndefined();
      expect(await test.store.tallies(LOCAL, sheet)).toEqual({});
      expect(await test.store.listRuns(LOCAL, { sheet, offset: 0, limit: 9 })).toEqual([]);
      const { run } = await runOn(sheet);
      const again = await test.scatteredResult(sheet, run, 2);
      expect(await test.store.tallies(LOCAL, sheet)).toEqual({ node: { total: 1, index: 0 } });
      expect(await test.store.result(LOCAL, again.id)).toEqual(again);
    });
  });

  async function runOn(sheet: string): Promise<{ readonly run: string }> {
    const run = makeRun({ sheet });
    await test.store.createRun(LOCAL, run);
    return { run: run.id };
  }
}

async function* stream(parts: readonly SheetPart[]): AsyncGenerator<SheetPart, void, void> {
  yield* parts;
}

/** Ids by the order in which they come. */
function withoutIds(parts: readonly SheetPart[]): unknown {
  const ids = new Map<string, string>();
  const text = JSON.stringify(parts).replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
    if (!ids.has(id)) ids.set(id, `id ${ids.size}`);
    return ids.get(id) as string;
  });
  return JSON.parse(text);
}
