import { didYouMean } from "../base/closest.ts";
import { DaggrError } from "../base/errors.ts";
import type { RunMode } from "../protocol/plan.ts";
import type { ActiveGraph, ActiveNode } from "./active.ts";

/** Which nodes a run decides about; all others are taken as they are. */
export interface RunScope {
  readonly nodes: ReadonlySet<ActiveNode>;
  /** Run whatever state they are in. */
  readonly always: ReadonlySet<ActiveNode>;
}

const nobody: ReadonlySet<ActiveNode> = new Set();

export function scopeOf(graph: ActiveGraph, mode: RunMode, targets: readonly string[]): RunScope {
  const chosen = targets.map((name) => find(graph, name));
  if (chosen.length === 0 && mode !== "stale" && mode !== "all") {
    throw new DaggrError("NO_TARGET", `A run of mode '${mode}' needs to know for which node.`);
  }
  if (mode === "step") {
    const nodes = new Set(chosen);
    return { nodes, always: nodes };
  }
  if (mode === "from") return { nodes: closure(chosen, (node) => node.downstream), always: new Set(chosen) };
  const nodes =
    chosen.length === 0 ? new Set(graph.values()) : closure(chosen, (node) => node.upstream.values());
  if (mode === "to") return { nodes, always: new Set(chosen) };
  return { nodes, always: mode === "all" ? nodes : nobody };
}

function find(graph: ActiveGraph, name: string): ActiveNode {
  const node = graph.get(name);
  if (node !== undefined) return node;
  throw new DaggrError("NODE_NOT_FOUND", `Node '${name}' not found.${didYouMean(name, graph.keys())}`, {
    node: name,
  });
}

function closure(
  start: readonly ActiveNode[],
  next: (node: ActiveNode) => Iterable<ActiveNode>,
): ReadonlySet<ActiveNode> {
  const found = new Set(start);
  for (const node of found) for (const neighbour of next(node)) found.add(neighbour);
  return found;
}
