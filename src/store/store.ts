import type { FileStore } from "../base/files.ts";
import type { ItemRecord, ResultRecord } from "../graph/result.ts";
import type { RunMode } from "../protocol/plan.ts";
import type { FallbackUse } from "../protocol/values.ts";
import type { SheetInfo, Viewport } from "../protocol/view.ts";
import type { NewSheet, SheetContent, SheetPart } from "./sheet-parts.ts";

/** Whose data: every read and write is inside one scope, and one user's never shows in another's. */
export interface Scope {
  /** `local` on a person's own machine. */
  readonly user: string;
  /** The graph's persistKey. */
  readonly graph: string;
}

export interface SheetState {
  readonly info: SheetInfo;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly variants: Readonly<Record<string, number>>;
  /** By node the id of the selected result. */
  readonly selected: Readonly<Record<string, string>>;
  readonly positions: Readonly<Record<string, { readonly x: number; readonly y: number }>>;
  readonly viewport: Viewport | null;
}

export type RunStatus = "running" | "waiting" | "done" | "failed" | "cancelled" | "interrupted";

/** A run as it is kept. Its results hang on its sheet, or on the run itself when it has none. */
export interface RunRecord {
  readonly id: string;
  readonly sheet: string | null;
  readonly mode: RunMode;
  readonly targets: readonly string[];
  /** Only this item of the only target. */
  readonly item?: number;
  /** Values of input fields when it started, by address. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly variants: Readonly<Record<string, number>>;
  readonly status: RunStatus;
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** What the run has recorded per node: status, result id, error. */
  readonly nodes: Readonly<Record<string, RunNodeRecord>>;
  /** The number of its last event. */
  readonly lastSeq: number;
}

export interface RunNodeRecord {
  readonly status:
    | "running"
    | "waiting"
    | "done"
    | "reused"
    | "failed"
    | "blocked"
    | "cancelled"
    | "interrupted";
  readonly result?: string;
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
  readonly startedAt?: number;
  readonly durationMs?: number;
  /** Why it runs, in words. */
  readonly reason?: string;
  /** While it waits: the fingerprint of what it asks about. */
  readonly asked?: string;
  /** Of a scattered node: how many items it has. */
  readonly items?: number;
  /** Of a fallback: which variant works, or made the result. */
  readonly fallback?: FallbackUse;
}

/** How many results a node has on a sheet, and which of them is selected (0 is the oldest). */
export interface Tally {
  readonly total: number;
  readonly index?: number;
}

export interface HistoryRange {
  readonly offset: number;
  readonly limit: number;
  readonly text?: string;
}

export interface HistoryRecords {
  readonly results: readonly ShortResult[];
  /** For each result which of the node's it is; 0 is the oldest. */
  readonly indices: readonly number[];
  readonly total: number;
}

/** A result as it stands in a list: without items. */
export interface ShortResult extends ResultRecord {
  /** Of a scattered result: how many items it has. */
  readonly itemCount?: number;
}

/** Everything that happened within a few milliseconds, written in one transaction; resolved when it is on the disk. */
export interface Batch {
  readonly results?: readonly {
    readonly sheet: string | null;
    readonly record: ResultRecord;
    readonly select: boolean;
  }[];
  readonly items?: readonly {
    readonly run: string;
    readonly sheet: string | null;
    readonly node: string;
    readonly record: ItemRecord;
  }[];
  readonly runNodes?: readonly {
    readonly run: string;
    readonly node: string;
    readonly state: RunNodeRecord;
  }[];
  /** A run that is `waiting` belongs to no process any more. */
  readonly runs?: readonly {
    readonly run: string;
    readonly status: RunStatus;
    readonly endedAt: number | null;
    readonly lastSeq: number;
  }[];
}

/** Sheets, results, runs and files. Every implementation passes `store-specification.ts`. */
export interface Store {
  readonly files: FileStore;
  /** What the user must hear of: a damaged database that was set aside. */
  readonly warnings: readonly string[];
  listSheets(scope: Scope): Promise<readonly SheetInfo[]>;
  createSheet(scope: Scope, name: string): Promise<SheetInfo>;
  /** The sheet that has this id or (be it in other letter cases) this name, else a new one. Two processes that ask at once make one. */
  ensureSheet(scope: Scope, name: string): Promise<SheetInfo>;
  /** All sheets; when there is none, one with this name is made. Two processes that ask at once make one. */
  ensureSheets(scope: Scope, name: string): Promise<readonly SheetInfo[]>;
  renameSheet(scope: Scope, sheet: string, name: string): Promise<void>;
  deleteSheet(scope: Scope, sheet: string): Promise<void>;
  /** Forgets inputs, variants, runs and results of a sheet; where its cards stand is kept. */
  clearSheet(scope: Scope, sheet: string): Promise<void>;
  /**
   * All that hangs on a sheet, or only these results (of any sheet of the scope) with what they need. A run that is still going on is told as one
   * that was stopped. `undefined` when there is no such sheet.
   */
  readSheet(
    scope: Scope,
    sheet: string,
    only?: { readonly results: readonly string[] },
  ): Promise<SheetContent | undefined>;
  /**
   * A new sheet of such parts; nobody sees it before it is whole, and when `parts` throws nothing of it stays. An id
   * that exists already is replaced by a new one, wherever it stands. Files are not made the scope's own by this.
   */
  writeSheet(scope: Scope, sheet: NewSheet, parts: AsyncIterable<SheetPart>): Promise<SheetInfo>;
  /** `undefined` when there is none, or when it belongs to somebody else. */
  loadSheet(scope: Scope, sheet: string): Promise<SheetState | undefined>;
  setFields(scope: Scope, sheet: string, fields: Readonly<Record<string, unknown>>): Promise<void>;
  setVariant(scope: Scope, sheet: string, node: string, variant: number): Promise<void>;
  /** `null` forgets a position. */
  setPositions(
    scope: Scope,
    sheet: string,
    positions: Readonly<Record<string, { readonly x: number; readonly y: number } | null>>,
  ): Promise<void>;
  setViewport(scope: Scope, sheet: string, viewport: Viewport): Promise<void>;
  /** Selects results; `null` deselects. */
  select(scope: Scope, sheet: string, selections: Readonly<Record<string, string | null>>): Promise<void>;
  commit(scope: Scope, batch: Batch): Promise<void>;
  result(scope: Scope, id: string): Promise<ResultRecord | undefined>;
  /** Which of its node's results on its sheet it is; 0 is the oldest. */
  indexOf(scope: Scope, result: string): Promise<number | undefined>;
  /** By node, of every node that has results or a selection. As quick with many results as with few. */
  tallies(scope: Scope, sheet: string): Promise<Readonly<Record<string, Tally>>>;
  /**
   * Newest first, with `text` those in whose inputs or outputs it stands. Scattered results carry no items, and the
   * values of their first items only.
   */
  history(scope: Scope, sheet: string, node: string, page: HistoryRange): Promise<HistoryRecords>;
  /** Results of `node` that were made from the result `upstream`, newest first; as short as in the history. */
  madeFrom(scope: Scope, sheet: string, node: string, upstream: string): Promise<readonly ResultRecord[]>;
  /** By node, the durations of its latest results, newest first, for "usually 5 s". */
  durations(
    scope: Scope,
    nodes: readonly string[],
    limit: number,
  ): Promise<Readonly<Record<string, readonly number[]>>>;
  /** An equal result from anywhere in the scope, for `cache`. */
  findResult(scope: Scope, node: string, fingerprint: string): Promise<ResultRecord | undefined>;
  /** Finished items of runs of this sheet (or of this run) that are not part of a result. */
  keptItems(
    scope: Scope,
    owner: { readonly sheet: string } | { readonly run: string },
    node: string,
  ): Promise<readonly ItemRecord[]>;
  /** Items of a run that failed, by node. */
  failedItems(scope: Scope, run: string): Promise<Readonly<Record<string, readonly ItemRecord[]>>>;
  /** Finished and failed items of a run so far, by node. */
  itemCounts(
    scope: Scope,
    run: string,
  ): Promise<Readonly<Record<string, { readonly done: number; readonly failed: number }>>>;
  /** The run belongs to this process from now on. */
  createRun(scope: Scope, run: Omit<RunRecord, "nodes" | "lastSeq" | "endedAt">): Promise<void>;
  run(scope: Scope, id: string): Promise<RunRecord | undefined>;
  listRuns(
    scope: Scope,
    page: { readonly offset: number; readonly limit: number; readonly sheet?: string },
  ): Promise<readonly RunRecord[]>;
  /** The runs of a sheet that wait for a person, the oldest first. */
  waitingRuns(scope: Scope, sheet: string): Promise<readonly RunRecord[]>;
  /** Forgets a run that has no sheet, with its results; `false` when there is none, or when it has a sheet. */
  deleteRun(scope: Scope, id: string): Promise<boolean>;
  /** Marks runs whose process is gone as interrupted, with their nodes; returns their ids. A lease of a living process is respected, and a run that waits for a person needs no process. */
  interruptAbandoned(scope: Scope): Promise<readonly string[]>;
  /** Takes over a waiting, interrupted, failed or cancelled run; `false` when a living process holds it. */
  claimRun(scope: Scope, id: string): Promise<boolean>;
  /** Notes that a file is this scope's, as an upload is before any value refers to it. Files in committed values are noted by themselves. */
  ownFile(scope: Scope, file: string): Promise<void>;
  /** Whether this scope may see the file with this id. */
  ownsFile(scope: Scope, file: string): Promise<boolean>;
  /** Removes everything that is in this scope, as if it had never been. */
  forgetScope(scope: Scope): Promise<void>;
  /** Another number whenever another process has changed something: what was read before may be out of date. */
  changesByOthers(): number;
  /** Removes what nothing refers to any more; returns how many files. */
  collectGarbage(): Promise<number>;
  close(): Promise<void>;
}
