import type { NodeOutputs, Outputs, RunEvent } from "../protocol/events.ts";
import type { RunInfo } from "../protocol/view.ts";
import type { RunNodeRecord, RunStatus } from "../store/store.ts";

interface ItemCounts {
  total: number;
  done: number;
  failed: number;
}

/** What the events of a run amount to: a record per node, counts of items, outputs so far. */
export class RunTracker {
  readonly nodes: Record<string, RunNodeRecord>;
  readonly outputs: Record<string, Outputs> = {};
  readonly items: Record<string, ItemCounts> = {};
  /** Open questions by node and item: what they are about. */
  readonly asks = new Map<string, Map<number | undefined, Outputs>>();
  status: RunStatus = "running";
  total = 0;
  readonly #ended = new Set<string>();

  constructor(nodes: Readonly<Record<string, RunNodeRecord>>) {
    this.nodes = { ...nodes };
  }

  get info(): Pick<RunInfo, "status" | "total" | "done"> {
    return { status: this.status, total: Math.max(this.total, this.#ended.size), done: this.#ended.size };
  }

  /** Takes an event in; returns the name of the node whose record changed. */
  take(event: RunEvent, now: number, asked?: string): string | undefined {
    if (event.type === "run-started") {
      this.total = event.plan.entries.filter(
        (entry) => entry.action !== "reuse" && entry.action !== "blocked",
      ).length;
      return undefined;
    }
    if (!("node" in event)) {
      this.#keepOutputs(event.outputs);
      return undefined;
    }
    this.#takeAsk(event);
    const before = this.nodes[event.node];
    if ("item" in event && event.item !== undefined) {
      this.#countItem(event);
      if (event.type !== "node-waiting" || before?.status === "waiting") return undefined;
    }
    const record = this.#recordAfter(event, before, now, asked);
    if (record === undefined) return undefined;
    this.nodes[event.node] = record;
    return event.node;
  }

  #recordAfter(
    event: Extract<RunEvent, { readonly node: string }>,
    before: RunNodeRecord | undefined,
    now: number,
    asked: string | undefined,
  ): RunNodeRecord | undefined {
    const kept = {
      ...(before?.reason === undefined ? {} : { reason: before.reason }),
      ...(before?.startedAt === undefined ? {} : { startedAt: before.startedAt }),
      ...(before?.items === undefined ? {} : { items: before.items }),
    };
    switch (event.type) {
      case "node-started": {
        const { items, reason, fallback } = event;
        if (event.attempt > 1)
          return before === undefined || fallback === undefined ? undefined : { ...before, fallback };
        if (items !== undefined)
          this.items[event.node] = { total: items.total, done: items.reused, failed: 0 };
        return {
          status: "running",
          reason,
          startedAt: now,
          ...(items === undefined ? {} : { items: items.total }),
          ...(fallback === undefined ? {} : { fallback }),
        };
      }
      case "node-done":
        this.outputs[event.node] = event.outputs;
        if (!event.reused) this.#ended.add(event.node);
        return {
          ...kept,
          status: event.reused ? "reused" : "done",
          durationMs: event.durationMs,
          ...(event.result === undefined ? {} : { result: event.result }),
          ...(event.fallback === undefined ? {} : { fallback: event.fallback }),
        };
      case "node-failed":
        if (event.willRetryInMs !== undefined) return undefined;
        this.#ended.add(event.node);
        return { ...kept, status: "failed", error: event.error, durationMs: event.durationMs };
      case "node-blocked":
        this.#ended.add(event.node);
        return { ...kept, status: "blocked", reason: event.reason };
      case "node-cancelled":
        this.#ended.add(event.node);
        return { ...kept, status: "cancelled" };
      case "node-waiting":
        return {
          startedAt: now,
          ...kept,
          reason: event.reason,
          status: "waiting",
          ...(asked === undefined ? {} : { asked }),
        };
      default:
        return undefined;
    }
  }

  /** Takes in what the run had told before it went on: what it has done and asked, without doing it again. */
  recall(event: RunEvent): void {
    if (event.type === "run-started") {
      for (const [node, { status }] of Object.entries(this.nodes))
        if (status === "done" || status === "failed" || status === "cancelled") this.#ended.add(node);
      const left = event.plan.entries.filter(
        ({ node, action }) => action !== "reuse" && action !== "blocked" && !this.#ended.has(node),
      );
      this.total = this.#ended.size + left.length;
    } else if (event.type === "node-done") this.outputs[event.node] = event.outputs;
    else if (event.type === "node-started" && event.items !== undefined)
      this.items[event.node] = { total: event.items.total, done: event.items.reused, failed: 0 };
    else if ("node" in event) this.#takeAsk(event);
  }

  /** The run is over, and nobody can answer any more. Returns the nodes that waited. */
  endWaiting(status: "cancelled" | "interrupted"): string[] {
    const waiting = Object.keys(this.nodes).filter((node) => this.nodes[node]?.status === "waiting");
    for (const node of waiting) {
      const { asked: _, ...record } = this.nodes[node] as RunNodeRecord;
      this.nodes[node] = { ...record, status };
    }
    this.asks.clear();
    return waiting;
  }

  #takeAsk(event: Extract<RunEvent, { readonly node: string }>): void {
    const { type, node } = event;
    const item = "item" in event ? event.item : undefined;
    if (type === "node-waiting") {
      const open = this.asks.get(node) ?? new Map();
      this.asks.set(node, open.set(item, event.values));
    } else if (type === "node-done" || type === "node-failed" || type === "node-cancelled") {
      if (item === undefined) this.asks.delete(node);
      else this.asks.get(node)?.delete(item);
    }
  }

  #countItem(event: Extract<RunEvent, { readonly node: string }>): void {
    const counts = this.items[event.node] ?? { total: 0, done: 0, failed: 0 };
    this.items[event.node] = counts;
    if (event.type === "node-done") counts.done++;
    else if (event.type === "node-failed" && event.willRetryInMs === undefined) counts.failed++;
  }

  #keepOutputs(outputs: NodeOutputs): void {
    Object.assign(this.outputs, outputs);
  }
}
