import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { StoreUnderTest } from "./store-under-test-specification.ts";
import { LOCAL, makeItem, makeResult, makeRun } from "./testing.ts";

export function describeItems(test: StoreUnderTest): void {
  describe("items", () => {
    it("make a scattered result again", async () => {
      const { sheet, run } = await test.sheetWithRun();
      const record = await test.scatteredResult(sheet, run, 5);
      expect(await test.store.result(LOCAL, record.id)).toEqual(record);
    });

    it("that failed and were left out leave no hole in the outputs", async () => {
      const { sheet, run } = await test.sheetWithRun();
      const items = [
        makeItem({ index: 0, run }),
        makeItem({ index: 1, run, outputs: {}, error: { code: "X", message: "no" } }),
        makeItem({ index: 2, run }),
      ];
      await test.store.commit(LOCAL, {
        items: items.map((record) => ({ run, sheet, node: "node", record })),
      });
      const record = makeResult({ run, items, outputs: { output: ["value 0", "value 2"] } });
      await test.store.commit(LOCAL, { results: [{ sheet, record, select: true }] });
      expect(await test.store.result(LOCAL, record.id)).toEqual(record);
      expect(await test.store.itemCounts(LOCAL, run)).toEqual({ node: { done: 2, failed: 1 } });
    });

    it("of an empty list make an empty result", async () => {
      const { sheet, run } = await test.sheetWithRun();
      const record = await test.scatteredResult(sheet, run, 0);
      expect(record.outputs).toEqual({ output: [] });
      expect(await test.store.result(LOCAL, record.id)).toEqual(record);
    });

    it("of an earlier result are shared, in another order and as copies too", async () => {
      const { sheet, run } = await test.sheetWithRun();
      const first = await test.scatteredResult(sheet, run, 4);
      const second = makeRun({ sheet });
      await test.store.createRun(LOCAL, second);
      const fresh = makeItem({ index: 1, run: second.id, outputs: { output: "new" } });
      await test.store.commit(LOCAL, { items: [{ run: second.id, sheet, node: "node", record: fresh }] });
      const old = (await test.store.result(LOCAL, first.id))?.items ?? [];
      const items = [old[0], fresh, { ...old[2] }, { ...old[0], index: 3 }].map((item, index) =>
        makeItem({ ...item, index }),
      );
      const record = makeResult({
        run: second.id,
        items,
        outputs: { output: items.map((item) => item.outputs["output"]) },
      });
      await test.store.commit(LOCAL, { results: [{ sheet, record, select: true }] });
      const again = await test.store.result(LOCAL, record.id);
      expect(again?.outputs).toEqual({ output: ["value 0", "new", "value 2", "value 0"] });
      expect(again?.items?.map((item) => item.index)).toEqual([0, 1, 2, 3]);
      expect(again?.items?.[1]?.run).toBe(second.id);
    });

    it("outlive the sheet that they were first made on, when another result has them", async () => {
      const { sheet, run } = await test.sheetWithRun();
      const first = await test.scatteredResult(sheet, run, 3);
      const other = (await test.store.createSheet(LOCAL, "Sheet 2")).id;
      const second = makeRun({ sheet: other });
      await test.store.createRun(LOCAL, second);
      const record = { ...first, id: randomUUID(), run: second.id };
      await test.store.commit(LOCAL, { results: [{ sheet: other, record, select: true }] });
      await test.store.deleteSheet(LOCAL, sheet);
      expect((await test.store.result(LOCAL, record.id))?.outputs).toEqual(first.outputs);
    });

    it("replaced by hand leave the original as it was", async () => {
      const { sheet, run } = await test.sheetWithRun();
      const first = await test.scatteredResult(sheet, run, 3);
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
      await test.store.commit(LOCAL, { results: [{ sheet, record, select: true }] });
      expect((await test.store.result(LOCAL, first.id))?.outputs).toEqual(first.outputs);
      expect((await test.store.result(LOCAL, record.id))?.outputs).toEqual(record.outputs);
    });

    it("of an unfinished run are kept, those of a result and failed ones are not offered", async () => {
      const { sheet, run } = await test.sheetWithRun();
      await test.scatteredResult(sheet, run, 2);
      const second = makeRun({ sheet });
      await test.store.createRun(LOCAL, second);
      const done = makeItem({ index: 7, run: second.id });
      const failed = makeItem({
        index: 8,
        run: second.id,
        outputs: {},
        error: { code: "X", message: "no" },
      });
      await test.store.commit(LOCAL, {
        items: [done, failed].map((record) => ({ run: second.id, sheet, node: "node", record })),
      });
      expect(await test.store.keptItems(LOCAL, { sheet }, "node")).toEqual([done]);
      expect(await test.store.keptItems(LOCAL, { run: second.id }, "node")).toEqual([done]);
      expect(await test.store.keptItems(LOCAL, { run }, "node")).toEqual([]);
    });

    it("appear in the history by the first of them", async () => {
      const { sheet, run } = await test.sheetWithRun();
      await test.scatteredResult(sheet, run, 100);
      const { results } = await test.store.history(LOCAL, sheet, "node", { offset: 0, limit: 1 });
      expect(results[0]?.items).toEqual([]);
      expect(results[0]?.outputs["output"]).toHaveLength(12);
    });
  });
}
