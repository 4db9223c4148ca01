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
  take(event: RunEvent, now: number): string | undefined {
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
    if ("item" in event && event.item !== undefined) {
      this.#countItem(event);
      return undefined;
    }
    const record = this.#recordAfter(event, this.nodes[event.node], now);
    if (record === undefined) return undefined;
    this.nodes[event.node] = record;
    return event.node;
  }

  #recordAfter(
    event: Extract<RunEvent, { readonly node: string }>,
    before: RunNodeRecord | undefined,
    now: number,
  ): RunNodeRecord | undefined {
    const kept = {
      ...(before?.reason === undefined ? {} : { reason: before.reason }),
      ...(before?.startedAt === undefined ? {} : { startedAt: before.startedAt }),
      ...(before?.items === undefined ? {} : { items: before.items }),
    };
    switch (event.type) {
      case "node-started": {
        if (event.attempt > 1) return undefined;
        const { items, reason } = event;
        if (items !== undefined)
          this.items[event.node] = { total: items.total, done: items.reused, failed: 0 };
        return {
          status: "running",
          reason,
          startedAt: now,
          ...(items === undefined ? {} : { items: items.total }),
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
      default:
        return undefined;
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
