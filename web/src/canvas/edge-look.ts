import type { EdgeView, NodeState } from "../../../src/protocol/view.ts";

export type EdgeLook = "idle" | "fresh" | "stale" | "live";

const outOfDate = ["stale", "interrupted", "failed", "blocked"];

/**
 * Quiet until something has flowed, in the accent colour when what is shown was made of it, dotted when it is out of
 * date, moving while it is used.
 */
export function edgeLook(from: NodeState | undefined, to: NodeState | undefined): EdgeLook {
  if (to?.status === "running") return "live";
  if (from !== undefined && outOfDate.includes(from.status)) return "stale";
  if (to !== undefined && outOfDate.includes(to.status)) return "stale";
  return to?.status === "done" || to?.status === "reused" ? "fresh" : "idle";
}

/** How many values run along a scattered or gathered edge, once it is known. */
export function edgeCount(
  edge: EdgeView,
  from: NodeState | undefined,
  to: NodeState | undefined,
): number | undefined {
  if (edge.kind === "plain") return undefined;
  if (edge.kind === "each") {
    const value = from?.outputs?.[edge.from.port];
    return to?.items?.total ?? (Array.isArray(value) ? value.length : undefined);
  }
  return from?.items?.total;
}
