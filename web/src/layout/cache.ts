import type { Layout } from "./elk-graph.ts";

const key = "daggr-layouts";
const keptLayouts = 20;

type Stored = { readonly hash: string; readonly layout: Layout }[];

/** The layout of a graph of this shape, if it was laid out on this machine before. */
export function cachedLayout(hash: string, storage: Storage = localStorage): Layout | undefined {
  return read(storage).find((entry) => entry.hash === hash)?.layout;
}

export function cacheLayout(hash: string, layout: Layout, storage: Storage = localStorage): void {
  const entries = [{ hash, layout }, ...read(storage).filter((entry) => entry.hash !== hash)].slice(
    0,
    keptLayouts,
  );
  try {
    storage.setItem(key, JSON.stringify(entries));
  } catch {
    storage.removeItem(key);
  }
}

function read(storage: Storage): Stored {
  try {
    return JSON.parse(storage.getItem(key) ?? "[]") as Stored;
  } catch {
    return [];
  }
}
