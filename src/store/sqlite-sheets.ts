import { randomUUID } from "node:crypto";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { DaggrError } from "../base/errors.ts";
import type { SheetInfo, Viewport } from "../protocol/view.ts";
import type { SheetState } from "./store.ts";

type Row = Record<string, string | number | null>;

const INFO = `SELECT id, name, updated_at, viewport,
  (SELECT total(results) FROM sheet_nodes WHERE sheet_nodes.sheet = sheets.number) AS results FROM sheets`;

/** Sheets and what a person sets on them. Every method is synchronous and, where it writes, runs inside a transaction. */
export class SqliteSheets {
  readonly #database: DatabaseSync;
  readonly #number: StatementSync;
  readonly #touch: StatementSync;
  readonly #setField: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#number = database.prepare(
      "SELECT number FROM sheets WHERE id = ? AND scope = ? AND writer IS NULL",
    );
    this.#touch = database.prepare("UPDATE sheets SET updated_at = ? WHERE number = ?");
    this.#setField = database.prepare(
      "INSERT OR REPLACE INTO sheet_fields (sheet, address, value) VALUES (?, ?, ?)",
    );
  }

  /** The sheet's row number, or `undefined` when there is none in this scope. */
  find(scope: number, id: string): number | undefined {
    const row = this.#number.get(id, scope);
    return row === undefined ? undefined : Number(row["number"]);
  }

  require(scope: number, id: string): number {
    const number = this.find(scope, id);
    if (number === undefined) throw new DaggrError("SHEET_NOT_FOUND", "This sheet does not exist any more.");
    return number;
  }

  touch(sheet: number): void {
    this.#touch.run(Date.now(), sheet);
  }

  list(scope: number): readonly SheetInfo[] {
    return this.#database
      .prepare(`${INFO} WHERE scope = ? AND writer IS NULL ORDER BY number`)
      .all(scope)
      .map((row) => toInfo(row as Row));
  }

  create(scope: number, name: string): SheetInfo {
    const info = { id: randomUUID(), name, updatedAt: Date.now(), results: 0 };
    this.#database
      .prepare("INSERT INTO sheets (id, scope, name, updated_at) VALUES (?, ?, ?, ?)")
      .run(info.id, scope, name, info.updatedAt);
    return info;
  }

  /** A sheet that shows only once {@link publish} was called. */
  begin(scope: number, wanted: string, writer: string): number {
    const isTaken = this.#database.prepare("SELECT 1 FROM sheets WHERE id = ?").get(wanted) !== undefined;
    const { lastInsertRowid } = this.#database
      .prepare("INSERT INTO sheets (id, scope, name, updated_at, writer) VALUES (?, ?, '', ?, ?)")
      .run(isTaken ? randomUUID() : wanted, scope, Date.now(), writer);
    return Number(lastInsertRowid);
  }

  publish(sheet: number, name: string): SheetInfo {
    this.#database
      .prepare("UPDATE sheets SET name = ?, updated_at = ?, writer = NULL WHERE number = ?")
      .run(name, Date.now(), sheet);
    return this.load(sheet).info;
  }

  /** Sheets that a process began and never finished. */
  removeUnfinished(isAlive: (writer: string) => boolean): void {
    for (const { number, writer } of this.#database
      .prepare("SELECT number, writer FROM sheets WHERE writer IS NOT NULL")
      .all() as Row[]) {
      if (!isAlive(String(writer))) this.remove(Number(number));
    }
  }

  clear(sheet: number): void {
    for (const table of ["sheet_fields", "sheet_nodes", "results", "runs"])
      this.#database.prepare(`DELETE FROM ${table} WHERE sheet = ?`).run(sheet);
    this.touch(sheet);
  }

  rename(sheet: number, name: string): void {
    this.#database
      .prepare("UPDATE sheets SET name = ?, updated_at = ? WHERE number = ?")
      .run(name, Date.now(), sheet);
  }

  remove(sheet: number): void {
    this.#database.prepare("DELETE FROM sheets WHERE number = ?").run(sheet);
  }

  load(sheet: number): SheetState {
    const info = this.#database.prepare(`${INFO} WHERE number = ?`).get(sheet) as Row;
    const fields: Record<string, unknown> = {};
    for (const row of this.#all("SELECT address, value FROM sheet_fields WHERE sheet = ?", sheet)) {
      fields[String(row["address"])] = JSON.parse(String(row["value"]));
    }
    const positions: Record<string, { x: number; y: number }> = {};
    for (const row of this.#all("SELECT card, x, y FROM sheet_positions WHERE sheet = ?", sheet)) {
      positions[String(row["card"])] = { x: Number(row["x"]), y: Number(row["y"]) };
    }
    const variants: Record<string, number> = {};
    const selected: Record<string, string> = {};
    for (const row of this.#all("SELECT node, variant, selected FROM sheet_nodes WHERE sheet = ?", sheet)) {
      if (row["variant"] !== null) variants[String(row["node"])] = Number(row["variant"]);
      if (row["selected"] !== null) selected[String(row["node"])] = String(row["selected"]);
    }
    const viewport = info["viewport"] == null ? null : (JSON.parse(String(info["viewport"])) as Viewport);
    return { info: toInfo(info), fields, variants, selected, positions, viewport };
  }

  setFields(sheet: number, fields: Readonly<Record<string, unknown>>): void {
    for (const [address, value] of Object.entries(fields)) {
      this.#setField.run(sheet, address, JSON.stringify(value) ?? "null");
    }
    this.touch(sheet);
  }

  setVariant(sheet: number, node: string, variant: number): void {
    this.#database
      .prepare(
        "INSERT INTO sheet_nodes (sheet, node, variant) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET variant = excluded.variant",
      )
      .run(sheet, node, variant);
    this.touch(sheet);
  }

  setPositions(
    sheet: number,
    positions: Readonly<Record<string, { readonly x: number; readonly y: number } | null>>,
  ): void {
    const insert = this.#database.prepare(
      "INSERT OR REPLACE INTO sheet_positions (sheet, card, x, y) VALUES (?, ?, ?, ?)",
    );
    const remove = this.#database.prepare("DELETE FROM sheet_positions WHERE sheet = ? AND card = ?");
    for (const [card, position] of Object.entries(positions)) {
      if (position === null) remove.run(sheet, card);
      else insert.run(sheet, card, position.x, position.y);
    }
  }

  setViewport(sheet: number, viewport: Viewport): void {
    this.#database
      .prepare("UPDATE sheets SET viewport = ? WHERE number = ?")
      .run(JSON.stringify(viewport), sheet);
  }

  select(sheet: number, selections: Readonly<Record<string, string | null>>): void {
    const select = this.#database.prepare(
      "INSERT INTO sheet_nodes (sheet, node, selected) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET selected = excluded.selected",
    );
    for (const [node, result] of Object.entries(selections)) select.run(sheet, node, result);
    this.touch(sheet);
  }

  #all(sql: string, sheet: number): Row[] {
    return this.#database.prepare(sql).all(sheet) as Row[];
  }
}

function toInfo(row: Row): SheetInfo {
  return {
    id: String(row["id"]),
    name: String(row["name"]),
    updatedAt: Number(row["updated_at"]),
    results: Number(row["results"]),
  };
}
