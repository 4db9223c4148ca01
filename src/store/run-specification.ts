import { describe, expect, it } from "vitest";
import type { StoreUnderTest } from "./store-under-test-specification.ts";
import { LOCAL, makeItem, makeResult, makeRun } from "./testing.ts";

export function describeRuns(test: StoreUnderTest): void {
  describe("runs", () => {
    it("keep what happened to each node", async () => {
      const { sheet, run } = await test.sheetWithRun();
      await test.store.commit(LOCAL, {
        runNodes: [{ run, node: "a", state: { status: "running", reason: "never ran", startedAt: 1 } }],
      });
      await test.store.commit(LOCAL, {
        runNodes: [{ run, node: "a", state: { status: "failed", error: { code: "X", message: "no" } } }],
        runs: [{ run, status: "failed", endedAt: 5, lastSeq: 9 }],
      });
      expect(await test.store.run(LOCAL, run)).toMatchObject({
        id: run,
        sheet,
        status: "failed",
        endedAt: 5,
        lastSeq: 9,
        nodes: { a: { status: "failed", error: { code: "X", message: "no" } } },
      });
    });

    it("are listed newest first, all or those of a sheet", async () => {
      const { sheet, run } = await test.sheetWithRun();
      const second = makeRun();
      await test.store.createRun(LOCAL, second);
      const all = await test.store.listRuns(LOCAL, { offset: 0, limit: 10 });
      expect(all.map((each) => each.id)).toEqual([second.id, run]);
      const ofSheet = await test.store.listRuns(LOCAL, { offset: 0, limit: 10, sheet });
      expect(ofSheet.map((each) => each.id)).toEqual([run]);
    });

    it("without a sheet can be forgotten", async () => {
      const { run } = await test.sheetWithRun();
      expect(await test.store.deleteRun(LOCAL, run)).toBe(false);
      const loose = makeRun();
      await test.store.createRun(LOCAL, loose);
      const record = makeResult({ run: loose.id });
      await test.store.commit(LOCAL, { results: [{ sheet: null, record, select: false }] });
      expect(await test.store.deleteRun({ user: "someone", graph: "test" }, loose.id)).toBe(false);
      expect(await test.store.deleteRun(LOCAL, loose.id)).toBe(true);
      expect(await test.store.run(LOCAL, loose.id)).toBeUndefined();
      expect(await test.store.result(LOCAL, record.id)).toBeUndefined();
    });

    it("of a living process are not interrupted, and it may claim them again", async () => {
      const { run } = await test.sheetWithRun();
      expect(await test.store.interruptAbandoned(LOCAL)).toEqual([]);
      await test.store.commit(LOCAL, { runs: [{ run, status: "cancelled", endedAt: 1, lastSeq: 1 }] });
      expect(await test.store.claimRun(LOCAL, run)).toBe(true);
      expect(await test.store.run(LOCAL, run)).toMatchObject({ status: "running", endedAt: null });
    });
  });

  describe("commits", () => {
    it("of one moment are all there, and one that fails fails alone", async () => {
      const { sheet, run } = await test.sheetWithRun();
      const good = Array.from({ length: 20 }, () => makeResult({ run }));
      const commits = good.map((record) =>
        test.store.commit(LOCAL, { results: [{ sheet, record, select: true }] }),
      );
      const bad = test.store.commit(LOCAL, {
        results: [{ sheet, record: good[0] as (typeof good)[0], select: true }],
      });
      const later = makeResult({ run });
      const last = test.store.commit(LOCAL, { results: [{ sheet, record: later, select: true }] });
      await expect(bad).rejects.toThrow();
      await Promise.all([...commits, last]);
      expect(await test.store.tallies(LOCAL, sheet)).toEqual({ node: { total: 21, index: 20 } });
    });

    it("are whole or not at all", async () => {
      const { sheet, run } = await test.sheetWithRun();
      const record = makeResult({ run });
      const batch = { results: [record, record].map((each) => ({ sheet, record: each, select: true })) };
      await expect(test.store.commit(LOCAL, batch)).rejects.toThrow();
      expect(await test.store.result(LOCAL, record.id)).toBeUndefined();
    });
  });

  it("keeps files that something refers to and removes the others", async () => {
    const { sheet, run } = await test.sheetWithRun();
    const put = (byte: number) => test.store.files.put({ bytes: new Uint8Array([byte]) }, "a.bin");
    const [inResult, inField, inItem, loose] = [await put(1), await put(2), await put(3), await put(4)];
    await test.store.setFields(LOCAL, sheet, { a__file: inField });
    const item = makeItem({ index: 0, run, outputs: { output: inItem } });
    await test.store.commit(LOCAL, {
      results: [
        { sheet, record: makeResult({ run, outputs: { output: { list: [inResult] } } }), select: true },
      ],
      items: [{ run, sheet, node: "scattered", record: item }],
    });
    expect(await test.store.collectGarbage()).toBe(1);
    for (const ref of [inResult, inField, inItem]) expect(await test.store.files.find(ref.id)).toEqual(ref);
    expect(await test.store.files.find(loose.id)).toBeUndefined();
    await test.store.deleteSheet(LOCAL, sheet);
    expect(await test.store.collectGarbage()).toBe(3);
    expect(await test.store.ownsFile(LOCAL, inItem.id)).toBe(false);
  });
}
