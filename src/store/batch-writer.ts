import type { SqliteItems } from "./sqlite-items.ts";
import type { SqliteOwners } from "./sqlite-owners.ts";
import type { SqliteResults } from "./sqlite-results.ts";
import type { SqliteRuns } from "./sqlite-runs.ts";
import type { SqliteSheets } from "./sqlite-sheets.ts";
import type { Batch } from "./store.ts";

interface Tables {
  readonly sheets: SqliteSheets;
  readonly runs: SqliteRuns;
  readonly items: SqliteItems;
  readonly results: SqliteResults;
  readonly owners: SqliteOwners;
  /** This process, in the leases. */
  readonly holder: string;
}

/** Writes what runs report; inside a transaction. */
export class BatchWriter {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  write(scope: number, { results = [], items = [], runNodes = [], runs = [] }: Batch): void {
    const tables = this.#tables;
    this.#writeItems(scope, items);
    for (const { sheet, record, select } of results) {
      const number = sheet === null ? null : tables.sheets.require(scope, sheet);
      tables.results.write(scope, number, record, select);
      // Items have brought theirs.
      if (record.items === null || record.edited) tables.owners.ownAll(scope, record.outputs);
      if (number !== null) tables.sheets.touch(number);
    }
    for (const { run, node, state } of runNodes) tables.runs.setNode(this.#held(run), node, state);
    for (const { run, status, endedAt, lastSeq } of runs) {
      tables.runs.setStatus(this.#held(run), status, endedAt, lastSeq);
    }
  }

  #held(run: string): number {
    return this.#tables.runs.requireHeld(run, this.#tables.holder);
  }

  #writeItems(scope: number, items: NonNullable<Batch["items"]>): void {
    const tables = this.#tables;
    let known = { id: "", number: 0 };
    for (const { run, node, record } of items) {
      // What an earlier run made is kept already.
      if (record.run !== run) continue;
      if (run !== known.id) known = { id: run, number: this.#held(run) };
      tables.items.write(known.number, node, record);
      tables.owners.ownAll(scope, record.outputs);
    }
  }
}
