import type { ErrorData } from "../base/errors.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import type { Caller, Invoker } from "../graph/step.ts";
import type { Answer, OpenQuestion } from "../protocol/ask.ts";
import type { NodeOutputs, RunEvent } from "../protocol/events.ts";
import type { HistoryPage, ItemsPage, SelectionSummary } from "../protocol/messages.ts";
import type { RunMode } from "../protocol/plan.ts";
import type {
  HistoryEntry,
  PlanPreview,
  SheetInfo,
  SheetView,
  Standing,
  Viewport,
  WithStep,
} from "../protocol/view.ts";
import type { HistoryRange, RunRecord, Scope, Store } from "../store/store.ts";
import type { FailureListener } from "./context.ts";
import type { OutputEdit } from "./edit-output.ts";
import type { SheetNotice } from "./notices.ts";
import type { ItemRange } from "./pages.ts";
import type { ExportedSheet } from "./sheet-file/export-sheet.ts";
import type { ImportedSheet, ImportOptions } from "./sheet-file/import-sheet.ts";

export interface EngineOptions {
  readonly definition: GraphDefinition;
  readonly store: Store;
  readonly invoker: Invoker;
  readonly onFailure?: FailureListener;
}

export interface StartRun {
  readonly mode: RunMode;
  /** Targets; empty means all. */
  readonly nodes: readonly string[];
  /** Without a sheet the run keeps its own record only. */
  readonly sheet?: string;
  /** By address or alias (`node__port`), checked against the components. On a sheet they are saved there first. */
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly variants?: Readonly<Record<string, number | string>>;
  /** One item of the only node in `nodes` (mode `step`). */
  readonly item?: number;
  /** Nobody is there to answer: refused when the run would ask a person. */
  readonly unattended?: boolean;
  readonly caller?: Caller;
}

export interface GiveAnswer {
  readonly node: string;
  /** One item of a step that asks per item; without it an approval or a rejection is for all that are open. */
  readonly item?: number;
  /** Files as `FileRef`; checked against the components. */
  readonly answer: Answer;
}

export interface CallOptions {
  /** The nodes whose outputs are wanted; they and what they need run. */
  readonly targets: readonly string[];
  /** By address. What is missing takes the component's own value. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** By choice, the index of the variant. */
  readonly variants: Readonly<Record<string, number>>;
  /** Aborted when the caller has gone. */
  readonly signal?: AbortSignal;
  readonly caller?: Caller;
}

export interface CallResult {
  /** Of the targets that finished; files as `FileRef`. */
  readonly outputs: NodeOutputs;
  /** In the order in which they happened; empty when all went well. */
  readonly errors: readonly { readonly node: string; readonly item?: number; readonly error: ErrorData }[];
}

/** What `GET /api/runs/{id}` needs. */
export interface RunSnapshot {
  readonly record: RunRecord;
  readonly items: Readonly<
    Record<string, { readonly total: number; readonly done: number; readonly failed: number }>
  >;
  /** By node, of what finished so far. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** By node, why it runs. */
  readonly reasons: Readonly<Record<string, string>>;
  /** By node, the questions that are open. */
  readonly asks: Readonly<Record<string, readonly OpenQuestion[]>>;
}

/**
 * Runs that belong to the process, not to whoever started them: plans, drives the runner, keeps what it reports
 * (nothing is told before it is kept), and tells everybody who watches. One for each launched graph.
 */
export interface Engine {
  readonly definition: GraphDefinition;
  readonly store: Store;
  /** By node, why it could not be asked what it is (a Space that cannot be reached): for its card. */
  problems(): ReadonlyMap<string, ErrorData>;
  /** Rejects with a DaggrError (unknown names, wrong values, missing inputs) before anything runs. */
  startRun(scope: Scope, options: StartRun): Promise<{ readonly id: string }>;
  /**
   * `POST /api/call`: executes everything upstream of `targets` and them, keeps nothing (no run record, no results,
   * no events), and resolves when all that could run has. Rejects with a DaggrError only before anything ran.
   *
   * For whoever implements it: this is the hot path of the HTTP server (goal: 13,500 calls/s of a no-op node on two
   * cores), so plan once per targets and variants, and do no per-call work that does not depend on the values.
   * `fields` come with files as `FileRef` and with addresses (never aliases), already checked by the server.
   */
  call(scope: Scope, options: CallOptions): Promise<CallResult>;
  preview(scope: Scope, sheet: string, mode: RunMode, nodes: readonly string[]): Promise<PlanPreview>;
  /** With a node only that one; a run that waits at it ends as a whole. `false` where there is nothing to cancel. */
  cancel(scope: Scope, run: string, node?: string): Promise<boolean>;
  resume(scope: Scope, run: string, caller?: Caller): Promise<void>;
  /**
   * Answers a human step; resolves when what it leads to is kept, and the run goes on. Rejects with a DaggrError:
   * `RUN_NOT_FOUND`, `NODE_NOT_FOUND`, `ASKS_NOBODY`, `ALREADY_ANSWERED`, `NOT_WAITING`, `QUESTION_CHANGED`,
   * `RUN_ELSEWHERE`, and whatever is wrong with the answer.
   */
  answer(scope: Scope, run: string, given: GiveAnswer, caller?: Caller): Promise<void>;
  run(scope: Scope, id: string): Promise<RunSnapshot | undefined>;
  /** Events after `after` (a sequence number), then live ones until the run ends. */
  events(
    scope: Scope,
    run: string,
    after: number,
    signal: AbortSignal,
  ): AsyncIterable<{ readonly seq: number; readonly event: RunEvent }>;
  /** Resolves when the run has ended. */
  ended(run: string): Promise<void>;

  sheets(scope: Scope): Promise<readonly SheetInfo[]>;
  createSheet(scope: Scope, name?: string): Promise<SheetInfo>;
  /** The sheet of this name or id, made when there is none. */
  ensureSheet(scope: Scope, name: string): Promise<SheetInfo>;
  renameSheet(scope: Scope, sheet: string, name: string): Promise<void>;
  deleteSheet(scope: Scope, sheet: string): Promise<void>;
  /** Stops its runs; inputs, variants and results are gone, positions stay. */
  clearSheet(scope: Scope, sheet: string): Promise<void>;
  /** A copy with everything on it. */
  duplicateSheet(scope: Scope, sheet: string, name?: string): Promise<SheetInfo>;
  /** A new sheet with this result, what it was made from, and the inputs that made it. */
  sheetFromResult(
    scope: Scope,
    sheet: string,
    node: string,
    result: string,
    name?: string,
  ): Promise<SheetInfo>;
  openSheet(scope: Scope, sheet: string): Promise<{ readonly view: SheetView; readonly seq: number }>;
  /** The sheet as one file, streamed. */
  exportSheet(scope: Scope, sheet: string): Promise<ExportedSheet>;
  /** A new sheet from such a file. Rejects with `SHEET_FILE_…` and leaves nothing behind. */
  importSheet(scope: Scope, file: string, options?: ImportOptions): Promise<ImportedSheet>;
  setField(scope: Scope, sheet: string, address: string, value: unknown): Promise<void>;
  setVariant(scope: Scope, sheet: string, node: string, variant: number): Promise<void>;
  setPositions(
    scope: Scope,
    sheet: string,
    positions: Readonly<Record<string, { readonly x: number; readonly y: number } | null>>,
  ): Promise<void>;
  setViewport(scope: Scope, sheet: string, viewport: Viewport): Promise<void>;
  selectResult(
    scope: Scope,
    sheet: string,
    node: string,
    result: string,
  ): Promise<WithStep<SelectionSummary>>;
  /** With `item` only the value of that item of a scattered node. */
  editOutput(scope: Scope, sheet: string, edit: OutputEdit): Promise<WithStep<object>>;
  /** Selects the result that the step made itself before the shown one was edited. */
  discardEdit(scope: Scope, sheet: string, node: string): Promise<WithStep<SelectionSummary>>;
  /** Puts fields, variants and chosen results back as they stood; nothing else changes. */
  restore(scope: Scope, sheet: string, standing: Standing): Promise<void>;
  history(scope: Scope, sheet: string, node: string, range: HistoryRange): Promise<HistoryPage>;
  /** One result with its whole values. */
  result(scope: Scope, sheet: string, node: string, result: string): Promise<HistoryEntry>;
  itemsOfResult(
    scope: Scope,
    sheet: string,
    node: string,
    result: string,
    range: ItemRange,
  ): Promise<ItemsPage>;
  items(scope: Scope, sheet: string, node: string, range: ItemRange): Promise<ItemsPage>;
  /** The whole values of what a node shows just now. */
  outputs(scope: Scope, sheet: string, node: string): Promise<Readonly<Record<string, unknown>>>;
  logs(
    scope: Scope,
    sheet: string,
    node: string,
  ): Promise<readonly { level: string; text: string; item?: number; at: number }[]>;
  /** Changes of one sheet, numbered without gaps; with `after`, first what was missed (or `undefined` when too old: open the sheet anew). */
  watch(
    scope: Scope,
    sheet: string,
    listener: (notice: SheetNotice) => void,
    after?: number,
  ): { readonly complete: boolean; stop(): void };
  /** Stops what runs for this scope and removes everything that is in it. */
  forget(scope: Scope): Promise<void>;
  watchSheets(scope: Scope, listener: () => void): () => void;
  /** Interrupts what runs, keeps everything, frees threads. */
  close(): Promise<void>;
}
