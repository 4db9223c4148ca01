import { type ErrorData, toErrorData } from "../base/errors.ts";
import { redactValue } from "../base/redact.ts";
import type { Answer } from "../protocol/ask.ts";
import type { RunEvent } from "../protocol/events.ts";
import type { RunNotice } from "../run/notice.ts";
import type { GraphRun } from "../run/run-graph.ts";
import type { Batch, RunNodeRecord, RunRecord, RunStatus, Scope } from "../store/store.ts";
import type { EngineContext } from "./context.ts";
import { EventLog, type NumberedEvent } from "./event-log.ts";
import { keepPatiently } from "./keep-patiently.ts";
import type { LiveSheet } from "./live-sheet.ts";
import { type Expected, PendingAnswers } from "./pending-answers.ts";
import { RunTracker } from "./run-tracker.ts";
import { restOnSheet, tellSheet } from "./tell-sheet.ts";

/** Numbers are reserved on the disk in blocks, so that a run that goes on after a crash never uses one twice. */
const RESERVED = 1_000;

/** What happened while the last commit was under way: kept in one go, and told after that. */
interface Group {
  readonly told: { readonly event: NumberedEvent; readonly notice: RunNotice }[];
  readonly results: NonNullable<Batch["results"]>[number][];
  readonly items: NonNullable<Batch["items"]>[number][];
  readonly runNodes: Map<string, RunNodeRecord>;
  run: NonNullable<Batch["runs"]>[number] | undefined;
}

export interface LiveRunOptions {
  readonly context: EngineContext;
  readonly scope: Scope;
  readonly record: RunRecord;
  readonly sheet: LiveSheet | undefined;
  /** Starts the runner. */
  readonly start: (signal: AbortSignal) => GraphRun;
  /** For a run that goes on because somebody answered: what it had told is not told again. */
  readonly continues?: { readonly answers: PendingAnswers; readonly log: EventLog | undefined };
}

/** A run that goes on in this process, whoever started it and whoever listens. Nothing is told before it is kept. */
export class LiveRun {
  readonly id: string;
  readonly scope: Scope;
  readonly log: EventLog;
  readonly ended: Promise<void>;
  readonly #options: Omit<LiveRunOptions, "start">;
  readonly #tracker: RunTracker;
  readonly #controller = new AbortController();
  /** Until it is over: a run is remembered for a while, what it worked with is not. */
  #run: GraphRun | undefined;
  readonly #answers: PendingAnswers;
  #isAtRest = false;
  #group = emptyGroup();
  #seq: number;
  #reserved: number;
  #isKeeping = false;
  #isInterrupted = false;
  #lost: ErrorData | undefined;
  #endedAt: number | null = null;
  #settle: () => void = () => {};

  constructor(options: LiveRunOptions) {
    const { start, ...others } = options;
    const { record } = others;
    this.#options = others;
    this.id = record.id;
    this.scope = options.scope;
    this.#seq = record.lastSeq;
    this.#reserved = record.lastSeq;
    this.#tracker = new RunTracker(record.nodes);
    this.log = options.continues?.log ?? new EventLog();
    this.#answers = options.continues?.answers ?? new PendingAnswers();
    this.#run = start(this.#controller.signal);
    this.ended = this.#drive(this.#run);
  }

  /** Some of what happened could not be kept: only the store knows how the run stands. */
  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  /** Nothing is left to do but what people have to answer: the run is the store's alone now. */
  get isAtRest(): boolean {
    return this.#isAtRest;
  }

  /** Resolves once a run that has come to rest is kept as such. */
  async rested(): Promise<void> {
    if (this.#isAtRest) await this.ended;
  }

  /** The record as it would be read now, with outputs, counts and reasons. */
  get tracker(): RunTracker {
    return this.#tracker;
  }

  get record(): RunRecord {
    return {
      ...this.#options.record,
      nodes: { ...this.#tracker.nodes },
      status: this.#tracker.status,
      endedAt: this.#endedAt,
      lastSeq: this.#seq,
    };
  }

  /** Resolves when what the answer has led to is kept. Throws when it does not fit; `undefined` when nothing asks. */
  answer(
    expected: Expected,
    items: readonly (number | undefined)[],
    answer: Answer,
  ): Promise<void> | undefined {
    const run = this.#run;
    if (run === undefined) return undefined;
    const kept = this.#answers.expect(expected);
    try {
      // Of many items the first tells whether the answer fits.
      const taken = items.filter((item) => run.answer(expected.node, item, answer));
      if (taken.length > 0) return kept.promise;
    } catch (error) {
      kept.forget();
      throw error;
    }
    kept.forget();
    return undefined;
  }

  cancel(node?: string): boolean {
    if (this.#endedAt !== null || this.#isAtRest) return false;
    if (node !== undefined) return this.#run?.cancelNode(node) ?? false;
    this.#controller.abort();
    return true;
  }

  /** Stops for now: whoever resumes the run finds all that is finished. */
  async interrupt(): Promise<void> {
    this.#isInterrupted = true;
    this.#controller.abort();
    await this.ended;
  }

  async #drive(run: GraphRun): Promise<void> {
    const settled = new Promise<void>((resolve) => {
      this.#settle = resolve;
    });
    for await (const notice of run) {
      this.#take(notice);
      if (this.#lost !== undefined) break;
    }
    if (this.#endedAt === null && this.#lost === undefined) this.#rest();
    if (!this.#isOver || this.#isKeeping || this.#group.told.length > 0) await settled;
    this.#answers.refuseAll(this.#tracker.asks);
    if (!this.#isAtRest) this.log.end();
    this.#run = undefined;
  }

  get #isOver(): boolean {
    return this.#endedAt !== null || this.#isAtRest;
  }

  #rest(): void {
    this.#isAtRest = true;
    this.#tracker.status = "waiting";
    this.#group.run = { run: this.id, status: "waiting", endedAt: null, lastSeq: this.#seq };
    this.#keep();
  }

  #take(notice: RunNotice): void {
    if (this.#lost !== undefined) return;
    const event = clean(notice.event);
    if (this.#options.continues !== undefined && this.#isKnown(notice)) return this.#tracker.recall(event);
    const now = Date.now();
    const group = this.#group;
    const numbered = { seq: ++this.#seq, event };
    group.told.push({ event: numbered, notice });
    const { record } = this.#options;
    if (notice.result !== undefined)
      group.results.push({ sheet: record.sheet, record: notice.result, select: record.sheet !== null });
    if (notice.item !== undefined) {
      const { node, record: item } = notice.item;
      group.items.push({
        run: this.id,
        sheet: record.sheet,
        node,
        record: item.error === undefined ? item : { ...item, error: redactValue(item.error) },
      });
    }
    const node = this.#tracker.take(event, now, notice.asked);
    if (node !== undefined) group.runNodes.set(node, this.#nodeRecord(node));
    const status = endStatus(event, this.#isInterrupted);
    if (status !== undefined) {
      for (const name of this.#tracker.endWaiting(this.#isInterrupted ? "interrupted" : "cancelled"))
        group.runNodes.set(name, this.#tracker.nodes[name] as RunNodeRecord);
      this.#tracker.status = status;
      this.#endedAt = now;
      group.run = { run: this.id, status, endedAt: now, lastSeq: this.#seq };
    } else if (this.#seq > this.#reserved) {
      this.#reserved = this.#seq + RESERVED;
      group.run = { run: this.id, status: "running", endedAt: null, lastSeq: this.#reserved };
    }
    this.#keep();
  }

  /** A run that goes on comes to everything again; what it had told, kept and asked before is known. */
  #isKnown({ event, asked }: RunNotice): boolean {
    if (event.type === "run-started") return true;
    if (!("node" in event)) return false;
    const before = this.#options.record.nodes[event.node];
    switch (event.type) {
      case "node-done":
        return event.reused && event.result !== undefined && event.result === before?.result;
      case "node-blocked":
        return before?.status === "blocked" && before.reason === event.reason;
      case "node-started":
        return before?.status === "waiting" && event.items !== undefined;
      case "node-waiting":
        return before?.status === "waiting" && before.asked === asked;
      default:
        return false;
    }
  }

  #nodeRecord(node: string): RunNodeRecord {
    const record = this.#tracker.nodes[node] as RunNodeRecord;
    if (record.status !== "cancelled" || !this.#isInterrupted) return record;
    const interrupted: RunNodeRecord = { ...record, status: "interrupted" };
    this.#tracker.nodes[node] = interrupted;
    return interrupted;
  }

  #keep(): void {
    if (this.#isKeeping || (this.#group.told.length === 0 && this.#group.run === undefined)) return;
    const group = this.#group;
    this.#group = emptyGroup();
    if (
      group.run === undefined &&
      group.results.length === 0 &&
      group.items.length === 0 &&
      group.runNodes.size === 0
    ) {
      this.#tell(group);
      return;
    }
    this.#isKeeping = true;
    const batch: Batch = {
      results: group.results,
      items: group.items,
      runNodes: [...group.runNodes].map(([node, state]) => ({ run: this.id, node, state })),
      ...(group.run === undefined ? {} : { runs: [group.run] }),
    };
    keepPatiently(
      this.#options.context.store,
      this.scope,
      batch,
      this.#options.sheet,
      this.#controller.signal,
    )
      .then(
        () => this.#tell(group),
        (error: unknown) => this.#lose(error),
      )
      .finally(() => {
        this.#isKeeping = false;
        this.#keep();
        if (this.#isOver && !this.#isKeeping) this.#settle();
      });
  }

  #tell(group: Group): void {
    this.log.add(group.told.map(({ event }) => event));
    for (const { event } of group.told) this.#answers.take(event.event);
    const { sheet, context } = this.#options;
    for (const { event } of group.told) {
      const { event: told } = event;
      if (told.type === "node-failed" && told.item === undefined && told.willRetryInMs === undefined)
        context.onFailure?.(told.node, told.error);
    }
    if (sheet === undefined) return;
    for (const { event, notice } of group.told)
      tellSheet(sheet, this, event.event, notice, this.#isInterrupted);
    if (group.run?.status === "waiting") restOnSheet(sheet, this);
  }

  /** What happened cannot be kept, so that nobody is told of it: the run ends here, and can be resumed later. */
  async #lose(error: unknown): Promise<void> {
    if (this.#lost !== undefined) return;
    this.#lost = clean(toErrorData(error, "STORE_FAILED"));
    this.#controller.abort();
    this.#group = emptyGroup();
    this.#endedAt = Date.now();
    this.#tracker.status = "failed";
    const { startedAt } = this.#options.record;
    const event: RunEvent = {
      type: "run-failed",
      run: this.id,
      outputs: {},
      errors: [{ node: this.#lost.node ?? "", error: this.#lost }],
      durationMs: Date.now() - startedAt,
    };
    const status = {
      run: this.id,
      status: "failed" as RunStatus,
      endedAt: this.#endedAt,
      lastSeq: ++this.#seq,
    };
    await this.#options.context.store.commit(this.scope, { runs: [status] }).catch(() => {});
    this.log.add([{ seq: this.#seq, event }]);
    if (this.#options.sheet !== undefined) tellSheet(this.#options.sheet, this, event, { event }, false);
  }
}

function emptyGroup(): Group {
  return { told: [], results: [], items: [], runNodes: new Map(), run: undefined };
}

function endStatus(event: RunEvent, isInterrupted: boolean): RunStatus | undefined {
  switch (event.type) {
    case "run-done":
      return "done";
    case "run-failed":
      return "failed";
    case "run-cancelled":
      return isInterrupted ? "interrupted" : "cancelled";
    default:
      return undefined;
  }
}

/** Secrets must not get into what is kept or told. */
function clean<T>(value: T): T {
  const { type, code } = value as { readonly type?: string; readonly code?: string };
  return code !== undefined || type === "node-log" || type === "node-failed" || type === "run-failed"
    ? redactValue(value)
    : value;
}
