import type { RunEvent } from "../protocol/events.ts";
import type { FallbackUse } from "../protocol/values.ts";
import type { NodeState } from "../protocol/view.ts";

type Counts = NonNullable<NodeState["items"]>;

/** How a node stands in the latest run that touched it. */
export interface LiveNode {
  readonly run: string;
  /** `planned`: the run will come to it. */
  readonly status:
    | "planned"
    | "queued"
    | "running"
    | "waiting"
    | "done"
    | "reused"
    | "failed"
    | "blocked"
    | "cancelled"
    | "interrupted";
  readonly reason?: string;
  readonly startedAt?: number;
  readonly durationMs?: number;
  readonly attempt?: number;
  readonly progress?: NonNullable<NodeState["progress"]>;
  readonly queue?: NonNullable<NodeState["queue"]>;
  readonly error?: NonNullable<NodeState["error"]>;
  readonly blockedBy?: string;
  readonly willRetryInMs?: number;
  readonly busyMs?: number;
  readonly partial?: Readonly<Record<string, unknown>>;
  readonly items?: Counts;
  /** Of a fallback: which variant works. */
  readonly fallback?: FallbackUse;
}

/** It is not over yet. */
export interface ActiveNode extends LiveNode {
  readonly status: "planned" | "queued" | "running" | "waiting";
}

export type NodeEvent = Extract<RunEvent, { readonly node: string }>;

export function isActive(live: LiveNode | undefined): live is ActiveNode {
  return (
    live !== undefined &&
    (live.status === "planned" ||
      live.status === "queued" ||
      live.status === "running" ||
      live.status === "waiting")
  );
}

/** The node after an event of `run`. */
export function afterEvent(
  before: LiveNode | undefined,
  event: NodeEvent,
  run: string,
  now: number,
): LiveNode {
  const live: LiveNode = before?.run === run ? before : { run, status: "planned" };
  if ("item" in event && event.item !== undefined) return afterItemEvent(live, event, event.item);
  switch (event.type) {
    case "node-queued": {
      const { waitsFor, position, etaMs } = event;
      const queue = {
        waitsFor,
        ...(position === undefined ? {} : { position }),
        ...(etaMs === undefined ? {} : { etaMs }),
      };
      // A step that has begun may wait in a Space's queue: it goes on running.
      return { ...live, queue, status: live.status === "running" ? "running" : "queued" };
    }
    case "node-started": {
      const { reason, attempt, items, fallback } = event;
      const counts =
        items === undefined
          ? {}
          : { items: { total: items.total, done: items.reused, failed: 0, running: 0 } };
      const by = fallback === undefined ? {} : { fallback };
      return { run, status: "running", reason, attempt, startedAt: live.startedAt ?? now, ...counts, ...by };
    }
    case "node-progress": {
      const { queue: _, ...rest } = live;
      return {
        ...rest,
        progress: { value: event.value, ...(event.text === undefined ? {} : { text: event.text }) },
      };
    }
    case "node-partial":
      return { ...live, partial: event.outputs };
    case "node-log":
      return live;
    case "node-done":
      return {
        ...ended(live, event.reused ? "reused" : "done"),
        durationMs: event.durationMs,
        ...(event.busyMs === undefined ? {} : { busyMs: event.busyMs }),
      };
    case "node-failed":
      if (event.willRetryInMs !== undefined)
        return { ...live, error: event.error, willRetryInMs: event.willRetryInMs };
      return { ...ended(live, "failed"), error: event.error, durationMs: event.durationMs };
    case "node-blocked":
      return { ...ended(live, "blocked"), blockedBy: event.by, reason: event.reason };
    case "node-waiting":
      return { ...live, status: "waiting", reason: event.reason, startedAt: live.startedAt ?? now };
    case "node-cancelled":
      return ended(live, "cancelled");
  }
}

function ended(live: LiveNode, status: LiveNode["status"]): LiveNode {
  const { run, reason, startedAt, attempt, items } = live;
  return {
    run,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(attempt === undefined ? {} : { attempt }),
    ...(items === undefined ? {} : { items: { ...items, running: 0 } }),
  };
}

function afterItemEvent(live: LiveNode, event: NodeEvent, item: number): LiveNode {
  const counts: Counts = live.items ?? { total: 0, done: 0, failed: 0, running: 0 };
  const { done, failed, running } = counts;
  switch (event.type) {
    case "node-started":
      // A further attempt is counted already.
      return event.attempt > 1 ? live : { ...live, items: { ...counts, running: running + 1 } };
    case "node-done":
      return { ...live, items: { ...counts, done: done + 1, running: Math.max(0, running - 1) } };
    case "node-failed":
      if (event.willRetryInMs !== undefined) return live;
      return {
        ...live,
        items: { ...counts, failed: failed + 1, running: Math.max(0, running - 1) },
        error: { ...event.error, item },
      };
    case "node-progress":
      return event.text === undefined ? live : { ...live, progress: { value: null, text: event.text } };
    case "node-waiting":
      return { ...live, status: "waiting" };
    default:
      return live;
  }
}
