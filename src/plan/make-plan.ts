import type { GraphDefinition } from "../graph/definition.ts";
import type { Plan, PlanEntry, RunMode } from "../protocol/plan.ts";
import { type ActiveGraph, activeGraph } from "./active.ts";
import { type Decisions, decide } from "./decide.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * What a run would do with each node, and why. With `run`, the id of an interrupted run, what that run has finished
 * is reused whatever the mode. Throws `NODE_NOT_FOUND` and `NO_TARGET`.
 */
export function makePlan(
  definition: GraphDefinition,
  snapshot: Snapshot,
  mode: RunMode,
  targets: readonly string[] = [],
  run?: string,
): Plan {
  const graph = activeGraph(definition, snapshot.variants);
  return toPlan(graph, decide(graph, snapshot, mode, targets, run), snapshot, mode, targets);
}

/** The decisions as the page and the API see them, with the results that are taken as they are. */
export function toPlan(
  graph: ActiveGraph,
  { entries, scope }: Decisions,
  snapshot: Snapshot,
  mode: RunMode,
  targets: readonly string[],
): Plan {
  const shown: PlanEntry[] = [];
  for (const node of graph.values()) {
    const decision = entries.get(node.name);
    if (decision !== undefined) {
      const { action, by } = decision;
      const isReplaced = action === "run" && snapshot.selected.get(node.name)?.edited === true;
      const reason = isReplaced
        ? `${decision.reason}; the edited value stays in the history`
        : decision.reason;
      const mayAsk = node.behaviour.asks !== undefined && (action === "run" || action === "wait");
      shown.push({
        node: node.name,
        action,
        reason,
        ...(mayAsk ? { asks: true } : {}),
        ...(by === undefined ? {} : { by }),
      });
    } else if (node.behaviour.executes && node.downstream.some((reader) => scope.nodes.has(reader))) {
      const [blocking] = node.downstream.filter((reader) => entries.get(reader.name)?.by === node.name);
      if (blocking === undefined) shown.push({ node: node.name, action: "reuse", reason: "taken as it is" });
    }
  }
  return { mode, targets, entries: shown };
}
