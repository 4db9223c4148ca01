import { DaggrError, type ErrorData } from "../base/errors.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import type { Caller } from "../graph/step.ts";
import { makePlan } from "../plan/make-plan.ts";
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
import type { HistoryRange, Scope, Store } from "../store/store.ts";
import { Answering } from "./answering.ts";
import { byVariantName } from "./by-variant-name.ts";
import { call } from "./call.ts";
import type { EngineContext } from "./context.ts";
import { editedResult, type OutputEdit, resultBeforeEdit } from "./edit-output.ts";
import type {
  CallOptions,
  CallResult,
  Engine,
  EngineOptions,
  GiveAnswer,
  RunSnapshot,
  StartRun,
} from "./engine.ts";
import { EngineServices } from "./engine-services.ts";
import type { NumberedEvent } from "./event-log.ts";
import { checkFields, checkVariant, resolveAddress, unknownNode } from "./field-values.ts";
import { Housekeeping } from "./housekeeping.ts";
import { Identities } from "./identities.ts";
import type { LiveSheet } from "./live-sheet.ts";
import type { LogLine } from "./log-lines.ts";
import type { SheetNotice } from "./notices.ts";
import { onBehalfOf } from "./on-behalf-of.ts";
import { historyPage, type ItemRange, itemsOfResult, itemsPage, resultEntry } from "./pages.ts";
import { asStep, checkStanding } from "./restore.ts";
import { isSameScope, Runs } from "./runs.ts";
import { applySelection, findSelection, type Selection } from "./select-result.ts";
import { duplicateSheet, sheetFromResult } from "./sheet-copies.ts";
import type { ExportedSheet } from "./sheet-file/export-sheet.ts";
import type { ImportedSheet, ImportOptions } from "./sheet-file/import-sheet.ts";
import { Sheets } from "./sheets.ts";
import { runSnapshot } from "./snapshot.ts";
import { resumeRun, startRun } from "./start-run.ts";

/** What another server on the same database does is seen so much later at most. */
const LOOK_AROUND_MS = 1_500;

type Positions = Readonly<Record<string, { readonly x: number; readonly y: number } | null>>;

/** The engine of one graph in this process. */
export function createEngine(options: EngineOptions): Engine {
  return new GraphEngine(options);
}

class GraphEngine implements Engine {
  readonly definition: GraphDefinition;
  readonly store: Store;
  readonly #context: EngineContext;
  readonly #sheets: Sheets;
  readonly #runs: Runs;
  readonly #answering: Answering;
  readonly #housekeeping: Housekeeping;
  readonly #lookout: NodeJS.Timeout;
  readonly #services: EngineServices;
  #isClosed = false;

  constructor({ definition, store, invoker, onFailure }: EngineOptions) {
    this.definition = definition;
    this.store = byVariantName(definition, store);
    const identities = new Identities(definition);
    const heard = onFailure === undefined ? {} : { onFailure };
    this.#context = { definition, store: this.store, invoker, identities, ...heard };
    this.#sheets = new Sheets(this.#context, (scope, run, node) => void this.#takenOver(scope, run, node));
    this.#runs = new Runs(this.#context, (scope, sheet) => this.#sheets.open(scope, sheet));
    this.#answering = new Answering(this.#context, this.#runs, (scope, sheet) =>
      this.#sheets.open(scope, sheet),
    );
    this.#housekeeping = new Housekeeping(store);
    this.#services = new EngineServices(definition, (nodes) => this.#codeChanged(nodes));
    this.#lookout = setInterval(() => this.#lookAround(), LOOK_AROUND_MS).unref();
  }

  problems(): ReadonlyMap<string, ErrorData> {
    return this.#context.identities.problems({});
  }

  async startRun(scope: Scope, options: StartRun): Promise<{ readonly id: string }> {
    this.#refuseClosed();
    const { sheet: id } = options;
    const start = async (sheet: LiveSheet | undefined) => {
      const run = await startRun(onBehalfOf(this.#context, options.caller), scope, sheet, options);
      this.#runs.add(run);
      return { id: run.id };
    };
    if (id === undefined) return start(undefined);
    const sheet = await this.#open(scope, id);
    // Whoever types into the sheet must not wait for a Space that is slow to say what it is.
    await this.#context.identities.of(sheet.state.variants);
    return sheet.inTurn(() => start(sheet));
  }

  call(scope: Scope, options: CallOptions): Promise<CallResult> {
    return call(onBehalfOf(this.#context, options.caller), scope, options);
  }

  async preview(scope: Scope, id: string, mode: RunMode, nodes: readonly string[]): Promise<PlanPreview> {
    const sheet = await this.#open(scope, id);
    const { state, selected } = sheet;
    const saved = { scope, fields: state.fields, variants: state.variants, selected };
    const { entries } = makePlan(
      this.definition,
      await runSnapshot(this.#context, saved, { sheet: id }),
      mode,
      nodes,
    );
    const reuse = entries.filter((entry) => entry.action === "reuse").length;
    const blocked = entries.filter((entry) => entry.action === "blocked").length;
    return { entries, run: entries.length - reuse - blocked, reuse };
  }

  async cancel(scope: Scope, run: string, node?: string): Promise<boolean> {
    if (this.#runs.live(scope, run)?.cancel(node) === true) return true;
    return this.#answering.stop(scope, run, node);
  }

  async answer(scope: Scope, run: string, given: GiveAnswer, caller?: Caller): Promise<void> {
    this.#refuseClosed();
    await this.#housekeeping.interruptAbandoned(scope);
    await this.#answering.answer(scope, run, given, caller);
  }

  /** A step asks one question at a time: the newer run's. */
  async #takenOver(scope: Scope, run: string, node: string): Promise<void> {
    if (this.#runs.live(scope, run)?.cancel(node) === true) return;
    await this.#answering.cancel(scope, run, node).catch(() => {});
  }

  async resume(scope: Scope, id: string, caller?: Caller): Promise<void> {
    this.#refuseClosed();
    await this.#housekeeping.interruptAbandoned(scope);
    if (this.#runs.isActive(scope, id))
      throw new DaggrError("RUN_NOT_RESUMABLE", "This run is still going on.");
    const context = onBehalfOf(this.#context, caller);
    this.#runs.add(await resumeRun(context, scope, id, (sheet) => this.#sheets.open(scope, sheet)));
  }

  async run(scope: Scope, id: string): Promise<RunSnapshot | undefined> {
    await this.#housekeeping.interruptAbandoned(scope);
    return this.#runs.snapshot(scope, id);
  }

  events(scope: Scope, run: string, after: number, signal: AbortSignal): AsyncIterable<NumberedEvent> {
    return this.#runs.events(scope, run, after, signal);
  }

  ended(run: string): Promise<void> {
    return this.#runs.ended(run);
  }

  async sheets(scope: Scope): Promise<readonly SheetInfo[]> {
    await this.#housekeeping.interruptAbandoned(scope);
    return this.#sheets.list(scope);
  }

  createSheet(scope: Scope, name?: string): Promise<SheetInfo> {
    return this.#sheets.create(scope, name);
  }

  ensureSheet(scope: Scope, name: string): Promise<SheetInfo> {
    return this.#sheets.ensure(scope, name);
  }

  renameSheet(scope: Scope, sheet: string, name: string): Promise<void> {
    return this.#sheets.rename(scope, sheet, name);
  }

  async deleteSheet(scope: Scope, id: string): Promise<void> {
    await this.#stopRuns(await this.#open(scope, id));
    await this.#sheets.remove(scope, id);
  }

  async clearSheet(scope: Scope, id: string): Promise<void> {
    await this.#stopRuns(await this.#open(scope, id));
    await this.#sheets.clear(scope, id);
  }

  duplicateSheet(scope: Scope, id: string, name?: string): Promise<SheetInfo> {
    return this.#sheets.add(scope, () => duplicateSheet(this.store, scope, id, name));
  }

  async sheetFromResult(
    scope: Scope,
    id: string,
    node: string,
    result: string,
    name?: string,
  ): Promise<SheetInfo> {
    const sheet = await this.#open(scope, id);
    return this.#sheets.add(scope, () => sheetFromResult(this.#context, sheet, node, result, name));
  }

  async exportSheet(scope: Scope, id: string): Promise<ExportedSheet> {
    const { exportSheet } = await import("./sheet-file/export-sheet.ts");
    return exportSheet(this, scope, id);
  }

  async importSheet(scope: Scope, file: string, options?: ImportOptions): Promise<ImportedSheet> {
    const { importSheet } = await import("./sheet-file/import-sheet.ts");
    return this.#sheets.add(scope, () => importSheet(this, scope, file, options));
  }

  async openSheet(scope: Scope, id: string): Promise<{ readonly view: SheetView; readonly seq: number }> {
    const sheet = await this.#open(scope, id);
    // What is still held back would come as a change of what the view shows already.
    sheet.changes.flush();
    return { view: sheet.view(), seq: sheet.notices.seq };
  }

  async setField(scope: Scope, id: string, name: string, value: unknown): Promise<void> {
    const address = resolveAddress(this.definition, name);
    const fields = await checkFields(this.definition, this.store, scope, { [name]: value });
    await this.#change(scope, id, async (sheet) => {
      await this.store.setFields(scope, id, { [address]: fields[address] });
      sheet.setInputs({ [address]: fields[address] });
      await sheet.refresh();
    });
  }

  async setVariant(scope: Scope, id: string, node: string, variant: number): Promise<void> {
    const index = checkVariant(this.definition, node, variant);
    await this.#change(scope, id, async (sheet) => {
      await this.store.setVariant(scope, id, node, index);
      sheet.setInputs({}, { [node]: index });
      await sheet.refresh();
    });
  }

  setPositions(scope: Scope, id: string, positions: Positions): Promise<void> {
    return this.#change(scope, id, async (sheet) => {
      await this.store.setPositions(scope, id, positions);
      sheet.setPositions(positions);
    });
  }

  setViewport(scope: Scope, id: string, viewport: Viewport): Promise<void> {
    return this.#change(scope, id, async (sheet) => {
      await this.store.setViewport(scope, id, viewport);
      sheet.state = { ...sheet.state, viewport };
    });
  }

  selectResult(scope: Scope, id: string, node: string, result: string): Promise<WithStep<SelectionSummary>> {
    if (!this.definition.nodes.has(node)) throw unknownNode(this.definition, node);
    return this.#change(scope, id, async (sheet) =>
      this.#select(sheet, node, await findSelection(this.#context, sheet, node, result)),
    );
  }

  editOutput(scope: Scope, id: string, edit: OutputEdit): Promise<WithStep<object>> {
    return this.#change(scope, id, async (sheet) => {
      const record = await editedResult(this.#context, sheet, edit);
      const selection = { fields: {}, variants: {}, results: new Map([[edit.node, record]]) };
      return asStep(this.#context, sheet, selection, async () => {
        await this.store.commit(scope, { results: [{ sheet: id, record, select: true }] });
        sheet.take(record);
        sheet.forgetTrouble([edit.node]);
        await sheet.refresh();
        return {};
      });
    });
  }

  discardEdit(scope: Scope, id: string, node: string): Promise<WithStep<SelectionSummary>> {
    if (!this.definition.nodes.has(node)) throw unknownNode(this.definition, node);
    return this.#change(scope, id, async (sheet) => {
      const computed = await resultBeforeEdit(this.#context, sheet, node);
      return this.#select(sheet, node, await findSelection(this.#context, sheet, node, computed));
    });
  }

  restore(scope: Scope, id: string, standing: Standing): Promise<void> {
    return this.#change(scope, id, async (sheet) => {
      await applySelection(this.#context, sheet, "", await checkStanding(this.#context, sheet, standing));
    });
  }

  async history(scope: Scope, id: string, node: string, range: HistoryRange): Promise<HistoryPage> {
    return historyPage(this.#context, await this.#open(scope, id), node, range);
  }

  async result(scope: Scope, id: string, node: string, result: string): Promise<HistoryEntry> {
    return resultEntry(this.#context, await this.#open(scope, id), node, result);
  }

  async itemsOfResult(
    scope: Scope,
    id: string,
    node: string,
    result: string,
    range: ItemRange,
  ): Promise<ItemsPage> {
    return itemsOfResult(this.#context, await this.#open(scope, id), node, result, range);
  }

  async items(scope: Scope, id: string, node: string, range: ItemRange): Promise<ItemsPage> {
    return itemsPage(await this.#open(scope, id), node, range);
  }

  async outputs(scope: Scope, id: string, node: string): Promise<Readonly<Record<string, unknown>>> {
    return (await this.#open(scope, id)).nodeState(node).outputs ?? {};
  }

  async logs(scope: Scope, id: string, node: string): Promise<readonly LogLine[]> {
    return (await this.#open(scope, id)).logs.of(node);
  }

  watch(
    scope: Scope,
    id: string,
    listener: (notice: SheetNotice) => void,
    after?: number,
  ): { readonly complete: boolean; stop(): void } {
    const sheet = this.#sheets.loaded(scope, id);
    return sheet === undefined ? { complete: false, stop() {} } : sheet.notices.watch(listener, after);
  }

  watchSheets(scope: Scope, listener: () => void): () => void {
    return this.#sheets.watch(scope, listener);
  }

  async forget(scope: Scope): Promise<void> {
    const running = this.#runs.active().filter((run) => isSameScope(run.scope, scope));
    for (const run of running) run.cancel();
    await Promise.all(running.map((run) => run.ended));
    if (this.#isClosed) return;
    this.#sheets.forget(scope);
    this.#housekeeping.forget(scope);
    await this.store.forgetScope(scope);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#lookout);
    await Promise.all(this.#runs.active().map((run) => run.interrupt()));
    this.#runs.close();
    for (const sheet of this.#sheets.all()) sheet.changes.flush();
    await this.#housekeeping.close();
    await this.#context.invoker.close();
    await this.#services.close();
  }

  /** What was made with the code before is stale at once. */
  #codeChanged(nodes: readonly string[]): void {
    this.#context.identities.forget(nodes);
    for (const sheet of this.#sheets.all()) sheet.inTurn(() => sheet.refresh()).catch(() => {});
  }

  /** Asking costs some microseconds; only when another process has written something is anything read. */
  #lookAround(): void {
    if (!this.#sheets.isWatched) return;
    // A database that is busy just now is looked at again in a moment.
    this.#sheets.lookAround().catch(() => {});
  }

  async #stopRuns(sheet: LiveSheet): Promise<void> {
    const running = this.#runs.active().filter((run) => sheet.runs.has(run.id));
    for (const run of running) run.cancel();
    await Promise.all(running.map((run) => run.ended));
  }

  #select(sheet: LiveSheet, node: string, selection: Selection): Promise<WithStep<SelectionSummary>> {
    return asStep(this.#context, sheet, selection, () =>
      applySelection(this.#context, sheet, node, selection),
    );
  }

  async #open(scope: Scope, id: string): Promise<LiveSheet> {
    await this.#housekeeping.interruptAbandoned(scope);
    return this.#sheets.open(scope, id);
  }

  async #change<T>(scope: Scope, id: string, change: (sheet: LiveSheet) => Promise<T>): Promise<T> {
    const sheet = await this.#open(scope, id);
    return sheet.inTurn(() => change(sheet));
  }

  #refuseClosed(): void {
    if (this.#isClosed) throw new DaggrError("CLOSED", "The server is being stopped.");
  }
}
