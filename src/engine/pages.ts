import { isChoice } from "../graph/definition.ts";
import type { ItemRecord } from "../graph/result.ts";
import type { HistoryPage, ItemsPage } from "../protocol/messages.ts";
import type { HistoryEntry, ItemState } from "../protocol/view.ts";
import type { HistoryRange, ShortResult } from "../store/store.ts";
import type { EngineContext } from "./context.ts";
import { isActive } from "./live-node.ts";
import type { LiveSheet } from "./live-sheet.ts";
import { shownOutputs, toItemState } from "./node-state.ts";
import { shortenAll } from "./preview.ts";
import { findResult } from "./select-result.ts";

/** Enough of a hash to tell inputs of one step apart. */
const HASH_LENGTH = 16;

/** A page of results, newest first, with values cut short. */
export async function historyPage(
  context: EngineContext,
  sheet: LiveSheet,
  node: string,
  range: HistoryRange,
): Promise<HistoryPage> {
  const { results, indices, total } = await context.store.history(sheet.scope, sheet.id, node, range);
  const entries = results.map((result, place) => {
    const { inputs, outputs, fields, ...rest } = toEntry(context, sheet, result, indices[place] ?? 0);
    return { ...rest, inputs: shortenAll(inputs), outputs: shortenAll(outputs), fields: shortenAll(fields) };
  });
  return { entries, total };
}

/** One result with its whole values; of a scattered one the first items, and how many there are. */
export async function resultEntry(
  context: EngineContext,
  sheet: LiveSheet,
  node: string,
  id: string,
): Promise<HistoryEntry> {
  const result = await findResult(context, sheet, node, id);
  const entry = toEntry(context, sheet, result, (await context.store.indexOf(sheet.scope, id)) ?? 0);
  return result.items === null
    ? entry
    : { ...entry, outputs: shownOutputs(result), items: result.items.length };
}

function toEntry(
  { definition }: EngineContext,
  sheet: LiveSheet,
  result: ShortResult,
  index: number,
): HistoryEntry {
  const { id, node, startedAt, durationMs, inputs, inputHashes, outputs, edited, variant, fields, upstream } =
    result;
  const { fallback } = result;
  const made = definition.nodes.get(node);
  const hasVariants = made !== undefined && isChoice(made);
  return {
    id,
    index,
    createdAt: startedAt + durationMs,
    durationMs,
    inputs,
    inputHashes: Object.fromEntries(
      Object.entries(inputHashes).map(([port, hash]) => [port, hash.slice(0, HASH_LENGTH)]),
    ),
    outputs,
    selected: id === sheet.selected.get(node)?.id,
    edited,
    ...(hasVariants ? { variant } : {}),
    ...(fallback === undefined || edited ? {} : { fallback }),
    fields,
    upstream,
    ...(result.itemCount === undefined ? {} : { items: result.itemCount }),
  };
}

export async function itemsOfResult(
  context: EngineContext,
  sheet: LiveSheet,
  node: string,
  id: string,
  { offset, limit }: ItemRange,
): Promise<ItemsPage> {
  const items = (await findResult(context, sheet, node, id)).items ?? [];
  const page = items.slice(offset, offset + limit).map((item, at) => toItemState(item, offset + at));
  return { items: page, total: items.length };
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
