import type { NodeOutputs, RunEvent } from "../protocol/events.ts";
import type { RunNodeRecord, RunRecord } from "../store/store.ts";
import type { NumberedEvent } from "./event-log.ts";

/** What a node that waits asks. */
export type AskedEvents = (node: string, reason: string) => readonly RunEvent[];

/**
 * The events of a run that does not live in this process any more, made of its record: how each node started and
 * ended, without progress, logs and items. They are numbered so that the last has the run's last number.
 */
export function rebuildEvents(
  record: RunRecord,
  outputs: NodeOutputs,
  asked: AskedEvents = () => [],
): NumberedEvent[] {
  const { id, mode, targets } = record;
  const nodes = Object.entries(record.nodes);
  const entries = nodes.map(([node, { status, reason }]) => ({
    node,
    action:
      status === "reused"
        ? ("reuse" as const)
        : status === "blocked"
          ? ("blocked" as const)
          : ("run" as const),
    reason: reason ?? "",
  }));
  const events: RunEvent[] = [{ type: "run-started", run: id, plan: { mode, targets, entries } }];
  for (const [node, state] of nodes) {
    if (state.status === "waiting") events.push(...asked(node, state.reason ?? ""));
    else events.push(...nodeEvents(node, state, outputs[node] ?? {}));
  }
  const end = endEvent(record, outputs);
  if (end !== undefined) events.push(end);
  const first = Math.max(1, record.lastSeq - events.length + 1);
  return events.map((event, index) => ({ seq: first + index, event }));
}

function nodeEvents(
  node: string,
  state: RunNodeRecord,
  outputs: Readonly<Record<string, unknown>>,
): RunEvent[] {
  const { status, reason = "", durationMs = 0, result, error, items, fallback } = state;
  const by = fallback === undefined ? {} : { fallback };
  const started: RunEvent = {
    type: "node-started",
    node,
    reason,
    attempt: 1,
    ...(items === undefined ? {} : { items: { total: items, reused: 0 } }),
    ...by,
  };
  switch (status) {
    case "done":
    case "reused": {
      const done: RunEvent = {
        type: "node-done",
        node,
        outputs,
        durationMs,
        reused: status === "reused",
        ...(result === undefined ? {} : { result }),
        ...by,
      };
      return status === "reused" ? [done] : [started, done];
    }
    case "failed":
      return [
        started,
        {
          type: "node-failed",
          node,
          durationMs,
          error: error ?? { code: "NODE_FAILED", message: "It failed." },
        },
      ];
    case "blocked":
      return [{ type: "node-blocked", node, by: "", reason }];
    case "cancelled":
      return [started, { type: "node-cancelled", node }];
    default:
      return [started];
  }
}

function endEvent(record: RunRecord, outputs: NodeOutputs): RunEvent | undefined {
  const about = {
    run: record.id,
    outputs,
    durationMs: (record.endedAt ?? record.startedAt) - record.startedAt,
  };
  switch (record.status) {
    case "done":
      return { type: "run-done", ...about };
    case "cancelled":
      return { type: "run-cancelled", ...about };
    case "failed": {
      const errors = Object.entries(record.nodes).flatMap(([node, { error }]) =>
        error === undefined ? [] : [{ node, error }],
      );
      return { type: "run-failed", ...about, errors };
    }
    default:
      return undefined;
  }
}
