import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Scope, Store } from "./store.ts";
import { LOCAL, makeItem, makeResult, makeRun } from "./testing.ts";

/** What every store does. `open` gives an empty one. */
export function describeStore(name: string, open: () => Store): void {
  describe(name, () => {
    let store: Store;
    beforeEach(() => {
      store = open();
    });
    afterEach(() => store.close());

    async function sheetWithRun() {
      const sheet = (await store.createSheet(LOCAL, "Sheet 1")).id;
      const run = makeRun({ sheet });
      await store.createRun(LOCAL, run);
      return { sheet, run: run.id };
    }

    async function scatteredResult(
      sheet: string,
      run: string,
      count: number,
      given: Partial<ReturnType<typeof makeResult>> = {},
    ) {
      const items = Array.from({ length: count }, (_, index) => makeItem({ index, run }));
      await store.commit(LOCAL, { items: items.map((record) => ({ run, sheet, node: "node", record })) });
      const record = makeResult({
        run,
        items,
        outputs: { output: items.map((item) => item.outputs["output"]) },
        ...given,
      });
      await store.commit(LOCAL, { results: [{ sheet, record, select: true }] });
      return record;
    }

    describe("sheets", () => {
      it("are listed in the order in which they were made", async () => {
        const names = ["b", "a", "c"];
        for (const each of names) await store.createSheet(LOCAL, each);
        expect((await store.listSheets(LOCAL)).map((sheet) => sheet.name)).toEqual(names);
      });

      it("keep fields, variants, positions, the view and selections", async () => {
        const { id } = await store.createSheet(LOCAL, "Sheet 1");
        await store.setFields(LOCAL, id, { a__text: "one\ntwo", a__list: [1, { x: null }], "ключ__€": "ü" });
        await store.setFields(LOCAL, id, { a__text: "three" });
        await store.setVariant(LOCAL, id, "choice", 1);
        await store.setPositions(LOCAL, id, { a: { x: 1.5, y: -2 }, b: { x: 0, y: 0 } });
        await store.setPositions(LOCAL, id, { b: null });
        await store.setViewport(LOCAL, id, { x: 1, y: 2, zoom: 0.5 });
        await store.select(LOCAL, id, { a: "result", b: "other" });
        await store.select(LOCAL, id, { b: null });
        const state = await store.loadSheet(LOCAL, id);
        expect(state).toMatchObject({
          fields: { a__text: "three", a__list: [1, { x: null }], "ключ__€": "ü" },
          variants: { choice: 1 },
          positions: { a: { x: 1.5, y: -2 } },
          viewport: { x: 1, y: 2, zoom: 0.5 },
          selected: { a: "result" },
        });
        expect(state?.positions).not.toHaveProperty("b");
        expect(state?.selected).not.toHaveProperty("b");
      });

      it("take everything on them along when they are deleted", async () => {
        const { sheet, run } = await sheetWithRun();
        const record = await scatteredResult(sheet, run, 3);
        await store.deleteSheet(LOCAL, sheet);
        expect(await store.loadSheet(LOCAL, sheet)).toBeUndefined();
        expect(await store.result(LOCAL, record.id)).toBeUndefined();
        expect(await store.run(LOCAL, run)).toBeUndefined();
      });

      it("are refused by name when they are gone", async () => {
        await expect(store.setFields(LOCAL, "gone", { a: 1 })).rejects.toMatchObject({
          code: "SHEET_NOT_FOUND",
        });
      });
    });

    describe("scopes", () => {
      const others: Scope[] = [
        { user: "someone", graph: "test" },
        { user: "local", graph: "other" },
      ];

      it("see nothing of each other", async () => {
        const { sheet, run } = await sheetWithRun();
        const record = makeResult({ run });
        await store.commit(LOCAL, { results: [{ sheet, record, select: true }] });
        for (const other of others) {
          expect(await store.listSheets(other)).toEqual([]);
          expect(await store.loadSheet(other, sheet)).toBeUndefined();
          expect(await store.result(other, record.id)).toBeUndefined();
          expect(await store.run(other, run)).toBeUndefined();
          expect(await store.listRuns(other, { offset: 0, limit: 10 })).toEqual([]);
          expect((await store.history(other, sheet, "node", { offset: 0, limit: 10 })).total).toBe(0);
          expect(await store.madeFrom(other, sheet, "node", "x")).toEqual([]);
          expect(await store.findResult(other, "node", "fingerprint")).toBeUndefined();
          expect(await store.durations(other, "node", 10)).toEqual([]);
          expect(await store.tallies(other, sheet)).toEqual({});
          expect(await store.claimRun(other, run)).toBe(false);
        }
      });

      it("change nothing of each other", async () => {
        const { id } = await store.createSheet(LOCAL, "Sheet 1");
        for (const other of others) {
          await expect(store.renameSheet(other, id, "mine")).rejects.toMatchObject({
            code: "SHEET_NOT_FOUND",
          });
          await expect(store.deleteSheet(other, id)).rejects.toMatchObject({ code: "SHEET_NOT_FOUND" });
          await expect(
            store.commit(other, { results: [{ sheet: id, record: makeResult(), select: true }] }),
          ).rejects.toThrow();
        }
        expect(await store.listSheets(LOCAL)).toHaveLength(1);
      });

      it("own the files in their values and what they uploaded", async () => {
        const { sheet, run } = await sheetWithRun();
        const file = await store.files.put({ bytes: new Uint8Array([1]) }, "a.bin");
        const upload = await store.files.put({ bytes: new Uint8Array([2]) }, "b.bin");
        expect(await store.ownsFile(LOCAL, file.id)).toBe(false);
        await store.commit(LOCAL, {
          results: [
            { sheet, record: makeResult({ run, outputs: { image: [{ image: file }] } }), select: true },
          ],
        });
        await store.ownFile(LOCAL, upload.id);
        expect(await store.ownsFile(LOCAL, file.id)).toBe(true);
        expect(await store.ownsFile(LOCAL, upload.id)).toBe(true);
        for (const other of others) expect(await store.ownsFile(other, file.id)).toBe(false);
      });
    });

    describe("results", () => {
      it("come back as they were", async () => {
        const { sheet, run } = await sheetWithRun();
        const record = makeResult({
          run,
          variant: 2,
          inputs: { text: "a\u0000b", list: [1, 2] },
          inputHashes: { text: "h" },
          fields: { node__text: "x" },
          drawn: { seed: 0.25 },
          outputs: { output: { deep: [null, true, "👍"] } },
          edited: true,
        });
        await store.commit(LOCAL, { results: [{ sheet, record, select: true }] });
        expect(await store.result(LOCAL, record.id)).toEqual(record);
        expect((await store.loadSheet(LOCAL, sheet))?.selected).toEqual({ node: record.id });
      });

      it("are paged newest first, counted, and say which is selected", async () => {
        const { sheet, run } = await sheetWithRun();
        const records = Array.from({ length: 25 }, () => makeResult({ run }));
        for (const record of records)
          await store.commit(LOCAL, { results: [{ sheet, record, select: record === records[3] }] });
        const page = await store.history(LOCAL, sheet, "node", { offset: 20, limit: 10 });
        expect(page.total).toBe(25);
        expect(page.results.map((result) => result.id)).toEqual(
          records
            .slice(0, 5)
            .reverse()
            .map((result) => result.id),
        );
        expect(await store.tallies(LOCAL, sheet)).toEqual({ node: { total: 25, index: 3 } });
      });

      it("are found by what they were made from", async () => {
        const { sheet, run } = await sheetWithRun();
        const made = [
          makeResult({ run, upstream: { a: "first" } }),
          makeResult({ run, upstream: { a: "second" } }),
          makeResult({ run, upstream: { a: "first" } }),
        ];
        for (const record of made) await store.commit(LOCAL, { results: [{ sheet, record, select: true }] });
        const found = await store.madeFrom(LOCAL, sheet, "node", "first");
        expect(found.map((result) => result.id)).toEqual([made[2]?.id, made[0]?.id]);
        expect(await store.madeFrom(LOCAL, sheet, "other", "first")).toEqual([]);
      });

      it("are found by fingerprint for a cache, edited ones aside", async () => {
        const { sheet, run } = await sheetWithRun();
        const record = makeResult({ run, fingerprint: "f" });
        const edited = makeResult({ run, fingerprint: "f", edited: true });
        await store.commit(LOCAL, {
          results: [record, edited].map((each) => ({ sheet, record: each, select: true })),
        });
        expect((await store.findResult(LOCAL, "node", "f"))?.id).toBe(record.id);
        expect(await store.findResult(LOCAL, "node", "g")).toBeUndefined();
        expect(await store.durations(LOCAL, "node", 5)).toEqual([12.5]);
      });

      it("of a run without a sheet hang on the run", async () => {
        const run = makeRun();
        await store.createRun(LOCAL, run);
        const record = makeResult({ run: run.id });
        await store.commit(LOCAL, { results: [{ sheet: null, record, select: false }] });
        expect(await store.result(LOCAL, record.id)).toEqual(record);
      });
    });

    describe("items", () => {
      it("make a scattered result again", async () => {
        const { sheet, run } = await sheetWithRun();
        const record = await scatteredResult(sheet, run, 5);
        expect(await store.result(LOCAL, record.id)).toEqual(record);
      });

      it("that failed and were left out leave no hole in the outputs", async () => {
        const { sheet, run } = await sheetWithRun();
        const items = [
          makeItem({ index: 0, run }),
          makeItem({ index: 1, run, outputs: {}, error: { code: "X", message: "no" } }),
          makeItem({ index: 2, run }),
        ];
        await store.commit(LOCAL, { items: items.map((record) => ({ run, sheet, node: "node", record })) });
        const record = makeResult({ run, items, outputs: { output: ["value 0", "value 2"] } });
        await store.commit(LOCAL, { results: [{ sheet, record, select: true }] });
        expect(await store.result(LOCAL, record.id)).toEqual(record);
        expect(await store.itemCounts(LOCAL, run)).toEqual({ node: { done: 2, failed: 1 } });
      });

      it("of an empty list make an empty result", async () => {
        const { sheet, run } = await sheetWithRun();
        const record = await scatteredResult(sheet, run, 0);
        expect(record.outputs).toEqual({ output: [] });
        expect(await store.result(LOCAL, record.id)).toEqual(record);
      });

      it("of an earlier result are shared, in another order and as copies too", async () => {
        const { sheet, run } = await sheetWithRun();
        const first = await scatteredResult(sheet, run, 4);
        const second = makeRun({ sheet });
        await store.createRun(LOCAL, second);
        const fresh = makeItem({ index: 1, run: second.id, outputs: { output: "new" } });
        await store.commit(LOCAL, { items: [{ run: second.id, sheet, node: "node", record: fresh }] });
        const old = (await store.result(LOCAL, first.id))?.items ?? [];
        const items = [old[0], fresh, { ...old[2] }, { ...old[0], index: 3 }].map((item, index) =>
          makeItem({ ...item, index }),
        );
        const record = makeResult({
          run: second.id,
          items,
          outputs: { output: items.map((item) => item.outputs["output"]) },
        });
        await store.commit(LOCAL, { results: [{ sheet, record, select: true }] });
        const again = await store.result(LOCAL, record.id);
        expect(again?.outputs).toEqual({ output: ["value 0", "new", "value 2", "value 0"] });
        expect(again?.items?.map((item) => item.index)).toEqual([0, 1, 2, 3]);
        expect(again?.items?.[1]?.run).toBe(second.id);
      });

      it("outlive the sheet that they were first made on, when another result has them", async () => {
        const { sheet, run } = await sheetWithRun();
        const first = await scatteredResult(sheet, run, 3);
        const other = (await store.createSheet(LOCAL, "Sheet 2")).id;
        const second = makeRun({ sheet: other });
        await store.createRun(LOCAL, second);
        const record = { ...first, id: randomUUID(), run: second.id };
        await store.commit(LOCAL, { results: [{ sheet: other, record, select: true }] });
        await store.deleteSheet(LOCAL, sheet);
        expect((await store.result(LOCAL, record.id))?.outputs).toEqual(first.outputs);
      });

      it("replaced by hand leave the original as it was", async () => {
        const { sheet, run } = await sheetWithRun();
        const first = await scatteredResult(sheet, run, 3);
        const items = (first.items ?? []).map((item) =>
          item.index === 1 ? { ...item, outputs: { output: "mine" } } : item,
        );
        const record = {
          ...first,
          id: randomUUID(),
          items,
          outputs: { output: ["value 0", "mine", "value 2"] },
          edited: true,
        };
        await store.commit(LOCAL, { results: [{ sheet, record, select: true }] });
        expect((await store.result(LOCAL, first.id))?.outputs).toEqual(first.outputs);
        expect((await store.result(LOCAL, record.id))?.outputs).toEqual(record.outputs);
      });

      it("of an unfinished run are kept, those of a result and failed ones are not offered", async () => {
        const { sheet, run } = await sheetWithRun();
        await scatteredResult(sheet, run, 2);
        const second = makeRun({ sheet });
        await store.createRun(LOCAL, second);
        const done = makeItem({ index: 7, run: second.id });
        const failed = makeItem({
          index: 8,
          run: second.id,
          outputs: {},
          error: { code: "X", message: "no" },
        });
        await store.commit(LOCAL, {
          items: [done, failed].map((record) => ({ run: second.id, sheet, node: "node", record })),
        });
        expect(await store.keptItems(LOCAL, { sheet }, "node")).toEqual([done]);
        expect(await store.keptItems(LOCAL, { run: second.id }, "node")).toEqual([done]);
        expect(await store.keptItems(LOCAL, { run }, "node")).toEqual([]);
      });

      it("appear in the history by the first of them", async () => {
        const { sheet, run } = await sheetWithRun();
        await scatteredResult(sheet, run, 100);
        const { results } = await store.history(LOCAL, sheet, "node", { offset: 0, limit: 1 });
        expect(results[0]?.items).toEqual([]);
        expect(results[0]?.outputs["output"]).toHaveLength(12);
      });
    });

    describe("runs", () => {
      it("keep what happened to each node", async () => {
        const { sheet, run } = await sheetWithRun();
        await store.commit(LOCAL, {
          runNodes: [{ run, node: "a", state: { status: "running", reason: "never ran", startedAt: 1 } }],
        });
        await store.commit(LOCAL, {
          runNodes: [{ run, node: "a", state: { status: "failed", error: { code: "X", message: "no" } } }],
          runs: [{ run, status: "failed", endedAt: 5, lastSeq: 9 }],
        });
        expect(await store.run(LOCAL, run)).toMatchObject({
          id: run,
          sheet,
          status: "failed",
          endedAt: 5,
          lastSeq: 9,
          nodes: { a: { status: "failed", error: { code: "X", message: "no" } } },
        });
      });

      it("are listed newest first, all or those of a sheet", async () => {
        const { sheet, run } = await sheetWithRun();
        const second = makeRun();
        await store.createRun(LOCAL, second);
        const all = await store.listRuns(LOCAL, { offset: 0, limit: 10 });
        expect(all.map((each) => each.id)).toEqual([second.id, run]);
        const ofSheet = await store.listRuns(LOCAL, { offset: 0, limit: 10, sheet });
        expect(ofSheet.map((each) => each.id)).toEqual([run]);
      });

      it("of a living process are not interrupted, and it may claim them again", async () => {
        const { run } = await sheetWithRun();
        expect(await store.interruptAbandoned(LOCAL)).toEqual([]);
        await store.commit(LOCAL, { runs: [{ run, status: "cancelled", endedAt: 1, lastSeq: 1 }] });
        expect(await store.claimRun(LOCAL, run)).toBe(true);
        expect(await store.run(LOCAL, run)).toMatchObject({ status: "running", endedAt: null });
      });
    });

    describe("commits", () => {
      it("of one moment are all there, and one that fails fails alone", async () => {
        const { sheet, run } = await sheetWithRun();
        const good = Array.from({ length: 20 }, () => makeResult({ run }));
        const commits = good.map((record) =>
          store.commit(LOCAL, { results: [{ sheet, record, select: true }] }),
        );
        const bad = store.commit(LOCAL, {
          results: [{ sheet, record: good[0] as (typeof good)[0], select: true }],
        });
        const later = makeResult({ run });
        const last = store.commit(LOCAL, { results: [{ sheet, record: later, select: true }] });
        await expect(bad).rejects.toThrow();
        await Promise.all([...commits, last]);
        expect(await store.tallies(LOCAL, sheet)).toEqual({ node: { total: 21, index: 20 } });
      });

      it("are whole or not at all", async () => {
        const { sheet, run } = await sheetWithRun();
        const record = makeResult({ run });
        const batch = { results: [record, record].map((each) => ({ sheet, record: each, select: true })) };
        await expect(store.commit(LOCAL, batch)).rejects.toThrow();
        expect(await store.result(LOCAL, record.id)).toBeUndefined();
      });
    });

    it("keeps files that something refers to and removes the others", async () => {
      const { sheet, run } = await sheetWithRun();
      const put = (byte: number) => store.files.put({ bytes: new Uint8Array([byte]) }, "a.bin");
      const [inResult, inField, inItem, loose] = [await put(1), await put(2), await put(3), await put(4)];
      await store.setFields(LOCAL, sheet, { a__file: inField });
      const item = makeItem({ index: 0, run, outputs: { output: inItem } });
      await store.commit(LOCAL, {
        results: [
          { sheet, record: makeResult({ run, outputs: { output: { list: [inResult] } } }), select: true },
        ],
        items: [{ run, sheet, node: "scattered", record: item }],
      });
      expect(await store.collectGarbage()).toBe(1);
      for (const ref of [inResult, inField, inItem]) expect(await store.files.find(ref.id)).toEqual(ref);
      expect(await store.files.find(loose.id)).toBeUndefined();
      await store.deleteSheet(LOCAL, sheet);
      expect(await store.collectGarbage()).toBe(3);
      expect(await store.ownsFile(LOCAL, inItem.id)).toBe(false);
    });
  });
}
