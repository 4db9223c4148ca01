import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ItemRecord } from "../graph/result.ts";
import { type ItemPlace, type ItemRange, toRanges } from "./item-ranges.ts";

type Row = Record<string, string | number | null>;

/** Items of scattered nodes: written once, as they finish; results refer to them by ranges. */
export class SqliteItems {
  readonly #insert: StatementSync;
  readonly #range: StatementSync;
  readonly #one: StatementSync;
  readonly #kept: Readonly<Record<"sheet" | "run", StatementSync>>;
  readonly #failed: StatementSync;
  readonly #counts: StatementSync;
  readonly #runId: StatementSync;
  readonly #runOf: StatementSync;
  /** Where the records that this process has written or read are kept. */
  readonly #places = new WeakMap<ItemRecord, ItemPlace>();

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(
      `INSERT OR REPLACE INTO items (run, node, revision, position, fingerprint, drawn, outputs, error, started_at, duration_ms, fallback)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const columns =
      "items.run, revision, position, fingerprint, drawn, outputs, error, items.started_at, duration_ms, items.fallback";
    this.#range = database.prepare(
      `SELECT ${columns} FROM items WHERE run = ? AND node = ? AND revision = ? AND position >= ? AND position < ? ORDER BY position`,
    );
    this.#one = database.prepare(
      "SELECT fingerprint, outputs, started_at FROM items WHERE run = ? AND node = ? AND revision = 0 AND position = ?",
    );
    const kept = (owner: string) =>
      database.prepare(
        `SELECT ${columns} FROM runs CROSS JOIN items ON items.run = runs.number AND items.node = ? WHERE runs.${owner} = ?
         AND NOT EXISTS (SELECT 1 FROM results WHERE results.run = runs.id AND results.node = items.node)
         AND revision = 0 AND error IS NULL ORDER BY items.run, position`,
      );
    this.#kept = { sheet: kept("sheet"), run: kept("number") };
    this.#failed = database.prepare(
      `SELECT node, ${columns} FROM items WHERE run = ? AND revision = 0 AND error IS NOT NULL ORDER BY position`,
    );
    this.#counts = database.prepare(
      "SELECT node, count(*) - count(error) AS done, count(error) AS failed FROM items WHERE run = ? AND revision = 0 GROUP BY node",
    );
    this.#runId = database.prepare("SELECT id FROM runs WHERE number = ?");
    this.#runOf = database.prepare("SELECT number, sheet FROM runs WHERE id = ?");
  }

  write(run: number, node: string, record: ItemRecord, revision = 0, position = record.index): ItemPlace {
    this.#insert.run(
      run,
      node,
      revision,
      position,
      record.fingerprint,
      isEmpty(record.drawn) ? null : JSON.stringify(record.drawn),
      JSON.stringify(record.outputs),
      record.error === undefined ? null : JSON.stringify(record.error),
      record.startedAt,
      record.durationMs,
      record.fallback === undefined ? null : JSON.stringify(record.fallback),
    );
    const place = { run, revision, position };
    this.#places.set(record, place);
    return place;
  }

  /**
   * The ranges of a result's items. Items that are kept already, by this run or by another of the same sheet, are only
   * referred to; others are written for this result.
   */
  rangesFor(
    run: number,
    sheet: number | null,
    node: string,
    revision: number,
    records: readonly ItemRecord[],
  ): readonly ItemRange[] {
    const lives = new Map<number, boolean>([[run, true]]);
    const livesAsLong = (other: number): boolean => {
      let answer = lives.get(other);
      if (answer === undefined) {
        const id = this.#runId.get(other)?.["id"];
        answer = sheet !== null && typeof id === "string" && this.#runOf.get(id)?.["sheet"] === sheet;
        lives.set(other, answer);
      }
      return answer;
    };
    const places = records.map((record, position) => {
      const place = this.#places.get(record) ?? this.#search(node, record);
      return place !== undefined && livesAsLong(place.run)
        ? place
        : this.write(run, node, record, revision, position);
    });
    return toRanges(places);
  }

  read(node: string, ranges: readonly ItemRange[], limit = Number.POSITIVE_INFINITY): ItemRecord[] {
    const items: ItemRecord[] = [];
    for (const [run, revision, first, count] of ranges) {
      const wanted = Math.min(count, limit - items.length);
      if (wanted <= 0) break;
      const rows = this.#range.all(run, node, revision, first, first + wanted) as Row[];
      this.#append(items, rows, (index) => index);
    }
    return items;
  }

  kept(owner: "sheet" | "run", number: number, node: string): ItemRecord[] {
    const items: ItemRecord[] = [];
    this.#append(items, this.#kept[owner].all(node, number) as Row[], (_, row) => Number(row["position"]));
    return items;
  }

  counts(run: number): Record<string, { readonly done: number; readonly failed: number }> {
    const counts: Record<string, { done: number; failed: number }> = {};
    for (const row of this.#counts.all(run) as Row[]) {
      counts[String(row["node"])] = { done: Number(row["done"]), failed: Number(row["failed"]) };
    }
    return counts;
  }

  #append(items: ItemRecord[], rows: readonly Row[], indexOf: (index: number, row: Row) => number): void {
    let run = -1;
    let runId = "";
    for (const row of rows) {
      if (row["run"] !== run) {
        run = Number(row["run"]);
        runId = String(this.#runId.get(run)?.["id"]);
      }
      const item = toItem(row, indexOf(items.length, row), runId);
      this.#places.set(item, { run, revision: Number(row["revision"]), position: Number(row["position"]) });
      items.push(item);
    }
  }

  /** Items of a run that failed, by node. */
  failed(run: number): Record<string, ItemRecord[]> {
    const failed: Record<string, ItemRecord[]> = {};
    const id = String(this.#runId.get(run)?.["id"]);
    for (const row of this.#failed.all(run) as Row[]) {
      const node = String(row["node"]);
      failed[node] ??= [];
      failed[node].push(toItem(row, Number(row["position"]), id));
    }
    return failed;
  }

  /** A record that somebody copied is still the one that is kept if it says the same. */
  #search(node: string, record: ItemRecord): ItemPlace | undefined {
    const run = this.#runOf.get(record.run)?.["number"];
    if (run === undefined || run === null) return undefined;
    const row = this.#one.get(run, node, record.index);
    if (
      row === undefined ||
      row["fingerprint"] !== record.fingerprint ||
      row["started_at"] !== record.startedAt
    )
      return undefined;
    if (row["outputs"] !== JSON.stringify(record.outputs)) return undefined;
    return { run: Number(run), revision: 0, position: record.index };
  }
}

export function toItem(row: Row, index: number, run: string): ItemRecord {
  return {
    index,
    fingerprint: String(row["fingerprint"]),
    drawn: row["drawn"] === null ? {} : JSON.parse(String(row["drawn"])),
    outputs: JSON.parse(String(row["outputs"])),
    startedAt: Number(row["started_at"]),
    durationMs: Number(row["duration_ms"]),
    run,
    ...(row["error"] === null ? {} : { error: JSON.parse(String(row["error"])) }),
    ...(row["fallback"] == null ? {} : { fallback: JSON.parse(String(row["fallback"])) }),
  };
}

function isEmpty(record: object): boolean {
  for (const _ in record) return false;
  return true;
}
