import { randomUUID } from "node:crypto";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { DaggrError } from "../base/errors.ts";
import type { SheetInfo } from "../protocol/view.ts";
import type { Committer } from "./committer.ts";
import type { ItemRange } from "./item-ranges.ts";
import type { KeptResult, KeptRun, NewSheet, SheetPart } from "./sheet-parts.ts";
import type { SqliteItems } from "./sqlite-items.ts";
import type { SqliteResults } from "./sqlite-results.ts";
import type { SqliteRuns } from "./sqlite-runs.ts";
import type { SqliteSheets } from "./sqlite-sheets.ts";

interface Tables {
  readonly database: DatabaseSync;
  readonly committer: Committer;
  readonly sheets: SqliteSheets;
  readonly runs: SqliteRuns;
  readonly results: SqliteResults;
  readonly items: SqliteItems;
}

/** Revisions of copies are below zero: those above are numbers of results, of which there will be more. */
const toRevision = (revision: number): number => (revision === 0 ? 0 : revision - 2 ** 40);

/** So many parts are written in one go. */
const PARTS = 250;

/** Writes a new sheet in many small transactions, so that nothing else waits for it. */
export class SheetWriter {
  readonly #tables: Tables;
  readonly #scope: number;
  readonly #sheet: number;
  readonly #runs = new Map<string, { readonly id: string; readonly number: number }>();
  readonly #nodesOfRuns: { readonly run: number; readonly nodes: KeptRun["nodes"] }[] = [];
  readonly #results = new Map<string, string>();
  readonly #ranges: { readonly node: string; readonly ranges: readonly ItemRange[] }[] = [];
  readonly #isRunTaken: StatementSync;
  readonly #isResultTaken: StatementSync;
  readonly #countItems: StatementSync;

  constructor(tables: Tables, scope: number, sheet: number) {
    this.#tables = tables;
    this.#scope = scope;
    this.#sheet = sheet;
    this.#isRunTaken = tables.database.prepare("SELECT 1 FROM runs WHERE id = ?");
    this.#isResultTaken = tables.database.prepare("SELECT 1 FROM results WHERE id = ?");
    this.#countItems = tables.database.prepare(
      "SELECT count(*) AS count FROM items WHERE run = ? AND node = ? AND revision = ? AND position >= ? AND position < ?",
    );
  }

  async write(given: NewSheet, parts: AsyncIterable<SheetPart>): Promise<SheetInfo> {
    const { committer } = this.#tables;
    try {
      let waiting: SheetPart[] = [];
      for await (const part of parts) {
        waiting.push(part);
        if (waiting.length < PARTS) continue;
        const full = waiting;
        waiting = [];
        await committer.add(() => this.#writeAll(full));
      }
      await committer.add(() => this.#writeAll(waiting));
      await this.#finishRuns();
      return await committer.add(() => this.#publish(given));
    } catch (error) {
      // What the database refused may also be refused now; then housekeeping removes it.
      await committer.add(() => this.#tables.sheets.remove(this.#sheet)).catch(() => {});
      throw error;
    }
  }

  #writeAll(parts: readonly SheetPart[]): void {
    for (const part of parts) {
      if (part.type === "run") this.#writeRun(part.record);
      else if (part.type === "result") this.#writeResult(part.record);
      else {
        const { node, revision, position, run, ...record } = part.record;
        const kept = this.#run(run);
        this.#tables.items.write(
          kept.number,
          node,
          { ...record, run: kept.id, index: position },
          toRevision(revision),
        );
      }
    }
  }

  #writeRun({ nodes, ...run }: KeptRun): void {
    const id = this.#isRunTaken.get(run.id) === undefined ? run.id : randomUUID();
    const { runs } = this.#tables;
    const number = runs.create(this.#scope, this.#sheet, { ...run, id, sheet: null }, null);
    runs.setStatus(number, run.status, run.endedAt, run.lastSeq);
    this.#runs.set(run.id, { id, number });
    this.#nodesOfRuns.push({ run: number, nodes });
  }

  #writeResult(given: KeptResult): void {
    const id = this.#isResultTaken.get(given.id) === undefined ? given.id : randomUUID();
    const upstream = Object.entries(given.upstream).map(([node, made]) => [
      node,
      this.#results.get(made) ?? made,
    ]);
    const items =
      given.items?.map(([run, revision, first, count]): ItemRange => {
        return [this.#run(run).number, toRevision(revision), first, count];
      }) ?? null;
    const record = {
      ...given,
      id,
      run: this.#runs.get(given.run)?.id ?? given.run,
      upstream: Object.fromEntries(upstream) as Record<string, string>,
    };
    this.#tables.results.writeKept(this.#scope, this.#sheet, record, items);
    this.#results.set(given.id, id);
    if (items !== null) this.#ranges.push({ node: given.node, ranges: items });
  }

  /** They name results, which have their ids only now. */
  async #finishRuns(): Promise<void> {
    for (let first = 0; first < this.#nodesOfRuns.length; first += PARTS) {
      await this.#tables.committer.add(() => {
        for (const { run, nodes } of this.#nodesOfRuns.slice(first, first + PARTS)) {
          for (const [node, { result, ...state }] of Object.entries(nodes)) {
            const kept = result === undefined ? undefined : this.#results.get(result);
            this.#tables.runs.setNode(run, node, kept === undefined ? state : { ...state, result: kept });
          }
        }
      });
    }
  }

  #publish({ name, fields, variants, selected, positions, viewport }: NewSheet): SheetInfo {
    for (const { node, ranges } of this.#ranges) {
      for (const [run, revision, first, count] of ranges) {
        const found = this.#countItems.get(run, node, revision, first, first + count);
        if (Number(found?.["count"]) !== count)
          throw new DaggrError("SHEET_FILE_INVALID", `Items of '${node}' are missing.`, { node });
      }
    }
    const { sheets } = this.#tables;
    sheets.setFields(this.#sheet, fields);
    for (const [node, variant] of Object.entries(variants)) sheets.setVariant(this.#sheet, node, variant);
    for (const [node, result] of Object.entries(selected)) {
      const kept = this.#results.get(result);
      if (kept !== undefined) sheets.select(this.#sheet, { [node]: kept });
    }
    sheets.setPositions(this.#sheet, positions);
    if (viewport !== null) sheets.setViewport(this.#sheet, viewport);
    return sheets.publish(this.#sheet, name(sheets.list(this.#scope).map((sheet) => sheet.name)));
  }

  #run(id: string): { readonly id: string; readonly number: number } {
    const run = this.#runs.get(id);
    if (run === undefined) throw new DaggrError("SHEET_FILE_INVALID", "Items of a run that is missing.");
    return run;
  }
}
