import type { ItemRecord } from "../graph/result.ts";
import type { HistoryPage, ItemsPage } from "../protocol/messages.ts";
import type { ItemState } from "../protocol/view.ts";
import type { HistoryRange } from "../store/store.ts";
import type { EngineContext } from "./context.ts";
import { isActive } from "./live-node.ts";
import type { LiveSheet } from "./live-sheet.ts";
import { toItemState } from "./node-state.ts";
import { shortenAll } from "./preview.ts";

/** A page of results, newest first, with values cut short. */
export async function historyPage(
  { store }: EngineContext,
  sheet: LiveSheet,
  node: string,
  range: HistoryRange,
): Promise<HistoryPage> {
  const { results, indices, total } = await store.history(sheet.scope, sheet.id, node, range);
  const chosen = sheet.selected.get(node)?.id;
  const entries = results.map(({ id, startedAt, durationMs, inputs, outputs }, place) => ({
    id,
    index: indices[place] ?? 0,
    createdAt: startedAt + durationMs,
    durationMs,
    inputs: shortenAll(inputs),
    outputs: shortenAll(outputs),
    selected: id === chosen,
  }));
  return { entries, total };
}

export interface ItemRange {
  readonly offset: number;
  readonly limit: number;
  readonly failed?: boolean | undefined;
}

/** A page of items, with `failed` of those that failed. */
export function itemsPage(
  sheet: LiveSheet,
  node: string,
  { offset, limit, failed = false }: ItemRange,
): ItemsPage {
  const { total, at } = sheet.items(node);
  const isRunning = isActive(sheet.live.get(node));
  const stateAt = (index: number) => toState(at(index), index, isRunning);
  if (!failed) {
    const shown = Math.max(0, Math.min(total - offset, limit));
    return { items: Array.from({ length: shown }, (_, place) => stateAt(offset + place)), total };
  }
  const items: ItemState[] = [];
  for (let index = 0; index < total; index++) {
    const item = at(index);
    const hasFailed =
      item !== undefined && ("status" in item ? item.status === "failed" : item.error !== undefined);
    if (hasFailed) items.push(stateAt(index));
  }
  return { items: items.slice(offset, offset + limit), total: items.length };
}

/** While the node runs, an item of the result before is one that has yet to run. */
function toState(item: ItemRecord | ItemState | undefined, index: number, isRunning: boolean): ItemState {
  if (item === undefined) return { index, status: "queued" };
  if ("status" in item) return item;
  const state = toItemState(item, index);
  return isRunning ? { ...state, status: "queued" } : state;
}
