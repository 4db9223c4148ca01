import { describe, expect, it } from "vitest";
import type { StoreUnderTest } from "./store-under-test-specification.ts";
import { LOCAL, makeResult, makeRun } from "./testing.ts";

export function describeResults(test: StoreUnderTest): void {
  describe("results", () => {
    it("come back as they were", async () => {
      const { sheet, run } = await test.sheetWithRun();
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
      await test.store.commit(LOCAL, { results: [{ sheet, record, select: true }] });
      expect(await test.store.result(LOCAL, record.id)).toEqual(record);
      expect((await test.store.loadSheet(LOCAL, sheet))?.selected).toEqual({ node: record.id });
    });

    it("are paged newest first, counted, and say which is selected", async () => {
      const { sheet, run } = await test.sheetWithRun();
      const records = Array.from({ length: 25 }, () => makeResult({ run }));
      for (const record of records)
        await test.store.commit(LOCAL, { results: [{ sheet, record, select: record === records[3] }] });
      const page = await test.store.history(LOCAL, sheet, "node", { offset: 20, limit: 10 });
      expect(page.total).toBe(25);
      expect(page.results.map((result) => result.id)).toEqual(
        records
          .slice(0, 5)
          .reverse()
          .map((result) => result.id),
      );
      expect(await test.store.tallies(LOCAL, sheet)).toEqual({ node: { total: 25, index: 3 } });
    });

    it("are found by what they were made from", async () => {
      const { sheet, run } = await test.sheetWithRun();
      const made = [
        makeResult({ run, upstream: { a: "first" } }),
        makeResult({ run, upstream: { a: "second" } }),
        makeResult({ run, upstream: { a: "first" } }),
      ];
      for (const record of made)
        await test.store.commit(LOCAL, { results: [{ sheet, record, select: true }] });
      const found = await test.store.madeFrom(LOCAL, sheet, "node", "first");
      expect(found.map((result) => result.id)).toEqual([made[2]?.id, made[0]?.id]);
      expect(await test.store.madeFrom(LOCAL, sheet, "other", "first")).toEqual([]);
    });

    it("are found by fingerprint for a cache, edited ones aside", async () => {
      const { sheet, run } = await test.sheetWithRun();
      const record = makeResult({ run, fingerprint: "f" });
      const edited = makeResult({ run, fingerprint: "f", edited: true });
      await test.store.commit(LOCAL, {
        results: [record, edited].map((each) => ({ sheet, record: each, select: true })),
      });
      expect((await test.store.findResult(LOCAL, "node", "f"))?.id).toBe(record.id);
      expect(await test.store.findResult(LOCAL, "node", "g")).toBeUndefined();
      expect(await test.store.durations(LOCAL, ["node"], 5)).toEqual({ node: [12.5] });
    });

    it("tell how long each node took lately, newest first", async () => {
      const { sheet, run } = await test.sheetWithRun();
      for (const durationMs of [1, 2, 3, 4])
        for (const node of ["node", "other"])
          await test.store.commit(LOCAL, {
            results: [{ sheet, record: makeResult({ run, node, durationMs }), select: true }],
          });
      expect(await test.store.durations(LOCAL, ["other", "node", "new"], 3)).toEqual({
        other: [4, 3, 2],
        node: [4, 3, 2],
        new: [],
      });
    });

    it("of a run without a sheet hang on the run", async () => {
      const run = makeRun();
      await test.store.createRun(LOCAL, run);
      const record = makeResult({ run: run.id });
      await test.store.commit(LOCAL, { results: [{ sheet: null, record, select: false }] });
      expect(await test.store.result(LOCAL, record.id)).toEqual(record);
    });
  });
}
