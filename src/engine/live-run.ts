import { type ErrorData, toErrorData } from "../base/errors.ts";
import { redactValue } from "../base/redact.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import type { RunEvent } from "../protocol/events.ts";
import type { RunNotice } from "../run/notice.ts";
import type { GraphRun } from "../run/run-graph.ts";
import type { Batch, RunNodeRecord, RunRecord, RunStatus, Scope } from "../store/store.ts";
import type { EngineContext } from "./context.ts";
import { EventLog, type NumberedEvent } from "./event-log.ts";
import { keepPatiently } from "./keep-patiently.ts";
import type { LiveSheet } from "./live-sheet.ts";
import { RunTracker } from "./run-tracker.ts";
import { tellSheet } from "./tell-sheet.ts";

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
  readonly snapshot: Snapshot;
  readonly sheet: LiveSheet | undefined;
  /** Starts the runner. */
  readonly start: (signal: AbortSignal) => GraphRun;
}

/** A run that goes on in this process, whoever started it and whoever listens. Nothing is told before it is kept. */
export class LiveRun {
  readonly id: string;
  readonly scope: Scope;
  readonly log = new EventLog();
  readonly ended: Promise<void>;
  readonly #options: LiveRunOptions;
  readonly #tracker: RunTracker;
  readonly #controller = new AbortController();
  readonly #run: GraphRun;
  #group = emptyGroup();
  #seq: number;
  #reserved: number;
  #isKeeping = false;
  #isInterrupted = false;
  #lost: ErrorData | undefined;
  #endedAt: number | null = null;
  #settle: () => void = () => {};

  constructor(options: LiveRunOptions) {
    const { record } = options;
    this.#options = options;
    this.id = record.id;
    this.scope = options.scope;
    this.#seq = record.lastSeq;
    this.#reserved = record.lastSeq;
    this.#tracker = new RunTracker(record.nodes);
    this.#run = options.start(this.#controller.signal);
    this.ended = this.#drive();
  }

  /** Some of what happened could not be kept: only the store knows how the run stands. */
  get isLost(): boolean {
    return this.#lost !== undefined;
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

  cancel(node?: string): boolean {
    if (this.#endedAt !== null) return false;
    if (node !== undefined) return this.#run.cancelNode(node);
    this.#controller.abort();
    return true;
  }

  /** Stops for now: whoever resumes the run finds all that is finished. */
  async interrupt(): Promise<void> {
    this.#isInterrupted = true;
    this.#controller.abort();
    await this.ended;
  }

  async #drive(): Promise<void> {
    const settled = new Promise<void>((resolve) => {
      this.#settle = resolve;
    });
    for await (const notice of this.#run) {
      this.#take(notice);
      if (this.#lost !== undefined) break;
    }
    if (this.#endedAt === null || this.#isKeeping || this.#group.told.length > 0) await settled;
    this.log.end();
  }

  #take(notice: RunNotice): void {
    if (this.#lost !== undefined) return;
    const event = clean(notice.event);
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
    const node = this.#tracker.take(event, now);
    if (node !== undefined) group.runNodes.set(node, this.#nodeRecord(node));
    const status = endStatus(event, this.#isInterrupted);
    if (status !== undefined) {
      this.#tracker.status = status;
      this.#endedAt = now;
      group.run = { run: this.id, status, endedAt: now, lastSeq: this.#seq };
    } else if (this.#seq > this.#reserved) {
      this.#reserved = this.#seq + RESERVED;
      group.run = { run: this.id, status: "running", endedAt: null, lastSeq: this.#reserved };
    }
    this.#keep();
  }

  #nodeRecord(node: string): RunNodeRecord {
    const record = this.#tracker.nodes[node] as RunNodeRecord;
    if (record.status !== "cancelled" || !this.#isInterrupted) return record;
    const interrupted: RunNodeRecord = { ...record, status: "interrupted" };
    this.#tracker.nodes[node] = interrupted;
    return interrupted;
  }

  #keep(): void {
    if (this.#isKeeping || this.#group.told.length === 0) return;
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
        if (this.#endedAt !== null && !this.#isKeeping) this.#settle();
      });
  }

  #tell(group: Group): void {
    this.log.add(group.told.map(({ event }) => event));
    const { sheet } = this.#options;
    if (sheet === undefined) return;
    for (const { event, notice } of group.told)
      tellSheet(sheet, this, event.event, notice, this.#isInterrupted);
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
