import { browserStorage, type Kept } from "../state/storage.ts";
import type { Layout } from "./elk-graph.ts";

const listKey = "daggr-layouts";
const keptLayouts = 20;
const keyOf = (hash: string) => `daggr-layout:${hash}`;

/** The layout of a graph of this shape, if it was laid out on this machine before. */
export function cachedLayout(hash: string, storage: Kept = browserStorage): Layout | undefined {
  return read<Layout>(storage, keyOf(hash));
}

/** Each layout has a key of its own, so that opening one graph does not read those of all others. */
export function cacheLayout(hash: string, layout: Layout, storage: Kept = browserStorage): void {
  const known = read<unknown>(storage, listKey);
  const hashes = Array.isArray(known)
    ? known.filter((entry): entry is string => typeof entry === "string")
    : [];
  const kept = [hash, ...hashes.filter((other) => other !== hash)];
  for (const old of kept.splice(keptLayouts)) storage.removeItem(keyOf(old));
  const isKept =
    storage.setItem(listKey, JSON.stringify(kept)) && storage.setItem(keyOf(hash), JSON.stringify(layout));
  if (isKept) return;
  // The browser's room is full: all are made anew when they are needed.
  for (const each of kept) storage.removeItem(keyOf(each));
  storage.removeItem(listKey);
}

function read<T>(storage: Kept, key: string): T | undefined {
  try {
    return (JSON.parse(storage.getItem(key) ?? "null") as T | null) ?? undefined;
  } catch {
    return undefined;
  }
}
