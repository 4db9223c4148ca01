import { DaggrError } from "../base/errors.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import type { Plan } from "../protocol/plan.ts";
import { type ActiveNode, activeGraph } from "./active.ts";
import { missingInput, resolveInputs } from "./resolve.ts";
import type { Snapshot } from "./snapshot.ts";

/** The first required value that is missing for what the plan executes, naming node, port and component; further ones are counted. */
export function missingInputs(
  definition: GraphDefinition,
  snapshot: Snapshot,
  plan: Plan,
): DaggrError | undefined {
  const graph = activeGraph(definition, snapshot.variants);
  const problems: DaggrError[] = [];
  for (const { node, action } of plan.entries) {
    const active = graph.get(node);
    if (active === undefined || action === "reuse") continue;
    const problem = unbound(active) ?? emptyField(active, snapshot);
    if (problem !== undefined) problems.push(problem);
  }
  const [first] = problems;
  if (first === undefined || problems.length === 1) return first;
  const others = problems.slice(1).map((problem) => `'${problem.node}'`);
  return new DaggrError(
    first.code,
    `${first.sentence} Values are missing for ${others.join(", ")} too.`,
    first.details,
  );
}

/** A required parameter that nothing is connected to. */
function unbound(node: ActiveNode): DaggrError | undefined {
  const missing = node.behaviour.parameters?.find(
    (parameter) => !parameter.optional && !node.inputs.some((input) => input.parameter === parameter.name),
  );
  return missing === undefined ? undefined : missingInput(node, missing.name, missing.name);
}

function emptyField(node: ActiveNode, snapshot: Snapshot): DaggrError | undefined {
  try {
    resolveInputs(node, snapshot.fields, () => undefined);
    return undefined;
  } catch (problem) {
    if (problem instanceof DaggrError && problem.code === "MISSING_INPUT") return problem;
    return undefined;
  }
}
