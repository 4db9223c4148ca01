import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ItemRecord, ResultRecord } from "../graph/result.ts";
import type { SheetInfo, Viewport } from "../protocol/view.ts";
import { BatchWriter } from "./batch-writer.ts";
import { Committer } from "./committer.ts";
import { FolderFileStore } from "./files.ts";
import { referencedFiles, removeOldRuns, removeOrphans, removeScope } from "./garbage.ts";
import { Leases } from "./leases.ts";
import { openDatabase } from "./open-database.ts";
import { Scopes } from "./scopes.ts";
import type { NewSheet, SheetContent, SheetPart } from "./sheet-parts.ts";
import { SheetReader } from "./sheet-reader.ts";
import { SheetWriter } from "./sheet-writer.ts";
import { SqliteItems } from "./sqlite-items.ts";
import { defaultDatabasePath, type SqliteStoreOptions } from "./sqlite-options.ts";
import { SqliteOwners } from "./sqlite-owners.ts";
import { SqliteResults } from "./sqlite-results.ts";
import { SqliteRuns } from "./sqlite-runs.ts";
import { SqliteSheets } from "./sqlite-sheets.ts";
import type {
  Batch,
  HistoryRange,
  HistoryRecords,
  RunRecord,
  Scope,
  SheetState,
  Store,
  Tally,
} from "./store.ts";
import { toStoreError } from "./store-errors.ts";

/** {@link Store} in a SQLite file, with its files in a folder. See `openSqliteStore`. */
export class SqliteStore implements Store {
  readonly files: FolderFileStore;
  readonly warnings: readonly string[];
  readonly #path: string;
  readonly #options: SqliteStoreOptions;
  readonly #database: DatabaseSync;
  readonly #committer: Committer;
  readonly #dataVersion: StatementSync;
  readonly #scopes: Scopes;
  readonly #leases: Leases;
  readonly #sheets: SqliteSheets;
  readonly #runs: SqliteRuns;
  readonly #items: SqliteItems;
  readonly #results: SqliteResults;
  readonly #owners: SqliteOwners;
  readonly #batches: BatchWriter;

  constructor(options: SqliteStoreOptions = {}) {
    const path = options.path ?? defaultDatabasePath();
    this.#options = options;
    this.#path = path === ":memory:" ? path : resolve(path);
    const { database, warnings } = openDatabase(this.#path);
    this.warnings = warnings;
    this.#database = database;
    try {
      this.files = new FolderFileStore(options.filesFolder ?? join(dirname(this.#path), ".daggr_files"));
    } catch (error) {
      database.close();
      throw error;
    }
    this.#dataVersion = database.prepare("PRAGMA data_version");
    this.#scopes = new Scopes(database);
    this.#leases = new Leases(database);
    this.#sheets = new SqliteSheets(database);
    this.#runs = new SqliteRuns(database);
    this.#items = new SqliteItems(database);
    this.#results = new SqliteResults(database, this.#items, this.#runs);
    this.#owners = new SqliteOwners(database);
    this.#batches = new BatchWriter({
      sheets: this.#sheets,
      runs: this.#runs,
      items: this.#items,
      results: this.#results,
      owners: this.#owners,
      holder: this.#leases.id,
    });
    this.#committer = new Committer(database, this.#path, () => {
      this.#scopes.forget();
      this.#leases.forget();
    });
  }

  async listSheets(scope: Scope): Promise<readonly SheetInfo[]> {
    return this.#read(() => this.#sheets.list(this.#scopes.find(scope)));
  }

  createSheet(scope: Scope, name: string): Promise<SheetInfo> {
    return this.#committer.add(() => this.#sheets.create(this.#scopes.ensure(scope), name));
  }

  ensureSheet(scope: Scope, name: string): Promise<SheetInfo> {
    return this.#committer.add(() => {
      const number = this.#scopes.ensure(scope);
      const sheets = this.#sheets.list(number);
      const wanted = name.toLowerCase();
      return (
        sheets.find((sheet) => sheet.name === name || sheet.id === name) ??
        sheets.find((sheet) => sheet.name.toLowerCase() === wanted) ??
        this.#sheets.create(number, name)
      );
    });
  }

  ensureSheets(scope: Scope, name: string): Promise<readonly SheetInfo[]> {
    return this.#committer.add(() => {
      const number = this.#scopes.ensure(scope);
      const sheets = this.#sheets.list(number);
      return sheets.length > 0 ? sheets : [this.#sheets.create(number, name)];
    });
  }

  renameSheet(scope: Scope, sheet: string, name: string): Promise<void> {
    return this.#change(scope, sheet, (number) => this.#sheets.rename(number, name));
  }

  deleteSheet(scope: Scope, sheet: string): Promise<void> {
    return this.#change(scope, sheet, (number) => this.#sheets.remove(number));
  }

  clearSheet(scope: Scope, sheet: string): Promise<void> {
    return this.#change(scope, sheet, (number) => this.#sheets.clear(number));
  }

  async readSheet(
    scope: Scope,
    sheet: string,
    only?: { readonly results: readonly string[] },
  ): Promise<SheetContent | undefined> {
    return this.#onSheet(scope, sheet, (number) => {
      const wanted = { scope: this.#scopes.find(scope), sheet: number, only: only?.results };
      const reader = new SheetReader(this.#database, this.#runs, wanted);
      return { state: this.#sheets.load(number), parts: reader.parts() };
    });
  }

  async writeSheet(scope: Scope, sheet: NewSheet, parts: AsyncIterable<SheetPart>): Promise<SheetInfo> {
    const number = await this.#committer.add(() => ({
      scope: this.#scopes.ensure(scope),
      sheet: this.#sheets.begin(
        this.#scopes.ensure(scope),
        sheet.id ?? randomUUID(),
        this.#leases.register(),
      ),
    }));
    const writer = new SheetWriter(
      {
        database: this.#database,
        committer: this.#committer,
        sheets: this.#sheets,
        runs: this.#runs,
        results: this.#results,
        items: this.#items,
      },
      number.scope,
      number.sheet,
    );
    return writer.write(sheet, parts);
  }

  async loadSheet(scope: Scope, sheet: string): Promise<SheetState | undefined> {
    return this.#read(() => {
      const number = this.#sheets.find(this.#scopes.find(scope), sheet);
      return number === undefined ? undefined : this.#sheets.load(number);
    });
  }

  setFields(scope: Scope, sheet: string, fields: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#change(scope, sheet, (number) => {
      this.#sheets.setFields(number, fields);
      this.#owners.ownAll(this.#scopes.ensure(scope), fields);
    });
  }

  setVariant(scope: Scope, sheet: string, node: string, variant: number): Promise<void> {
    return this.#change(scope, sheet, (number) => this.#sheets.setVariant(number, node, variant));
  }

  setPositions(
    scope: Scope,
    sheet: string,
    positions: Readonly<Record<string, { readonly x: number; readonly y: number } | null>>,
  ): Promise<void> {
    return this.#change(scope, sheet, (number) => this.#sheets.setPositions(number, positions));
  }

  setViewport(scope: Scope, sheet: string, viewport: Viewport): Promise<void> {
    return this.#change(scope, sheet, (number) => this.#sheets.setViewport(number, viewport));
  }

  select(scope: Scope, sheet: string, selections: Readonly<Record<string, string | null>>): Promise<void> {
    return this.#change(scope, sheet, (number) => this.#sheets.select(number, selections));
  }

  commit(scope: Scope, batch: Batch): Promise<void> {
    return this.#committer.add(() => this.#batches.write(this.#scopes.ensure(scope), batch));
  }

  async result(scope: Scope, id: string): Promise<ResultRecord | undefined> {
    return this.#read(() => this.#results.read(this.#scopes.find(scope), id));
  }

  async indexOf(scope: Scope, result: string): Promise<number | undefined> {
    return this.#read(() => this.#results.indexOf(this.#scopes.find(scope), result));
  }

  async tallies(scope: Scope, sheet: string): Promise<Readonly<Record<string, Tally>>> {
    return this.#onSheet(scope, sheet, (number) => this.#results.tallies(number)) ?? {};
  }

  async history(scope: Scope, sheet: string, node: string, page: HistoryRange): Promise<HistoryRecords> {
    const found = this.#onSheet(scope, sheet, (number) => this.#results.page(number, node, page));
    return found ?? { results: [], indices: [], total: 0 };
  }

  async madeFrom(
    scope: Scope,
    sheet: string,
    node: string,
    upstream: string,
  ): Promise<readonly ResultRecord[]> {
    return this.#onSheet(scope, sheet, (number) => this.#results.madeFrom(number, node, upstream)) ?? [];
  }

  async durations(
    scope: Scope,
    nodes: readonly string[],
    limit: number,
  ): Promise<Readonly<Record<string, readonly number[]>>> {
    return this.#read(() => this.#results.durations(this.#scopes.find(scope), nodes, limit));
  }

  async findResult(scope: Scope, node: string, fingerprint: string): Promise<ResultRecord | undefined> {
    return this.#read(() => this.#results.find(this.#scopes.find(scope), node, fingerprint));
  }

  async keptItems(
    scope: Scope,
    owner: { readonly sheet: string } | { readonly run: string },
    node: string,
  ): Promise<readonly ItemRecord[]> {
    return this.#read(() => {
      const number = this.#scopes.find(scope);
      if ("sheet" in owner) {
        const sheet = this.#sheets.find(number, owner.sheet);
        return sheet === undefined ? [] : this.#items.kept("sheet", sheet, node);
      }
      const run = this.#runs.find(number, owner.run);
      return run === undefined ? [] : this.#items.kept("run", run, node);
    });
  }

  async failedItems(scope: Scope, run: string) {
    return this.#read(() => {
      const number = this.#runs.find(this.#scopes.find(scope), run);
      return number === undefined ? {} : this.#items.failed(number);
    });
  }

  async itemCounts(scope: Scope, run: string) {
    return this.#read(() => {
      const number = this.#runs.find(this.#scopes.find(scope), run);
      return number === undefined ? {} : this.#items.counts(number);
    });
  }

  createRun(scope: Scope, run: Omit<RunRecord, "nodes" | "lastSeq" | "endedAt">): Promise<void> {
    return this.#committer.add(() => {
      const number = this.#scopes.ensure(scope);
      const sheet = run.sheet === null ? null : this.#sheets.require(number, run.sheet);
      this.#runs.create(number, sheet, run, this.#leases.register());
      this.#owners.ownAll(number, run.fields);
    });
  }

  async run(scope: Scope, id: string): Promise<RunRecord | undefined> {
    return this.#read(() => this.#runs.read(this.#scopes.find(scope), id));
  }

  async listRuns(
    scope: Scope,
    page: { readonly offset: number; readonly limit: number; readonly sheet?: string },
  ): Promise<readonly RunRecord[]> {
    return this.#read(() => {
      const number = this.#scopes.find(scope);
      const sheet = page.sheet === undefined ? undefined : (this.#sheets.find(number, page.sheet) ?? 0);
      return this.#runs.list(number, sheet, page.offset, page.limit);
    });
  }

  async waitingRuns(scope: Scope, sheet: string): Promise<readonly RunRecord[]> {
    const number = this.#scopes.find(scope);
    return this.#onSheet(scope, sheet, (found) => this.#runs.waiting(number, found)) ?? [];
  }

  deleteRun(scope: Scope, id: string): Promise<boolean> {
    return this.#committer.add(() => this.#runs.remove(this.#scopes.find(scope), id));
  }

  interruptAbandoned(scope: Scope): Promise<readonly string[]> {
    return this.#committer.add(() => {
      const abandoned = this.#runs
        .open(this.#scopes.find(scope))
        .filter(({ holder }) => !this.#leases.isAlive(holder));
      for (const { number } of abandoned) this.#runs.interrupt(number);
      return abandoned.map(({ id }) => id);
    });
  }

  claimRun(scope: Scope, id: string): Promise<boolean> {
    return this.#committer.add(() => {
      const run = this.#runs.find(this.#scopes.find(scope), id);
      if (run === undefined) return false;
      const holder = this.#runs.holder(run);
      if (holder !== this.#leases.id && this.#leases.isAlive(holder)) return false;
      this.#runs.claim(run, this.#leases.register());
      return true;
    });
  }

  ownFile(scope: Scope, file: string): Promise<void> {
    return this.#committer.add(() => this.#owners.own(this.#scopes.ensure(scope), file));
  }

  async ownsFile(scope: Scope, file: string): Promise<boolean> {
    return this.#read(() => this.#owners.owns(this.#scopes.find(scope), file));
  }

  async forgetScope(scope: Scope): Promise<void> {
    await this.#committer.add(() => removeScope(this.#database, this.#scopes.find(scope)));
    this.#scopes.forget();
  }

  changesByOthers(): number {
    return this.#read(() => Number(this.#dataVersion.get()?.data_version));
  }

  async collectGarbage(): Promise<number> {
    const { graceMs = 3_600_000, keepRunsMs = 7 * 86_400_000 } = this.#options;
    await this.#committer.add(() => removeOldRuns(this.#database, Date.now() - keepRunsMs));
    const kept = await referencedFiles(this.#database);
    const removed = await this.files.removeUnreferenced((id) => kept.has(id), graceMs);
    await this.#committer.add(() =>
      removeOrphans(this.#database, kept, (file) => existsSync(this.files.folderOf(file))),
    );
    await this.#committer.add(() => this.#sheets.removeUnfinished((writer) => this.#leases.isAlive(writer)));
    return removed;
  }

  async close(): Promise<void> {
    if (!this.#database.isOpen) return;
    this.#committer.flush();
    try {
      this.#leases.close();
    } catch {
      // Busy or full: the process table tells that this process is gone.
    }
    this.#database.close();
  }

  #change(scope: Scope, sheet: string, write: (number: number) => void): Promise<void> {
    return this.#committer.add(() => write(this.#sheets.require(this.#scopes.ensure(scope), sheet)));
  }

  #onSheet<T>(scope: Scope, sheet: string, read: (number: number) => T): T | undefined {
    return this.#read(() => {
      const number = this.#sheets.find(this.#scopes.find(scope), sheet);
      return number === undefined ? undefined : read(number);
    });
  }

  #read<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw toStoreError(error, this.#path);
    }
  }
}
