import type { EdgeView, NodeState } from "../../../src/protocol/view.ts";

/** Quiet when fresh, dotted when what flows is out of date, moving while it is used. */
export function edgeLook(
  _edge: EdgeView,
  from: NodeState | undefined,
  to: NodeState | undefined,
): "fresh" | "stale" | "live" {
  if (to?.status === "running") return "live";
  const isOld = (state: NodeState | undefined) =>
    state !== undefined && ["stale", "interrupted", "failed", "blocked"].includes(state.status);
  return isOld(from) || to?.status === "stale" || to?.status === "blocked" || to?.status === "interrupted"
    ? "stale"
    : "fresh";
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

/** A value in a few words, for tooltips. */
export function inWords(value: unknown): string {
  if (value === undefined || value === null) return "no value yet";
  if (typeof value === "string") return value === "" ? "empty text" : value.slice(0, 120);
  if (Array.isArray(value)) return `list of ${value.length}`;
  if (typeof value === "object") {
    const name = (value as { name?: unknown }).name;
    return "$daggr" in value && typeof name === "string" ? name : JSON.stringify(value).slice(0, 120);
  }
  return String(value);
}
