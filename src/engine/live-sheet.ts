import type { ItemRecord, ResultRecord } from "../graph/result.ts";
import { type Freshness, sheetStatus } from "../plan/sheet-status.ts";
import type { ItemState, NodeState, RunInfo, SheetView } from "../protocol/view.ts";
import type { Scope, SheetState, Tally } from "../store/store.ts";
import type { EngineContext } from "./context.ts";
import { isActive, type LiveNode } from "./live-node.ts";
import type { LiveRun } from "./live-run.ts";
import { LogLines } from "./log-lines.ts";
import { toNodeState } from "./node-state.ts";
import { NoticeLog } from "./notice-log.ts";
import { readersOf } from "./readers.ts";
import { SheetChanges } from "./sheet-changes.ts";
import { sheetSnapshot } from "./snapshot.ts";
import { UsualDurations } from "./usual-durations.ts";

/** One sheet as this process knows it: what is saved, and what happens on it just now. */
export class LiveSheet {
  readonly scope: Scope;
  readonly id: string;
  readonly notices = new NoticeLog();
  readonly changes: SheetChanges;
  readonly logs = new LogLines();
  readonly usual = new UsualDurations();
  readonly selected = new Map<string, ResultRecord>();
  readonly tallies = new Map<string, Tally>();
  readonly live = new Map<string, LiveNode>();
  /** Of the run that touched a scattered node last. */
  readonly liveItems = new Map<string, Map<number, ItemState>>();
  readonly runs = new Map<string, RunInfo>();
  /** By node and item, what is asked just now. */
  readonly asks = new Map<string, Map<number | undefined, Readonly<Record<string, unknown>>>>();
  /** Set by the engine: another run has come to the step at which this one waits. */
  onTakenOver: ((run: string, node: string) => void) | undefined;
  interrupted: RunInfo | null = null;
  state: SheetState;
  readonly #context: EngineContext;
  #freshness = new Map<string, Freshness>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(context: EngineContext, scope: Scope, state: SheetState) {
    this.#context = context;
    this.scope = scope;
    this.id = state.info.id;
    this.state = state;
    this.changes = new SheetChanges(this.notices, {
      node: (node) => this.nodeState(node),
      run: (run) => this.runs.get(run),
    });
  }

  get isInUse(): boolean {
    return this.isRunning || this.notices.isWatched;
  }

  /** A run is at work on it. One that waits for a person may be answered by any process. */
  get isRunning(): boolean {
    return [...this.runs.values()].some((run) => run.status === "running");
  }

  /** Changes by hand take turns: each sees what the one before has left. */
  inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(change);
    this.#turn = done.catch(() => {});
    return done;
  }

  nodeState(node: string): NodeState {
    return toNodeState({
      live: this.live.get(node),
      freshness: this.#freshness.get(node),
      selected: this.selected.get(node),
      tally: this.tallies.get(node),
      usualMs: this.usual.usualMs(node),
      asks: this.asks.get(node),
    });
  }

  view(): SheetView {
    const { info, fields, variants, positions, viewport } = this.state;
    const nodes: Record<string, NodeState> = {};
    for (const node of this.#context.definition.nodes.values()) {
      if (node.behaviour.executes) nodes[node.name] = this.nodeState(node.name);
    }
    const activeRuns = [...this.runs.values()];
    const results = [...this.tallies.values()].reduce((sum, { total }) => sum + total, 0);
    return {
      sheet: { ...info, results },
      inputs: fields,
      variants,
      nodes,
      positions,
      viewport,
      activeRuns,
      interrupted: this.interrupted,
    };
  }

  /** Finds out anew which nodes are stale, and tells about those that changed. */
  async refresh(): Promise<void> {
    const before = this.#freshness;
    const { snapshot, late } = await sheetSnapshot(this.#context, this);
    this.#freshness = new Map(sheetStatus(this.#context.definition, snapshot));
    for (const [node, { status, reason }] of this.#freshness) {
      const was = before.get(node);
      if (was?.status !== status || was.reason !== reason) this.changes.node(node);
    }
    late?.then(() => this.refresh()).catch(() => {});
  }

  /** A run begins; it takes over whatever the latest one left unfinished. */
  begin(run: LiveRun): void {
    const info = { id: run.id, startedAt: run.record.startedAt, ...run.tracker.info };
    this.interrupted = null;
    this.runs.set(run.id, info);
    this.changes.run(info);
  }

  /** Fields and variants have been saved. */
  setInputs(
    fields: Readonly<Record<string, unknown>>,
    variants: Readonly<Record<string, number>> = {},
  ): void {
    this.state = {
      ...this.state,
      fields: { ...this.state.fields, ...fields },
      variants: { ...this.state.variants, ...variants },
    };
    for (const [address, value] of Object.entries(fields))
      this.notices.tell({ type: "input", address, value });
    for (const [node, variant] of Object.entries(variants))
      this.notices.tell({ type: "variant", node, variant });
    this.forgetTrouble([
      ...readersOf(this.#context.definition, Object.keys(fields)),
      ...Object.keys(variants),
    ]);
  }

  /** Positions have been saved. */
  setPositions(positions: Readonly<Record<string, { readonly x: number; readonly y: number } | null>>): void {
    const all = Object.entries({ ...this.state.positions, ...positions });
    const kept = all.filter((entry): entry is [string, { x: number; y: number }] => entry[1] !== null);
    this.state = { ...this.state, positions: Object.fromEntries(kept) };
    this.notices.tell({ type: "positions", positions });
  }

  /** A result was kept and selected. */
  take(result: ResultRecord): void {
    const total = (this.tallies.get(result.node)?.total ?? 0) + 1;
    this.selected.set(result.node, result);
    this.tallies.set(result.node, { total, index: total - 1 });
    if (!result.edited) this.usual.add(result.node, result.durationMs);
    this.#freshness.set(result.node, { status: "fresh", reason: "nothing changed" });
    this.changes.node(result.node);
  }

  /** What went wrong with these nodes, and whatever depends on them, is out of date. */
  forgetTrouble(nodes: Iterable<string>): void {
    const affected = new Set(nodes);
    for (const node of this.#context.definition.nodes.values()) {
      if (!affected.has(node.name) && !node.upstream.some((name) => affected.has(name))) continue;
      affected.add(node.name);
      const live = this.live.get(node.name);
      if (live === undefined || isActive(live) || live.status === "done" || live.status === "reused")
        continue;
      this.live.delete(node.name);
      this.changes.node(node.name);
    }
  }

  /**
   * What went wrong in a run that was read again may have been another script's or other inputs' trouble: where the
   * shown result is fresh, nothing is wrong.
   */
  forgetTroubleOfFresh(): void {
    for (const [node, { status }] of this.live) {
      if ((status !== "failed" && status !== "blocked") || this.#freshness.get(node)?.status !== "fresh")
        continue;
      this.live.delete(node);
      this.changes.node(node);
    }
  }

  /** The items that a page of them is cut from. */
  items(node: string): { readonly total: number; at(index: number): ItemRecord | ItemState | undefined } {
    const live = this.live.get(node);
    const items = this.selected.get(node)?.items ?? [];
    const states = this.liveItems.get(node);
    const total =
      states === undefined
        ? items.length
        : Math.max(live?.items?.total ?? 0, isActive(live) ? 0 : items.length);
    return { total, at: (index) => states?.get(index) ?? items[index] };
  }
}
