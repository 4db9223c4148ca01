import { DaggrError } from "../base/errors.ts";
import type { Draft } from "./draft.ts";

/** The nodes in an order in which each comes after what it reads from; listed order where that leaves a choice. Fills in `downstream`. */
export function sortTopologically(drafts: ReadonlyMap<string, Draft>): Map<string, Draft> {
  const downstream = new Map<string, string[]>();
  const missing = new Map<string, number>();
  for (const draft of drafts.values()) {
    missing.set(draft.name, draft.upstream.length);
    for (const name of draft.upstream) {
      const readers = downstream.get(name);
      if (readers === undefined) downstream.set(name, [draft.name]);
      else readers.push(draft.name);
    }
  }
  const sorted = new Map<string, Draft>();
  const ready = [...drafts.values()].filter((draft) => draft.upstream.length === 0);
  for (let at = 0; at < ready.length; at++) {
    const draft = ready[at]!;
    draft.downstream = downstream.get(draft.name) ?? [];
    sorted.set(draft.name, draft);
    for (const name of draft.downstream) {
      const left = (missing.get(name) ?? 0) - 1;
      missing.set(name, left);
      if (left === 0) ready.push(drafts.get(name)!);
    }
  }
  if (sorted.size < drafts.size) throw cycle(drafts, sorted);
  return sorted;
}

function cycle(drafts: ReadonlyMap<string, Draft>, sorted: ReadonlyMap<string, Draft>): DaggrError {
  // Every node that is left reads from one that is left: following them backwards ends in a circle.
  let draft = [...drafts.values()].find((candidate) => !sorted.has(candidate.name))!;
  const path: string[] = [];
  while (!path.includes(draft.name)) {
    path.unshift(draft.name);
    draft = drafts.get(draft.upstream.find((name) => !sorted.has(name))!)!;
  }
  const circle = [...path.slice(0, path.indexOf(draft.name) + 1)];
  const { place } = draft;
  return new DaggrError(
    "CYCLE",
    `The graph has a cycle: ${[draft.name, ...circle].join(" -> ")}. A node cannot need its own result.`,
    { node: draft.name, ...(place === undefined ? {} : { place }) },
  );
}
