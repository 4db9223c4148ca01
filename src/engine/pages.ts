import type { ItemRecord } from "../graph/result.ts";
import type { HistoryPage, ItemsPage } from "../protocol/messages.ts";
import type { ItemState } from "../protocol/view.ts";
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
  offset: number,
  limit: number,
): Promise<HistoryPage> {
  const { results, total } = await store.history(sheet.scope, sheet.id, node, { offset, limit });
  const chosen = sheet.selected.get(node)?.id;
  const entries = results.map(({ id, startedAt, durationMs, inputs, outputs }) => ({
    id,
    createdAt: startedAt + durationMs,
    durationMs,
    inputs: shortenAll(inputs),
    outputs: shortenAll(outputs),
    selected: id === chosen,
  }));
  return { entries, total };
}

export function itemsPage(sheet: LiveSheet, node: string, offset: number, limit: number): ItemsPage {
  const { total, at } = sheet.items(node);
  const isRunning = isActive(sheet.live.get(node));
  const items: ItemState[] = [];
  for (let index = offset; index < Math.min(total, offset + limit); index++) {
    items.push(toState(at(index), index, isRunning));
  }
  return { items, total };
}

/** While the node runs, an item of the result before is one that has yet to run. */
function toState(item: ItemRecord | ItemState | undefined, index: number, isRunning: boolean): ItemState {
  if (item === undefined) return { index, status: "queued" };
  if ("status" in item) return item;
  const state = toItemState(item, index);
  return isRunning ? { ...state, status: "queued" } : state;
}
