import { describe, expect, it } from "vitest";
import type { Scope } from "./store.ts";
import type { StoreUnderTest } from "./store-under-test-specification.ts";
import { LOCAL, makeResult } from "./testing.ts";

export function describeScopes(test: StoreUnderTest): void {
  describe("scopes", () => {
    const others: Scope[] = [
      { user: "someone", graph: "test" },
      { user: "local", graph: "other" },
    ];

    it("see nothing of each other", async () => {
      const { sheet, run } = await test.sheetWithRun();
      const record = makeResult({ run });
      await test.store.commit(LOCAL, { results: [{ sheet, record, select: true }] });
      for (const other of others) {
        expect(await test.store.listSheets(other)).toEqual([]);
        expect(await test.store.loadSheet(other, sheet)).toBeUndefined();
        expect(await test.store.result(other, record.id)).toBeUndefined();
        expect(await test.store.run(other, run)).toBeUndefined();
        expect(await test.store.listRuns(other, { offset: 0, limit: 10 })).toEqual([]);
        expect((await test.store.history(other, sheet, "node", { offset: 0, limit: 10 })).total).toBe(0);
        expect(await test.store.madeFrom(other, sheet, "node", "x")).toEqual([]);
        expect(await test.store.findResult(other, "node", "fingerprint")).toBeUndefined();
        expect(await test.store.durations(other, ["node"], 10)).toEqual({ node: [] });
        expect(await test.store.tallies(other, sheet)).toEqual({});
        expect(await test.store.claimRun(other, run)).toBe(false);
      }
    });

    it("change nothing of each other", async () => {
      const { id } = await test.store.createSheet(LOCAL, "Sheet 1");
      for (const other of others) {
        await expect(test.store.renameSheet(other, id, "mine")).rejects.toMatchObject({
          code: "SHEET_NOT_FOUND",
        });
        await expect(test.store.deleteSheet(other, id)).rejects.toMatchObject({ code: "SHEET_NOT_FOUND" });
        await expect(
          test.store.commit(other, { results: [{ sheet: id, record: makeResult(), select: true }] }),
        ).rejects.toThrow();
      }
      expect(await test.store.listSheets(LOCAL)).toHaveLength(1);
    });

    it("are forgotten whole, and nothing of the others with them", async () => {
      const { sheet, run } = await test.sheetWithRun();
      const [other] = others as [Scope];
      await test.store.createSheet(other, "Theirs");
      const file = await test.store.files.put({ bytes: new Uint8Array([3]) }, "c.bin");
      await test.store.ownFile(LOCAL, file.id);
      await test.store.ownFile(other, file.id);
      const record = makeResult({ run });
      await test.store.commit(LOCAL, { results: [{ sheet, record, select: true }] });
      await test.store.forgetScope(LOCAL);
      expect(await test.store.listSheets(LOCAL)).toEqual([]);
      expect(await test.store.run(LOCAL, run)).toBeUndefined();
      expect(await test.store.result(LOCAL, record.id)).toBeUndefined();
      expect(await test.store.ownsFile(LOCAL, file.id)).toBe(false);
      expect(await test.store.ownsFile(other, file.id)).toBe(true);
      expect(await test.store.listSheets(other)).toHaveLength(1);
      expect(await test.store.createSheet(LOCAL, "New")).toMatchObject({ name: "New" });
      expect(await test.store.listSheets(LOCAL)).toHaveLength(1);
    });

    it("own the files in their values and what they uploaded", async () => {
      const { sheet, run } = await test.sheetWithRun();
      const file = await test.store.files.put({ bytes: new Uint8Array([1]) }, "a.bin");
      const upload = await test.store.files.put({ bytes: new Uint8Array([2]) }, "b.bin");
      expect(await test.store.ownsFile(LOCAL, file.id)).toBe(false);
      await test.store.commit(LOCAL, {
        results: [
          { sheet, record: makeResult({ run, outputs: { image: [{ image: file }] } }), select: true },
        ],
      });
      await test.store.ownFile(LOCAL, upload.id);
      expect(await test.store.ownsFile(LOCAL, file.id)).toBe(true);
      expect(await test.store.ownsFile(LOCAL, upload.id)).toBe(true);
      for (const other of others) expect(await test.store.ownsFile(other, file.id)).toBe(false);
    });
  });
}
