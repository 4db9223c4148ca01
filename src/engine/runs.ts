import type { RunRecord, Scope } from "../store/store.ts";
import type { EngineContext } from "./context.ts";
import type { RunSnapshot } from "./engine.ts";
import type { NumberedEvent } from "./event-log.ts";
import type { LiveRun } from "./live-run.ts";
import { rebuildEvents } from "./rebuilt-events.ts";

/** The exact events of a run are at hand for so long after its end, then they are rebuilt from its record. */
const REMEMBERED_MS = 5 * 60_000;
/** Many short runs or a few long ones are forgotten sooner: these bounds hold for all together. */
const MOST_REMEMBERED = 500;
const MOST_EVENTS_REMEMBERED = 200_000;

/** The runs of this process, and what is kept of others. */
export class Runs {
  readonly #context: EngineContext;
  /** Also those that ended a moment ago. */
  readonly #known = new Map<string, LiveRun>();
  readonly #active = new Set<LiveRun>();
  /** Those that have ended, the oldest first, and when each is forgotten. */
  readonly #ended = new Map<string, { readonly events: number; readonly timer: NodeJS.Timeout }>();
  #eventsRemembered = 0;
  #isClosed = false;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  add(run: LiveRun): void {
    this.#forget(run.id);
    this.#known.set(run.id, run);
    this.#active.add(run);
    run.ended.finally(() => {
      this.#active.delete(run);
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
    return run !== undefined && isSame(run.scope, scope) ? run : undefined;
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
    if (live !== undefined && !live.isLost) {
      const { outputs, items } = live.tracker;
      return {
        record: live.record,
        outputs: { ...outputs },
        items: { ...items },
        reasons: reasonsOf(live.record),
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
    return { record, items, outputs: await this.#outputs(scope, record), reasons: reasonsOf(record) };
  }

  async *events(
    scope: Scope,
    id: string,
    after: number,
    signal: AbortSignal,
  ): AsyncGenerator<NumberedEvent, void, void> {
    const live = this.live(scope, id);
    if (live !== undefined) {
      yield* live.log.read(after, signal);
      return;
    }
    const record = await this.#context.store.run(scope, id);
    if (record === undefined) return;
    for (const event of rebuildEvents(record, await this.#outputs(scope, record))) {
      if (event.seq > after && !signal.aborted) yield event;
    }
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

function reasonsOf(record: RunRecord): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record.nodes).flatMap(([node, { reason }]) =>
      reason === undefined ? [] : [[node, reason]],
    ),
  );
}

function isSame(a: Scope, b: Scope): boolean {
  return a.user === b.user && a.graph === b.graph;
}
