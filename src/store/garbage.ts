import type { DatabaseSync } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import { fileIdsInText } from "./file-ids.ts";

/** Everything in which a value can refer to a file. */
const VALUES = [
  "SELECT value AS text FROM sheet_fields",
  "SELECT fields AS text FROM runs",
  "SELECT inputs || fields || drawn || coalesce(outputs, '') AS text FROM results",
  "SELECT outputs || coalesce(drawn, '') AS text FROM items",
];

/** The ids of all files that saved values refer to. Gives way to other work every few milliseconds. */
export async function referencedFiles(database: DatabaseSync): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const sql of VALUES) {
    let turn = performance.now();
    for (const row of database
      .prepare(`SELECT text FROM (${sql}) WHERE instr(text, '"$daggr":"file"') > 0`)
      .iterate()) {
      fileIdsInText(String(row["text"]), found);
      if (performance.now() - turn < 10) continue;
      await nextTurn();
      turn = performance.now();
    }
  }
  return found;
}

/** Removes runs without a sheet that ended before `before`, with all that hangs on them; inside a transaction. */
export function removeOldRuns(database: DatabaseSync, before: number): void {
  const old =
    "SELECT {column} FROM runs WHERE sheet IS NULL AND ended_at < ? AND status NOT IN ('running', 'waiting')";
  database
    .prepare(`DELETE FROM results WHERE sheet IS NULL AND run IN (${old.replace("{column}", "id")})`)
    .run(before);
  database.prepare(`DELETE FROM runs WHERE number IN (${old.replace("{column}", "number")})`).run(before);
}

/** Removes a scope with all that is in it; inside a transaction. Its files go when nobody else has them. */
export function removeScope(database: DatabaseSync, scope: number): void {
  for (const table of ["results", "runs", "sheets", "file_owners"])
    database.prepare(`DELETE FROM ${table} WHERE scope = ?`).run(scope);
  database.prepare("DELETE FROM scopes WHERE number = ?").run(scope);
}

/** Removes rows that nothing leads to any more; inside a transaction. */
export function removeOrphans(
  database: DatabaseSync,
  keptFiles: ReadonlySet<string>,
  isKept: (file: string) => boolean,
): void {
  database.exec(
    "DELETE FROM results WHERE sheet IS NULL AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.id = results.run)",
  );
  database.exec(
    "DELETE FROM processes WHERE NOT EXISTS (SELECT 1 FROM runs WHERE runs.holder = processes.id) AND heartbeat < unixepoch() * 1000 - 600000",
  );
  const forget = database.prepare("DELETE FROM file_owners WHERE file = ?");
  for (const row of database.prepare("SELECT DISTINCT file FROM file_owners").all()) {
    const file = String(row["file"]);
    if (!keptFiles.has(file) && !isKept(file)) forget.run(file);
  }
}
