import type { ItemRecord, ResultRecord } from "../graph/result.ts";
import type { Freshness } from "../plan/sheet-status.ts";
import type { OpenQuestion } from "../protocol/ask.ts";
import type { ItemState, NodeState, NodeStatus } from "../protocol/view.ts";
import type { Tally } from "../store/store.ts";
import { isActive, type LiveNode } from "./live-node.ts";
import { previewText } from "./preview.ts";

/** Lists of a scattered node are shown so far; the page asks for items by the page. */
const SHOWN_ITEMS = 50;

export interface NodeFacts {
  readonly live: LiveNode | undefined;
  readonly freshness: Freshness | undefined;
  readonly selected: ResultRecord | undefined;
  readonly tally: Tally | undefined;
  readonly usualMs: number | undefined;
  /** By item, the questions that are open. */
  readonly asks: ReadonlyMap<number | undefined, Readonly<Record<string, unknown>>> | undefined;
}

/** More questions of one step come as those before are answered. */
const SHOWN_QUESTIONS = 20;

/** Everything a card shows, from what is saved and what happens just now. */
export function toNodeState({ live, freshness, selected, tally, usualMs, asks }: NodeFacts): NodeState {
  const status = statusOf(live, freshness);
  const reason = reasonOf(status, live, freshness);
  const active = isActive(live);
  const troubled = status === "failed" || status === "blocked" || status === "interrupted";
  const partial = active ? live.partial : undefined;
  const fallback = active ? live.fallback : selected?.fallback;
  const outputs = partial ?? (selected === undefined ? undefined : shownOutputs(selected));
  const startedAt = active || troubled ? live?.startedAt : selected?.startedAt;
  const durationMs = active ? undefined : troubled ? live?.durationMs : selected?.durationMs;
  const items = (active || troubled ? live?.items : undefined) ?? countItems(selected?.items);
  return {
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(usualMs === undefined ? {} : { usualMs }),
    ...(active && live.attempt !== undefined ? { attempt: live.attempt } : {}),
    ...(active && live.progress !== undefined ? { progress: live.progress } : {}),
    ...(active ? queueOf(live) : {}),
    ...((active || troubled) && live?.error !== undefined ? { error: live.error } : {}),
    ...(status === "blocked" && live?.blockedBy !== undefined ? { blockedBy: live.blockedBy } : {}),
    ...(active && live.willRetryInMs !== undefined ? { willRetryInMs: live.willRetryInMs } : {}),
    ...(live?.busyMs === undefined ? {} : { busyMs: live.busyMs }),
    ...(outputs === undefined ? {} : { outputs }),
    ...(partial === undefined ? {} : { partial: true }),
    ...(selected === undefined || tally?.index === undefined
      ? {}
      : {
          result: {
            id: selected.id,
            index: tally.index,
            total: tally.total,
            createdAt: selected.startedAt + selected.durationMs,
            edited: selected.edited,
          },
        }),
    ...(items === undefined ? {} : { items }),
    ...(live === undefined ? {} : { run: live.run }),
    ...(fallback === undefined || troubled || selected?.edited === true ? {} : { fallback }),
    ...(status === "waiting" && asks !== undefined ? { ask: questionsOf(asks) } : {}),
  };
}

function questionsOf(asks: NonNullable<NodeFacts["asks"]>): NonNullable<NodeState["ask"]> {
  return { questions: questionsOfAll(asks, SHOWN_QUESTIONS), total: asks.size };
}

export function questionsOfAll(asks: NonNullable<NodeFacts["asks"]>, most = asks.size): OpenQuestion[] {
  const questions: OpenQuestion[] = [];
  for (const [item, values] of asks) {
    if (questions.length === most) break;
    questions.push(item === undefined ? { values } : { item, values });
  }
  return questions;
}

function statusOf(live: LiveNode | undefined, freshness: Freshness | undefined): NodeStatus {
  if (live?.status === "planned") return "queued";
  if (
    live !== undefined &&
    (isActive(live) || live.status === "failed" || live.status === "blocked" || live.status === "interrupted")
  ) {
    return live.status as NodeStatus;
  }
  if (freshness?.status === "fresh") return live?.status === "reused" ? "reused" : "done";
  return freshness?.status ?? "idle";
}

function reasonOf(
  status: NodeStatus,
  live: LiveNode | undefined,
  freshness: Freshness | undefined,
): string | undefined {
  if (status === "idle" || status === "stale" || status === "reused") return freshness?.reason;
  // Why it ran says nothing of why it ended.
  return status === "done" || status === "interrupted" ? undefined : live?.reason;
}

function queueOf(live: LiveNode): Pick<NodeState, "queue"> {
  if (live.queue !== undefined) return { queue: live.queue };
  return live.status === "planned" ? { queue: { waitsFor: "its inputs" } } : {};
}

/** Of a scattered result the first values only. */
export function shownOutputs({ outputs, items }: ResultRecord): Readonly<Record<string, unknown>> {
  if (items === null || items.length <= SHOWN_ITEMS) return outputs;
  return Object.fromEntries(
    Object.entries(outputs).map(([name, list]) => [
      name,
      Array.isArray(list) ? list.slice(0, SHOWN_ITEMS) : list,
    ]),
  );
}

function countItems(items: readonly ItemRecord[] | null | undefined): NodeState["items"] {
  if (items === null || items === undefined) return undefined;
  const failed = items.reduce((count, item) => count + (item.error === undefined ? 0 : 1), 0);
  return { total: items.length, done: items.length - failed, failed, running: 0 };
}

export function toItemState(item: ItemRecord, index: number): ItemState {
  if (item.error !== undefined)
    return { index, status: "failed", error: item.error, durationMs: item.durationMs };
  const preview = previewText(item.outputs);
  const { fallback } = item;
  return {
    index,
    status: "done",
    outputs: item.outputs,
    durationMs: item.durationMs,
    ...(preview === undefined ? {} : { preview }),
    ...(fallback === undefined ? {} : { fallback }),
  };
}
