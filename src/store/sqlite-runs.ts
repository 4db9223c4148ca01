import type { DatabaseSync, StatementSync } from "node:sqlite";
import { DaggrError } from "../base/errors.ts";
import type { RunMode } from "../protocol/plan.ts";
import type { RunNodeRecord, RunRecord, RunStatus } from "./store.ts";

type Row = Record<string, string | number | null>;

const SELECT =
  "SELECT runs.*, sheets.id AS sheet_id FROM runs LEFT JOIN sheets ON sheets.number = runs.sheet";

/** Runs and what each has recorded per node. */
export class SqliteRuns {
  readonly #database: DatabaseSync;
  readonly #number: StatementSync;
  readonly #insert: StatementSync;
  readonly #setNode: StatementSync;
  readonly #setStatus: StatementSync;
  readonly #nodes: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#number = database.prepare("SELECT number, holder FROM runs WHERE id = ?");
    this.#insert = database.prepare(
      `INSERT INTO runs (id, scope, sheet, mode, targets, fields, variants, status, started_at, holder, item)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#setNode = database.prepare("INSERT OR REPLACE INTO run_nodes (run, node, state) VALUES (?, ?, ?)");
    this.#setStatus = database.prepare(
      `UPDATE runs SET status = ?1, ended_at = ?2, last_seq = ?3,
         holder = CASE ?1 WHEN 'waiting' THEN NULL ELSE holder END WHERE number = ?4`,
    );
    this.#nodes = database.prepare("SELECT node, state FROM run_nodes WHERE run = ?");
  }

  find(scope: number, id: string): number | undefined {
    const row = this.#database.prepare("SELECT number FROM runs WHERE id = ? AND scope = ?").get(id, scope);
    return row === undefined ? undefined : Number(row["number"]);
  }

  require(id: string): number {
    const row = this.#number.get(id);
    if (row === undefined) throw new DaggrError("RUN_NOT_FOUND", "This run is not kept any more.");
    return Number(row["number"]);
  }

  /** The run's number, when `holder` has it: what a process reports of a run that was taken over does not count. */
  requireHeld(id: string, holder: string): number {
    const row = this.#number.get(id);
    if (row !== undefined && row["holder"] !== holder) {
      throw new DaggrError("RUN_TAKEN_OVER", "Another process has taken this run over.");
    }
    return this.require(id);
  }

  create(
    scope: number,
    sheet: number | null,
    run: Omit<RunRecord, "nodes" | "lastSeq" | "endedAt">,
    holder: string | null,
  ): number {
    const { id, mode, targets, fields, variants, status, startedAt } = run;
    const texts = [targets, fields, variants].map((value) => JSON.stringify(value)) as [
      string,
      string,
      string,
    ];
    return Number(
      this.#insert.run(id, scope, sheet, mode, ...texts, status, startedAt, holder, run.item ?? null)
        .lastInsertRowid,
    );
  }

  setNode(run: number, node: string, state: RunNodeRecord): void {
    this.#setNode.run(run, node, JSON.stringify(state));
  }

  setStatus(run: number, status: RunStatus, endedAt: number | null, lastSeq: number): void {
    this.#setStatus.run(status, endedAt, lastSeq, run);
  }

  read(scope: number, id: string): RunRecord | undefined {
    const row = this.#database.prepare(`${SELECT} WHERE runs.id = ? AND runs.scope = ?`).get(id, scope) as
      | Row
      | undefined;
    return row === undefined ? undefined : this.#toRecord(row);
  }

  byNumber(number: number): RunRecord | undefined {
    const row = this.#database.prepare(`${SELECT} WHERE runs.number = ?`).get(number) as Row | undefined;
    return row === undefined ? undefined : this.#toRecord(row);
  }

  /** Newest first. */
  list(scope: number, sheet: number | undefined, offset: number, limit: number): readonly RunRecord[] {
    const where = sheet === undefined ? "runs.scope = ?" : "runs.scope = ? AND runs.sheet = ?";
    const owner = sheet === undefined ? [scope] : [scope, sheet];
    const rows = this.#database
      .prepare(`${SELECT} WHERE ${where} ORDER BY runs.number DESC LIMIT ? OFFSET ?`)
      .all(...owner, limit, offset);
    return (rows as Row[]).map((row) => this.#toRecord(row));
  }

  /** The oldest first. */
  waiting(scope: number, sheet: number): readonly RunRecord[] {
    // The first condition on the status is that of the index.
    const rows = this.#database
      .prepare(
        `${SELECT} WHERE runs.scope = ? AND runs.status IN ('running', 'waiting') AND runs.status = 'waiting'
           AND runs.sheet = ? ORDER BY runs.number`,
      )
      .all(scope, sheet);
    return (rows as Row[]).map((row) => this.#toRecord(row));
  }

  /** Those that a process holds, or held. */
  open(
    scope: number,
  ): readonly { readonly number: number; readonly id: string; readonly holder: string | null }[] {
    const rows = this.#database
      .prepare(
        `SELECT number, id, holder FROM runs
         WHERE scope = ? AND status IN ('running', 'waiting') AND status = 'running'`,
      )
      .all(scope) as Row[];
    return rows.map((row) => ({
      number: Number(row["number"]),
      id: String(row["id"]),
      holder: row["holder"] as string | null,
    }));
  }

  interrupt(run: number): void {
    this.#database
      .prepare("UPDATE runs SET status = 'interrupted', ended_at = ?, holder = NULL WHERE number = ?")
      .run(Date.now(), run);
    this.#database
      .prepare(
        "UPDATE run_nodes SET state = json_set(state, '$.status', 'interrupted') WHERE run = ? AND state ->> '$.status' IN ('running', 'waiting')",
      )
      .run(run);
  }

  remove(scope: number, id: string): boolean {
    const number = this.find(scope, id);
    if (number === undefined) return false;
    const removed = this.#database.prepare("DELETE FROM runs WHERE number = ? AND sheet IS NULL").run(number);
    if (removed.changes === 0) return false;
    this.#database.prepare("DELETE FROM results WHERE run = ? AND sheet IS NULL").run(id);
    return true;
  }

  holder(run: number): string | null {
    return (this.#database.prepare("SELECT holder FROM runs WHERE number = ?").get(run)?.["holder"] ??
      null) as string | null;
  }

  claim(run: number, holder: string): void {
    this.#database
      .prepare("UPDATE runs SET status = 'running', ended_at = NULL, holder = ? WHERE number = ?")
      .run(holder, run);
  }

  #toRecord(row: Row): RunRecord {
    const nodes: Record<string, RunNodeRecord> = {};
    for (const { node, state } of this.#nodes.all(row["number"] as number)) {
      nodes[String(node)] = JSON.parse(String(state)) as RunNodeRecord;
    }
    return {
      id: String(row["id"]),
      sheet: row["sheet_id"] as string | null,
      mode: row["mode"] as RunMode,
      targets: JSON.parse(String(row["targets"])),
      ...(row["item"] === null ? {} : { item: Number(row["item"]) }),
      fields: JSON.parse(String(row["fields"])),
      variants: JSON.parse(String(row["variants"])),
      status: row["status"] as RunStatus,
      startedAt: Number(row["started_at"]),
      endedAt: row["ended_at"] as number | null,
      nodes,
      lastSeq: Number(row["last_seq"]),
    };
  }
}
