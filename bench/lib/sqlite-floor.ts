import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/**
 * How long SQLite itself takes to keep one small value for good, in ms: written ahead and synced, as ours is.
 *
 * @param perCommit - How many values are committed together.
 */
export function keepingOneValueMs(values: number, perCommit: number): number {
  const folder = mkdtempSync(join(tmpdir(), "daggr-bench-"));
  const database = new DatabaseSync(join(folder, "floor.db"));
  try {
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    database.exec(
      "CREATE TABLE kept (run INTEGER, position INTEGER, value TEXT, PRIMARY KEY (run, position)) WITHOUT ROWID",
    );
    const insert = database.prepare("INSERT INTO kept VALUES (1, ?, ?)");
    const begun = performance.now();
    for (let index = 0; index < values; index += perCommit) {
      database.exec("BEGIN IMMEDIATE");
      for (let next = index; next < Math.min(index + perCommit, values); next++)
        insert.run(next, JSON.stringify({ out: `item ${next}` }));
      database.exec("COMMIT");
    }
    return (performance.now() - begun) / values;
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
