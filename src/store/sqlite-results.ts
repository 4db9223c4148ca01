import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ItemRecord, ResultRecord } from "../graph/result.ts";
import type { ItemRange } from "./item-ranges.ts";
import { areMadeOf, gatherOutputs } from "./scattered-outputs.ts";
import type { KeptResult } from "./sheet-parts.ts";
import type { SqliteItems } from "./sqlite-items.ts";
import type { SqliteRuns } from "./sqlite-runs.ts";
import type { HistoryRange, HistoryRecords, ShortResult, Tally } from "./store.ts";

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
  readonly #durations: StatementSync;

  constructor(database: DatabaseSync, items: SqliteItems, runs: SqliteRuns) {
    this.#database = database;
    this.#items = items;
    this.#runs = runs;
    this.#insert = database.prepare(
      `INSERT INTO results (id, scope, sheet, ordinal, run, node, variant, fingerprint, identity, inputs, input_hashes, fields,
       upstream, drawn, outputs, output_names, started_at, duration_ms, edited, fallback)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
    this.#durations = database.prepare(
      `SELECT value AS node, (SELECT json_group_array(duration_ms) FROM (
         SELECT duration_ms FROM results WHERE scope = ?1 AND node = value AND edited = 0 ORDER BY number DESC LIMIT ?2
       )) AS durations FROM json_each(?3)`,
    );
  }

  write(scope: number, sheet: number | null, record: ResultRecord, select: boolean): void {
    const rebuilt = record.items !== null && areMadeOf(record.outputs, record.items);
    const number = this.#write(
      scope,
      sheet,
      {
        ...record,
        outputs: rebuilt ? null : record.outputs,
        outputNames: rebuilt ? Object.keys(record.outputs) : null,
      },
      select,
    );
    if (record.items === null) return;
    const run = this.#runs.require(record.run);
    const ranges = this.#items.rangesFor(run, sheet, record.node, number, record.items);
    this.#setItems.run(JSON.stringify(ranges), number);
  }

  /** A result of another sheet, whose items are kept with it. */
  writeKept(
    scope: number,
    sheet: number,
    record: Omit<KeptResult, "items">,
    ranges: readonly ItemRange[] | null,
  ): void {
    const number = this.#write(scope, sheet, record, false);
    if (ranges !== null) this.#setItems.run(JSON.stringify(ranges), number);
  }

  #write(scope: number, sheet: number | null, record: Omit<KeptResult, "items">, select: boolean): number {
    const ordinal =
      sheet === null
        ? null
        : Number(this.#count.get(sheet, record.node, select ? record.id : null)?.["results"]);
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
        record.outputs === null ? null : JSON.stringify(record.outputs),
        record.outputNames === null ? null : JSON.stringify(record.outputNames),
        record.startedAt,
        record.durationMs,
        record.edited ? 1 : 0,
        record.fallback === undefined ? null : JSON.stringify(record.fallback),
      ).lastInsertRowid,
    );
    if (sheet !== null)
      for (const upstream of Object.values(record.upstream)) this.#source.run(upstream, record.node, number);
    return number;
  }

  read(scope: number, id: string): ResultRecord | undefined {
    const row = this.#byId.get(id, scope) as Row | undefined;
    return row === undefined ? undefined : this.#toRecord(row);
  }

  indexOf(scope: number, id: string): number | undefined {
    const ordinal = (this.#byId.get(id, scope) as Row | undefined)?.["ordinal"];
    return ordinal == null ? undefined : Number(ordinal) - 1;
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
      results: rows.map((row) => this.#toShort(row)),
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

  /** One statement for all nodes: a sheet of a thousand of them opens no slower than it reads. */
  durations(scope: number, nodes: readonly string[], limit: number): Record<string, readonly number[]> {
    const rows = this.#durations.all(scope, limit, JSON.stringify(nodes)) as Row[];
    return Object.fromEntries(
      rows.map(({ node, durations }) => [String(node), JSON.parse(String(durations)) as number[]]),
    );
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

  #toShort(row: Row): ShortResult {
    const record = this.#toRecord(row, HISTORY_ITEMS);
    if (row["items"] == null) return record;
    const ranges = JSON.parse(String(row["items"])) as ItemRange[];
    return { ...record, itemCount: ranges.reduce((sum, [, , , count]) => sum + count, 0) };
  }

  /** With `shown`, a scattered result has no items, and the values of the first few of them. */
  #toRecord(row: Row, shown?: number): ResultRecord {
    const node = String(row["node"]);
    const items =
      row["items"] == null
        ? null
        : this.#items.read(node, JSON.parse(String(row["items"])) as ItemRange[], shown);
    const { outputNames, ...kept } = toKeptResult(row, null);
    return {
      ...kept,
      outputs: kept.outputs ?? gatherOutputs(outputNames ?? [], items ?? []),
      items: items !== null && shown !== undefined ? ([] as ItemRecord[]) : items,
    };
  }
}

/** A row of `results`, as it stands. */
export function toKeptResult(row: Row, items: KeptResult["items"]): KeptResult {
  const parse = (column: string) => (row[column] == null ? null : JSON.parse(String(row[column])));
  return {
    id: String(row["id"]),
    node: String(row["node"]),
    variant: Number(row["variant"]),
    fingerprint: String(row["fingerprint"]),
    identity: String(row["identity"]),
    inputs: parse("inputs"),
    inputHashes: parse("input_hashes"),
    fields: parse("fields"),
    upstream: parse("upstream"),
    drawn: parse("drawn"),
    outputs: parse("outputs"),
    outputNames: parse("output_names"),
    items,
    startedAt: Number(row["started_at"]),
    durationMs: Number(row["duration_ms"]),
    run: String(row["run"]),
    edited: row["edited"] === 1,
    ...(row["fallback"] == null ? {} : { fallback: parse("fallback") }),
  };
}
