import { describe, expect, it } from "vitest";
import type { StoreUnderTest } from "./store-under-test-specification.ts";
import { LOCAL } from "./testing.ts";

export function describeSheets(test: StoreUnderTest): void {
  describe("sheets", () => {
    it("are listed in the order in which they were made", async () => {
      const names = ["b", "a", "c"];
      for (const each of names) await test.store.createSheet(LOCAL, each);
      expect((await test.store.listSheets(LOCAL)).map((sheet) => sheet.name)).toEqual(names);
    });

    it("are one when several ask for the first at once", async () => {
      const asked = await Promise.all([1, 2, 3].map(() => test.store.ensureSheets(LOCAL, "Sheet 1")));
      for (const sheets of asked) expect(sheets).toEqual(asked[0]);
      expect(await test.store.listSheets(LOCAL)).toEqual(asked[0]);
    });

    it("are found by name in any letter case, and made only when there is none, whoever asks at once", async () => {
      const asked = await Promise.all([1, 2, 3].map(() => test.store.ensureSheet(LOCAL, "Episode 12")));
      asked.push(await test.store.ensureSheet(LOCAL, "episode 12"));
      asked.push(await test.store.ensureSheet(LOCAL, asked[0]?.id ?? ""));
      expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
      expect((await test.store.listSheets(LOCAL)).map(({ name }) => name)).toEqual(["Episode 12"]);
    });

    it("keep fields, variants, positions, the view and selections", async () => {
      const { id } = await test.store.createSheet(LOCAL, "Sheet 1");
      await test.store.setFields(LOCAL, id, {
        a__text: "one\ntwo",
        a__list: [1, { x: null }],
        "ключ__€": "ü",
      });
      await test.store.setFields(LOCAL, id, { a__text: "three" });
      await test.store.setVariant(LOCAL, id, "choice", 1);
      await test.store.setPositions(LOCAL, id, { a: { x: 1.5, y: -2 }, b: { x: 0, y: 0 } });
      await test.store.setPositions(LOCAL, id, { b: null });
      await test.store.setViewport(LOCAL, id, { x: 1, y: 2, zoom: 0.5 });
      await test.store.select(LOCAL, id, { a: "result", b: "other" });
      await test.store.select(LOCAL, id, { b: null });
      const state = await test.store.loadSheet(LOCAL, id);
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
      const { sheet, run } = await test.sheetWithRun();
      const record = await test.scatteredResult(sheet, run, 3);
      await test.store.deleteSheet(LOCAL, sheet);
      expect(await test.store.loadSheet(LOCAL, sheet)).toBeUndefined();
      expect(await test.store.result(LOCAL, record.id)).toBeUndefined();
      expect(await test.store.run(LOCAL, run)).toBeUndefined();
    });

    it("are refused by name when they are gone", async () => {
      await expect(test.store.setFields(LOCAL, "gone", { a: 1 })).rejects.toMatchObject({
        code: "SHEET_NOT_FOUND",
      });
    });
  });
}
