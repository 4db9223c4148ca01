import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ItemRecord, ResultRecord } from "../graph/result.ts";
import type { ItemRange } from "./item-ranges.ts";
import { areMadeOf, gatherOutputs } from "./scattered-outputs.ts";
import type { SqliteItems } from "./sqlite-items.ts";
import type { SqliteRuns } from "./sqlite-runs.ts";
import type { HistoryRange, HistoryRecords, Tally } from "./store.ts";

type Row = Record<string, string | number | null>;

/** How many items a scattered result is shown with in its history. */
const HISTORY_ITEMS = 12;

/** Results and what is selected of them. */
export class SqliteResults {
  readonly #database: DatabaseSync;
  readonly #items: SqliteItems;
  readonly #runs: SqliteRuns;
  readonly #insert: StatementSync;
  readonly #setItems: StatementSync;
  readonly #count: StatementSync;
  readonly #source: StatementSync;
  readonly #byId: StatementSync;

  constructor(database: DatabaseSync, items: SqliteItems, runs: SqliteRuns) {
    this.#database = database;
    this.#items = items;
    this.#runs = runs;
    this.#insert = database.prepare(
      `INSERT INTO results (id, scope, sheet, ordinal, run, node, variant, fingerprint, identity, inputs, input_hashes, fields,
       upstream, drawn, outputs, output_names, started_at, duration_ms, edited)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#setItems = database.prepare("UPDATE results SET items = ? WHERE number = ?");
    this.#count = database.prepare(
      `INSERT INTO sheet_nodes (sheet, node, selected, results) VALUES (?, ?, ?, 1)
       ON CONFLICT DO UPDATE SET results = results + 1, selected = coalesce(excluded.selected, selected) RETURNING results`,
    );
    this.#source = database.prepare(
      "INSERT OR IGNORE INTO result_sources (upstream, node, result) VALUES (?, ?, ?)",
    );
    this.#byId = database.prepare("SELECT * FROM results WHERE id = ? AND scope = ?");
  }

  write(scope: number, sheet: number | null, record: ResultRecord, select: boolean): void {
    const ordinal =
      sheet === null
        ? null
        : Number(this.#count.get(sheet, record.node, select ? record.id : null)?.["results"]);
    const rebuilt = record.items !== null && areMadeOf(record.outputs, record.items);
    const number = Number(
      this.#insert.run(
        record.id,
        scope,
        sheet,
        ordinal,
        record.run,
        record.node,
        record.variant,
        record.fingerprint,
        record.identity,
        JSON.stringify(record.inputs),
        JSON.stringify(record.inputHashes),
        JSON.stringify(record.fields),
        JSON.stringify(record.upstream),
        JSON.stringify(record.drawn),
        rebuilt ? null : JSON.stringify(record.outputs),
        rebuilt ? JSON.stringify(Object.keys(record.outputs)) : null,
        record.startedAt,
        record.durationMs,
        record.edited ? 1 : 0,
      ).lastInsertRowid,
    );
    if (record.items !== null) {
      const run = this.#runs.require(record.run);
      const ranges = this.#items.rangesFor(run, sheet, record.node, number, record.items);
      this.#setItems.run(JSON.stringify(ranges), number);
    }
    if (sheet === null) return;
    for (const upstream of Object.values(record.upstream)) this.#source.run(upstream, record.node, number);
  }

  read(scope: number, id: string): ResultRecord | undefined {
    const row = this.#byId.get(id, scope) as Row | undefined;
    return row === undefined ? undefined : this.#toRecord(row);
  }

  page(sheet: number, node: string, { offset, limit, text }: HistoryRange): HistoryRecords {
    if (text !== undefined && text !== "") return this.#pageWith(sheet, node, offset, limit, text);
    const total = this.#total(sheet, node);
    // By number rather than with OFFSET: the last page is as quick as the first.
    const rows = this.#database
      .prepare(
        "SELECT * FROM results WHERE sheet = ? AND node = ? AND ordinal <= ? AND ordinal > ? ORDER BY ordinal DESC",
      )
      .all(sheet, node, total - offset, total - offset - limit) as Row[];
    return this.#toPage(rows, total);
  }

  /** Texts are kept as JSON: what is looked for is written the same way. */
  #pageWith(sheet: number, node: string, offset: number, limit: number, text: string): HistoryRecords {
    const pattern = `%${JSON.stringify(text)
      .slice(1, -1)
      .replace(/[\\%_]/g, "\\$&")}%`;
    const where = "sheet = ? AND node = ? AND (inputs LIKE ? ESCAPE '\\' OR outputs LIKE ? ESCAPE '\\')";
    const given = [sheet, node, pattern, pattern];
    const counted = this.#database
      .prepare(`SELECT count(*) AS total FROM results WHERE ${where}`)
      .get(...given);
    const rows = this.#database
      .prepare(`SELECT * FROM results WHERE ${where} ORDER BY ordinal DESC LIMIT ? OFFSET ?`)
      .all(...given, limit, offset) as Row[];
    return this.#toPage(rows, Number(counted?.["total"]));
  }

  #toPage(rows: readonly Row[], total: number): HistoryRecords {
    return {
      results: rows.map((row) => this.#toRecord(row, HISTORY_ITEMS)),
      indices: rows.map((row) => Number(row["ordinal"]) - 1),
      total,
    };
  }

  /** How many results each node has, and which of them is selected. */
  tallies(sheet: number): Record<string, Tally> {
    const tallies: Record<string, Tally> = {};
    const rows = this.#database
      .prepare(
        "SELECT node, results, (SELECT ordinal FROM results WHERE results.id = selected) AS ordinal FROM sheet_nodes WHERE sheet = ?",
      )
      .all(sheet) as Row[];
    for (const { node, results, ordinal } of rows) {
      tallies[String(node)] = {
        total: Number(results),
        ...(ordinal == null ? {} : { index: Number(ordinal) - 1 }),
      };
    }
    return tallies;
  }

  madeFrom(sheet: number, node: string, upstream: string): readonly ResultRecord[] {
    const rows = this.#database
      .prepare(
        `SELECT results.* FROM result_sources JOIN results ON results.number = result_sources.result
         WHERE result_sources.upstream = ? AND result_sources.node = ? AND results.sheet = ? ORDER BY results.number DESC LIMIT 100`,
      )
      .all(upstream, node, sheet) as Row[];
    return rows.map((row) => this.#toRecord(row, HISTORY_ITEMS));
  }

  durations(scope: number, node: string, limit: number): readonly number[] {
    const rows = this.#database
      .prepare(
        "SELECT duration_ms FROM results WHERE scope = ? AND node = ? AND edited = 0 ORDER BY number DESC LIMIT ?",
      )
      .all(scope, node, limit) as Row[];
    return rows.map((row) => Number(row["duration_ms"]));
  }

  find(scope: number, node: string, fingerprint: string): ResultRecord | undefined {
    const row = this.#database
      .prepare(
        "SELECT * FROM results WHERE fingerprint = ? AND scope = ? AND node = ? AND edited = 0 ORDER BY number DESC LIMIT 1",
      )
      .get(fingerprint, scope, node) as Row | undefined;
    return row === undefined ? undefined : this.#toRecord(row);
  }

  #total(sheet: number, node: string): number {
    const row = this.#database
      .prepare("SELECT results FROM sheet_nodes WHERE sheet = ? AND node = ?")
      .get(sheet, node);
    return Number(row?.["results"] ?? 0);
  }

  /** With `shown`, a scattered result has no items, and the values of the first few of them. */
  #toRecord(row: Row, shown?: number): ResultRecord {
    const node = String(row["node"]);
    const items =
      row["items"] == null
        ? null
        : this.#items.read(node, JSON.parse(String(row["items"])) as ItemRange[], shown);
    return {
      id: String(row["id"]),
      node,
      variant: Number(row["variant"]),
      fingerprint: String(row["fingerprint"]),
      identity: String(row["identity"]),
      inputs: JSON.parse(String(row["inputs"])),
      inputHashes: JSON.parse(String(row["input_hashes"])),
      fields: JSON.parse(String(row["fields"])),
      upstream: JSON.parse(String(row["upstream"])),
      drawn: JSON.parse(String(row["drawn"])),
      outputs:
        row["outputs"] == null
          ? gatherOutputs(JSON.parse(String(row["output_names"])), items ?? [])
          : JSON.parse(String(row["outputs"])),
      items: items !== null && shown !== undefined ? ([] as ItemRecord[]) : items,
      startedAt: Number(row["started_at"]),
      durationMs: Number(row["duration_ms"]),
      run: String(row["run"]),
      edited: row["edited"] === 1,
    };
  }
}
