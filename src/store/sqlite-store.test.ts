import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { DatabaseSync } from "./sqlite.ts";
import { SqliteStore } from "./sqlite-store.ts";
import { describeStore } from "./store-specification.ts";
import { LOCAL, makeResult, makeRun } from "./testing.ts";

const folder = mkdtempSync(join(tmpdir(), "daggr-store-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

describeStore(
  "the SQLite store",
  () => new SqliteStore({ path: join(folder, `${count++}`, "sessions.db"), graceMs: 0 }),
);

it("what a process that ended has begun of a sheet is removed", async () => {
  const path = join(folder, "unfinished", "sessions.db");
  const begun = new SqliteStore({ path });
  const { id, status, ...run } = makeRun({ status: "done" });
  async function* half() {
    yield { type: "run", record: { ...run, id, status, endedAt: 1, nodes: {}, lastSeq: 0 } } as const;
    const record = { ...makeResult({ run: id, fingerprint: "half" }), items: null, outputNames: null };
    for (let count = 0; count < 300; count++)
      yield { type: "result", record: { ...record, id: `${count}` } } as const;
    await new Promise(() => {});
  }
  const empty = { fields: {}, variants: {}, selected: {}, positions: {}, viewport: null };
  void begun.writeSheet(LOCAL, { ...empty, name: () => "half" }, half());
  const other = new SqliteStore({ path });
  await expect.poll(() => other.findResult(LOCAL, "node", "half")).toBeDefined();
  await other.collectGarbage();
  // Its writer still lives.
  expect(await other.findResult(LOCAL, "node", "half")).toBeDefined();
  expect(await other.listSheets(LOCAL)).toEqual([]);
  await begun.close();
  await other.collectGarbage();
  expect(await other.findResult(LOCAL, "node", "half")).toBeUndefined();
  await other.close();
});

it("a page of the history reads the rows of that page only, however many there are", async () => {
  const path = join(folder, "history", "sessions.db");
  const store = new SqliteStore({ path });
  await store.createSheet(LOCAL, "Sheet 1");
  await store.close();
  const database = new DatabaseSync(path, { readOnly: true });
  const plan = database
    .prepare(
      "EXPLAIN QUERY PLAN SELECT * FROM results WHERE sheet = ? AND node = ? AND ordinal <= ? AND ordinal > ? ORDER BY ordinal DESC",
    )
    .all(1, "node", 10_000, 9_990)
    .map((row) => String(row["detail"]));
  database.close();
  expect(plan).toEqual([
    "SEARCH results USING INDEX results_by_sheet (sheet=? AND node=? AND ordinal>? AND ordinal<?)",
  ]);
});
