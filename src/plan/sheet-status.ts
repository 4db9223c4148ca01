import type { GraphDefinition } from "../graph/definition.ts";
import { activeGraph } from "./active.ts";
import { decide } from "./decide.ts";
import type { Snapshot } from "./snapshot.ts";

/** How a node stands, run or no run: what the canvas shows on its card. */
export interface Freshness {
  /** `idle`: it never ran. */
  readonly status: "idle" | "fresh" | "stale";
  readonly reason: string;
}

/** Every node that executes, with whether its selected result is the one that the present inputs give. */
export function sheetStatus(definition: GraphDefinition, snapshot: Snapshot): ReadonlyMap<string, Freshness> {
  const graph = activeGraph(definition, snapshot.variants);
  const status = new Map<string, Freshness>();
  for (const { node, action, reason } of decide(graph, snapshot, "stale", []).entries.values()) {
    const known = snapshot.selected.has(node);
    if (action === "reuse") status.set(node, { status: "fresh", reason });
    else
      status.set(node, {
        status: known ? "stale" : "idle",
        reason: known || action === "blocked" ? reason : "never ran",
      });
  }
  return status;
}
