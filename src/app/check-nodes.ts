import type { DaggrError } from "../base/errors.ts";
import { activeInputs, type GraphDefinition } from "../graph/definition.ts";

/** Asks every node, side by side, what is certainly wrong with it before anything runs. */
export async function checkNodes(definition: GraphDefinition): Promise<readonly DaggrError[]> {
  const checks: Promise<readonly DaggrError[]>[] = [];
  for (const node of definition.nodes.values()) {
    if (node.variants.length === 0) {
      if (node.behaviour.check !== undefined) checks.push(node.behaviour.check([...node.inputs.keys()]));
      continue;
    }
    node.variants.forEach((variant, index) => {
      if (variant.behaviour.check !== undefined)
        checks.push(variant.behaviour.check(activeInputs(node, index).map((input) => input.parameter)));
    });
  }
  return (await Promise.all(checks)).flat();
}

/** A service that does not answer now may answer later; everything else is a mistake in the script. */
export function isOutOfReach(problem: DaggrError): boolean {
  return /^(GRADIO_UNREACHABLE|GRADIO_DROPPED|GRADIO_IDLE|GRADIO_BUSY|GRADIO_HTTP|GRADIO_PROTOCOL|HUB_|SPACE_(?!NOT_FOUND)|TIMEOUT)/.test(
    problem.code,
  );
}
