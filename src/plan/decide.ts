import { DaggrError } from "../base/errors.ts";
import { madeByInWords } from "../graph/made-by.ts";
import type { PlanEntry, RunMode } from "../protocol/plan.ts";
import type { ActiveGraph, ActiveNode } from "./active.ts";
import { difference } from "./reasons.ts";
import { type ResolvedInputs, resolveInputs } from "./resolve.ts";
import { type RunScope, scopeOf } from "./scope.ts";
import type { Snapshot } from "./snapshot.ts";

/** A plan's entry with what the runner needs besides. */
export interface Decision extends PlanEntry {
  /** Executed even if nothing changed. */
  readonly always: boolean;
  /** The value that is missing or does not fit, when that is why it is blocked. */
  readonly problem?: DaggrError;
}

export interface Decisions {
  readonly scope: RunScope;
  /** By node, in topological order; only nodes of the scope that execute. */
  readonly entries: ReadonlyMap<string, Decision>;
}

/**
 * Decides about every node of a run. `run` is the id of a run that goes on after an interruption: what it has
 * finished itself is not run again, even if the run was to do everything anew.
 */
export function decide(
  graph: ActiveGraph,
  snapshot: Snapshot,
  mode: RunMode,
  targets: readonly string[],
  run?: string,
): Decisions {
  const scope = scopeOf(graph, mode, targets);
  const entries = new Map<string, Decision>();
  for (const node of graph.values()) {
    if (scope.nodes.has(node) && node.behaviour.executes)
      entries.set(node.name, decideNode(node, scope, entries, snapshot, run));
  }
  return { scope, entries };
}

function decideNode(
  node: ActiveNode,
  scope: RunScope,
  earlier: ReadonlyMap<string, Decision>,
  snapshot: Snapshot,
  run: string | undefined,
): Decision {
  const result = snapshot.selected.get(node.name);
  const always = scope.always.has(node) && !(run !== undefined && result?.run === run);
  const entry = { node: node.name, always };
  const pending: ActiveNode[] = [];
  for (const from of node.upstream.values()) {
    if (!from.behaviour.executes) continue;
    const decision = earlier.get(from.name);
    if (decision === undefined) {
      if (!snapshot.selected.has(from.name))
        return { ...entry, action: "blocked", by: from.name, reason: `needs ${from.name}` };
    } else if (decision.action === "blocked") {
      const by = decision.by ?? decision.node;
      return { ...entry, action: "blocked", by, reason: `blocked by ${by}` };
    } else if (decision.action !== "reuse") pending.push(from);
  }
  let inputs: ResolvedInputs;
  try {
    inputs = resolveInputs(node, snapshot.fields, (from) =>
      pending.includes(from) ? undefined : snapshot.selected.get(from.name),
    );
  } catch (problem) {
    if (!(problem instanceof DaggrError)) throw problem;
    const reason = problem.code === "MISSING_INPUT" ? `needs ${problem.hint}` : problem.sentence;
    return { ...entry, action: "blocked", reason, problem };
  }
  if (result === undefined) return { ...entry, action: "run", reason: "never ran" };
  const reason = difference(node, result, snapshot.identities.get(node.name) ?? "", inputs);
  if (always) return { ...entry, action: "run", reason: reason ?? "asked for" };
  if (reason !== undefined) return { ...entry, action: "run", reason };
  const first = pending[0];
  if (first !== undefined) {
    const more = pending.length === 1 ? "" : ` and ${pending.length - 1} more`;
    return { ...entry, action: "wait", reason: `depends on ${first.name}${more}` };
  }
  const madeBy = madeByInWords(result);
  const unchanged = madeBy === undefined ? "nothing changed" : `nothing changed; ${madeBy}`;
  return { ...entry, action: "reuse", reason: unchanged };
}
