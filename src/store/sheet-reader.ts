import type { DatabaseSync } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ItemRange } from "./item-ranges.ts";
import type { KeptItem, KeptRange, KeptResult, KeptRun, SheetPart } from "./sheet-parts.ts";
import { toItem } from "./sqlite-items.ts";
import { toKeptResult } from "./sqlite-results.ts";
import type { SqliteRuns } from "./sqlite-runs.ts";

type Row = Record<string, string | number | null>;

/** So many rows at once; other work has its turn between them. */
const ROWS = 200;

const toEnded = <T extends string>(status: T) =>
  status === "running" ? "cancelled" : status === "waiting" ? "interrupted" : status;

/** Reads what hangs on a sheet, piece by piece. What is added meanwhile is not part of it. */
export class SheetReader {
  readonly #database: DatabaseSync;
  readonly #runs: SqliteRuns;
  readonly #sheet: number;
  readonly #results: readonly number[];
  /** Runs by number, in the order in which they are told. */
  readonly #runIds = new Map<number, string>();
  readonly #ranges: { readonly node: string; readonly range: ItemRange }[] = [];
  readonly #isAll: boolean;
  /** Numbers of results say nothing to others: revisions are counted as they come. */
  readonly #revisions = new Map<number, number>();

  constructor(
    database: DatabaseSync,
    runs: SqliteRuns,
    { scope, sheet, only }: { scope: number; sheet: number; only: readonly string[] | undefined },
  ) {
    this.#database = database;
    this.#runs = runs;
    this.#sheet = sheet;
    this.#isAll = only === undefined;
    if (only === undefined) {
      const rows = database.prepare("SELECT number FROM results WHERE sheet = ? ORDER BY number").all(sheet);
      this.#results = rows.map((row) => Number(row["number"]));
    } else {
      const one = database.prepare("SELECT number FROM results WHERE id = ? AND scope = ?");
      const numbers = only.map((id) => one.get(id, scope)?.["number"]).filter((number) => number != null);
      this.#results = numbers.map(Number).sort((a, b) => a - b);
    }
  }

  async *parts(): AsyncGenerator<SheetPart, void, void> {
    await this.#findRuns();
    for (const number of this.#runIds.keys()) {
      const record = this.#readRun(number);
      if (record !== undefined) yield { type: "run", record };
    }
    for (const row of this.#rowsOf("*")) {
      if (row === undefined) await nextTurn();
      else yield { type: "result", record: this.#toResult(row) };
    }
    if (this.#isAll) {
      for (const run of this.#runIds.keys()) yield* this.#itemsOfRun(run);
      return;
    }
    const told = new Set<string>();
    for (const { node, range } of this.#ranges) yield* this.#itemsOfRange(node, range, told);
  }

  /** The sheet's own runs, and those in which items of its results stand. */
  async #findRuns(): Promise<void> {
    const numbers = new Set<number>();
    if (this.#isAll) {
      for (const row of this.#database
        .prepare("SELECT number FROM runs WHERE sheet = ? ORDER BY number")
        .all(this.#sheet))
        numbers.add(Number(row["number"]));
    }
    const number = this.#database.prepare("SELECT number FROM runs WHERE id = ?");
    for (const row of this.#rowsOf("node, run, items")) {
      if (row === undefined) {
        await nextTurn();
        continue;
      }
      const run = number.get(String(row["run"]))?.["number"];
      if (run != null) numbers.add(Number(run));
      if (row["items"] == null) continue;
      for (const range of JSON.parse(String(row["items"])) as ItemRange[]) {
        numbers.add(range[0]);
        this.#ranges.push({ node: String(row["node"]), range });
      }
    }
    const id = this.#database.prepare("SELECT id FROM runs WHERE number = ?");
    for (const each of [...numbers].sort((a, b) => a - b)) {
      const found = id.get(each)?.["id"];
      if (typeof found === "string") this.#runIds.set(each, found);
    }
  }

  /** The wanted results, oldest first; `undefined` where it is others' turn. */
  *#rowsOf(columns: string): Generator<Row | undefined> {
    const one = this.#database.prepare(`SELECT ${columns} FROM results WHERE number = ?`);
    let count = 0;
    for (const number of this.#results) {
      const row = one.get(number) as Row | undefined;
      if (row !== undefined) yield row;
      if (++count % ROWS === 0) yield undefined;
    }
  }

  #readRun(number: number): KeptRun | undefined {
    const run = this.#runs.byNumber(number);
    if (run === undefined) return undefined;
    const { sheet: _, ...record } = run;
    const status = toEnded(record.status);
    // Somebody who was asked is asked again when the copy is resumed; what runs here runs here only.
    const nodes = Object.entries(record.nodes).map(([node, { asked, ...state }]) => [
      node,
      { ...state, status: toEnded(state.status) },
    ]);
    const endedAt = status === record.status ? record.endedAt : record.startedAt;
    return { ...record, status, endedAt, nodes: Object.fromEntries(nodes) };
  }

  #toResult(row: Row): KeptResult {
    const ranges = row["items"] == null ? null : (JSON.parse(String(row["items"])) as ItemRange[]);
    const items = ranges?.map(
      ([run, revision, first, count]): KeptRange => [
        this.#runIds.get(run) ?? "",
        this.#revision(revision),
        first,
        count,
      ],
    );
    return toKeptResult(row, items ?? null);
  }

  #revision(revision: number): number {
    if (revision === 0) return 0;
    const known = this.#revisions.get(revision);
    if (known !== undefined) return known;
    this.#revisions.set(revision, this.#revisions.size + 1);
    return this.#revisions.size;
  }

  /** What the run made, then what was replaced, in the order in which it was. */
  async *#itemsOfRun(run: number): AsyncGenerator<SheetPart, void, void> {
    for (const revisions of ["= 0", "< 0", "> 0"]) {
      const page = this.#database.prepare(
        `SELECT * FROM items WHERE run = ? AND revision ${revisions} AND (node, revision, position) > (?, ?, ?)
         ORDER BY node, revision, position LIMIT ${ROWS}`,
      );
      let after: readonly [string, number, number] = ["", Number.MIN_SAFE_INTEGER, -1];
      for (;;) {
        const rows = page.all(run, ...after) as Row[];
        for (const row of rows) {
          yield { type: "item", record: this.#toItem(row) };
          after = [String(row["node"]), Number(row["revision"]), Number(row["position"])];
        }
        if (rows.length < ROWS) break;
        await nextTurn();
      }
    }
  }

  async *#itemsOfRange(
    node: string,
    range: ItemRange,
    told: Set<string>,
  ): AsyncGenerator<SheetPart, void, void> {
    const [run, revision, first, count] = range;
    const one = this.#database.prepare(
      "SELECT * FROM items WHERE run = ? AND node = ? AND revision = ? AND position = ?",
    );
    for (let position = first; position < first + count; position++) {
      const key = JSON.stringify([run, node, revision, position]);
      if (told.has(key)) continue;
      told.add(key);
      const row = one.get(run, node, revision, position) as Row | undefined;
      if (row !== undefined) yield { type: "item", record: this.#toItem(row) };
      if (told.size % ROWS === 0) await nextTurn();
    }
  }

  #toItem(row: Row): KeptItem {
    const { index: _, ...item } = toItem(row, 0, this.#runIds.get(Number(row["run"])) ?? "");
    return {
      ...item,
      node: String(row["node"]),
      revision: this.#revision(Number(row["revision"])),
      position: Number(row["position"]),
    };
  }
}
