import { setTimeout as sleep } from "node:timers/promises";
import type { Outputs } from "../protocol/events.ts";
import type { RunRecord, Scope } from "../store/store.ts";
import type { EngineContext } from "./context.ts";
import type { RunSnapshot } from "./engine.ts";
import type { EventLog, NumberedEvent } from "./event-log.ts";
import type { LiveRun } from "./live-run.ts";
import type { LiveSheet } from "./live-sheet.ts";
import { questionsOfAll } from "./node-state.ts";
import { peekAtRun } from "./peek.ts";
import { type AskedEvents, rebuildEvents } from "./rebuilt-events.ts";
import { snapshotOfRun } from "./start-run.ts";

/** The exact events of a run are at hand for so long after its end, then they are rebuilt from its record. */
const REMEMBERED_MS = 5 * 60_000;
/** Many short runs or a few long ones are forgotten sooner: these bounds hold for all together. */
const MOST_REMEMBERED = 500;
/** So often a reader of a run that waits looks whether another process has gone on with it. */
const LOOK_AGAIN_MS = 500;
const MOST_EVENTS_REMEMBERED = 200_000;

/** The runs of this process, and what is kept of others. */
export class Runs {
  readonly #context: EngineContext;
  readonly #openSheet: (scope: Scope, sheet: string) => Promise<LiveSheet>;
  /** Also those that ended a moment ago. */
  readonly #known = new Map<string, LiveRun>();
  readonly #active = new Set<LiveRun>();
  /** Those that have ended, the oldest first, and when each is forgotten. */
  readonly #ended = new Map<string, { readonly events: number; readonly timer: NodeJS.Timeout }>();
  #eventsRemembered = 0;
  #isClosed = false;

  constructor(context: EngineContext, openSheet: (scope: Scope, sheet: string) => Promise<LiveSheet>) {
    this.#context = context;
    this.#openSheet = openSheet;
  }

  add(run: LiveRun): void {
    this.#forget(run.id);
    this.#known.set(run.id, run);
    this.#active.add(run);
    run.ended.finally(() => {
      this.#active.delete(run);
      // Somebody may have answered already: then it has another life.
      if (this.#known.get(run.id) !== run) return;
      this.#remember(run.id, run.log.size);
    });
  }

  /** Nobody asks any more: what is remembered must not outlive the engine, a process may make thousands of them. */
  close(): void {
    this.#isClosed = true;
    for (const id of [...this.#ended.keys()]) this.#forget(id);
  }

  active(): LiveRun[] {
    return [...this.#active];
  }

  live(scope: Scope, id: string): LiveRun | undefined {
    const run = this.#known.get(id);
    return run !== undefined && isSameScope(run.scope, scope) ? run : undefined;
  }

  /** What a run that has come to rest here has told, if nobody else has gone on with it since. */
  logOf(scope: Scope, { id, lastSeq }: RunRecord): EventLog | undefined {
    const log = this.live(scope, id)?.log;
    return log?.last === lastSeq ? log : undefined;
  }

  /** A run that waited was ended: whoever listens to it hears so. */
  async cancelled(scope: Scope, id: string, seq: number, durationMs: number): Promise<void> {
    const live = this.live(scope, id);
    const record = live === undefined ? undefined : await this.#context.store.run(scope, id);
    if (live === undefined || record === undefined) return;
    const outputs = await this.#outputs(scope, record);
    live.log.add([{ seq, event: { type: "run-cancelled", run: id, outputs, durationMs } }]);
    live.log.end();
  }

  isActive(scope: Scope, id: string): boolean {
    const run = this.live(scope, id);
    return run !== undefined && this.#active.has(run);
  }

  async ended(id: string): Promise<void> {
    await this.#known.get(id)?.ended;
  }

  async snapshot(scope: Scope, id: string): Promise<RunSnapshot | undefined> {
    const live = this.live(scope, id);
    // A run at rest may have gone on in another process.
    if (live !== undefined && !live.isLost && !live.isAtRest) {
      const { outputs, items, asks } = live.tracker;
      return {
        record: live.record,
        outputs: { ...outputs },
        items: { ...items },
        reasons: reasonsOf(live.record),
        asks: questionsByNode(asks),
      };
    }
    const record = await this.#context.store.run(scope, id);
    if (record === undefined) return undefined;
    const counts = await this.#context.store.itemCounts(scope, id);
    const items: Record<string, { total: number; done: number; failed: number }> = {};
    for (const [node, { items: total }] of Object.entries(record.nodes)) {
      if (total !== undefined)
        items[node] = { total, done: counts[node]?.done ?? 0, failed: counts[node]?.failed ?? 0 };
    }
    const outputs = await this.#outputs(scope, record);
    return { record, items, outputs, reasons: reasonsOf(record), asks: await this.#asks(scope, record) };
  }

  async #asks(scope: Scope, record: RunRecord): Promise<RunSnapshot["asks"]> {
    if (record.status !== "waiting") return {};
    const sheet = record.sheet === null ? undefined : await this.#openSheet(scope, record.sheet);
    const peek = await peekAtRun(
      this.#context,
      scope,
      record,
      await snapshotOfRun(this.#context, scope, record, sheet),
    );
    return peek === undefined ? {} : questionsByNode(peek.asks);
  }

  async *events(
    scope: Scope,
    id: string,
    after: number,
    signal: AbortSignal,
  ): AsyncGenerator<NumberedEvent, void, void> {
    let last = after;
    let hasWaited = false;
    while (!signal.aborted) {
      const live = this.live(scope, id);
      if (live !== undefined) {
        const left = this.#whenLeft(live, signal);
        try {
          for await (const event of live.log.read(last, left.signal)) {
            last = event.seq;
            yield event;
          }
        } finally {
          left.stop();
        }
        if (signal.aborted || !left.signal.aborted) return;
        hasWaited = true;
      }
      const record = await this.#context.store.run(scope, id);
      if (record === undefined) return;
      // Numbers of a run at work elsewhere are reserved ahead: its events count once it is over, or at rest.
      if (record.status !== "running" || !hasWaited) {
        const asked = this.#waitingEvents(await this.#asks(scope, record));
        for (const event of rebuildEvents(record, await this.#outputs(scope, record), asked)) {
          if (event.seq <= last || signal.aborted) continue;
          last = event.seq;
          yield event;
        }
      }
      if (record.status !== "waiting" && !(record.status === "running" && hasWaited)) return;
      hasWaited = true;
      await sleep(LOOK_AGAIN_MS, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  #waitingEvents(asks: RunSnapshot["asks"]): AskedEvents {
    return (node, reason) => {
      const found = this.#context.definition.nodes.get(node);
      const form = [found, ...(found?.variants ?? [])].find((each) => each?.behaviour.asks)?.behaviour.asks
        ?.form;
      if (form === undefined) return [];
      return (asks[node] ?? []).map((question) => ({
        type: "node-waiting",
        node,
        reason,
        form,
        ...question,
      }));
    };
  }

  /** A reader of a run at rest hears of it when another process, or another life of the run here, has gone on. */
  #whenLeft(live: LiveRun, signal: AbortSignal): { readonly signal: AbortSignal; stop(): void } {
    const left = new AbortController();
    const seen = this.#context.store.changesByOthers();
    const look = setInterval(() => {
      const present = this.live(live.scope, live.id);
      const isOurs = present?.log === live.log;
      if (!isOurs || (present.isAtRest && this.#context.store.changesByOthers() !== seen)) left.abort();
    }, LOOK_AGAIN_MS).unref();
    const leave = (): void => left.abort();
    signal.addEventListener("abort", leave, { once: true });
    return {
      signal: left.signal,
      stop: () => {
        clearInterval(look);
        signal.removeEventListener("abort", leave);
      },
    };
  }

  // Takes no run: what the timer's closure shared with it would keep it alive after it is forgotten.
  #remember(id: string, events: number): void {
    if (this.#isClosed) return void this.#known.delete(id);
    this.#ended.set(id, { events, timer: setTimeout(() => this.#forget(id), REMEMBERED_MS).unref() });
    this.#eventsRemembered += events;
    for (const oldest of this.#ended.keys()) {
      if (this.#ended.size <= MOST_REMEMBERED && this.#eventsRemembered <= MOST_EVENTS_REMEMBERED) break;
      this.#forget(oldest);
    }
  }

  #forget(id: string): void {
    const ended = this.#ended.get(id);
    if (ended === undefined) return;
    clearTimeout(ended.timer);
    this.#eventsRemembered -= ended.events;
    this.#ended.delete(id);
    this.#known.delete(id);
  }

  async #outputs(
    scope: Scope,
    record: RunRecord,
  ): Promise<Record<string, Readonly<Record<string, unknown>>>> {
    const outputs: Record<string, Readonly<Record<string, unknown>>> = {};
    for (const [node, { result }] of Object.entries(record.nodes)) {
      const kept = result === undefined ? undefined : await this.#context.store.result(scope, result);
      if (kept !== undefined) outputs[node] = kept.outputs;
    }
    return outputs;
  }
}

function questionsByNode(
  asks: ReadonlyMap<string, ReadonlyMap<number | undefined, Outputs>>,
): RunSnapshot["asks"] {
  return Object.fromEntries([...asks].map(([node, open]) => [node, questionsOfAll(open)]));
}

function reasonsOf(record: RunRecord): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record.nodes).flatMap(([node, { reason }]) =>
      reason === undefined ? [] : [[node, reason]],
    ),
  );
}

export function isSameScope(a: Scope, b: Scope): boolean {
  return a.user === b.user && a.graph === b.graph;
}
