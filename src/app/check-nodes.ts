import { DaggrError } from "../base/errors.ts";
import { isMachineTokenKeptBack } from "../clients/tokens.ts";
import {
  type GraphDefinition,
  inputsOfVariant,
  type NodeDefinition,
  triesInOrder,
} from "../graph/definition.ts";

/** What is wrong with the nodes of a graph before anything runs. */
export interface Checked {
  /** The first mistake that is certain: with it the graph is not run. */
  readonly certain: DaggrError | undefined;
  /** What may be mended by the time it runs, and mistakes of a fallback that another of its variants makes good. */
  readonly problems: readonly DaggrError[];
}

/** Asks every node (or these), side by side, what is certainly wrong with it before anything runs. */
export async function checkNodes(definition: GraphDefinition, names?: readonly string[]): Promise<Checked> {
  const nodes = [...definition.nodes.values()].filter(({ name }) => names?.includes(name) ?? true);
  const all = (await Promise.all(nodes.map(checkNode))).flat();
  const found = isMachineTokenKeptBack() ? all.filter(({ problem }) => !isPerhapsPrivate(problem)) : all;
  return {
    certain: found.find(({ certain }) => certain)?.problem,
    problems: found.filter(({ certain }) => !certain).map(({ problem }) => problem),
  };
}

interface Found {
  readonly problem: DaggrError;
  readonly certain: boolean;
}

async function checkNode(node: NodeDefinition): Promise<Found[]> {
  const variants = node.variants.length === 0 ? [node] : node.variants;
  const checks = await Promise.all(
    variants.map(async ({ behaviour }, index): Promise<readonly DaggrError[]> => {
      const connected = inputsOfVariant(node, index).map((input) => input.parameter);
      return (await behaviour.check?.(connected)) ?? [];
    }),
  );
  const found = checks.map((problems) =>
    problems.map((problem) => ({ problem, certain: !isOutOfReach(problem) })),
  );
  if (!triesInOrder(node) || found.every((each) => each.some(({ certain }) => certain))) return found.flat();
  // The card is the fallback's: one of its variants is of no use, and another can run.
  return found.flatMap((each) =>
    each.map(({ problem }) => ({ problem: ofCard(problem, node), certain: false })),
  );
}

function ofCard(problem: DaggrError, { name, place }: NodeDefinition): DaggrError {
  return new DaggrError(problem.code, problem.sentence, {
    ...problem.details,
    node: name,
    ...(place === undefined ? {} : { place }),
  });
}

/** What nobody in particular does not find, or may not use, a visitor may with a token of their own. */
function isPerhapsPrivate({ code }: DaggrError): boolean {
  return /^(SPACE_NOT_FOUND|MODEL_NOT_FOUND|UNKNOWN_MODEL)$|GATED/.test(code);
}

/** A service that does not answer now may answer later; everything else is a mistake in the script. */
function isOutOfReach(problem: DaggrError): boolean {
  return /^(GRADIO_UNREACHABLE|GRADIO_DROPPED|GRADIO_IDLE|GRADIO_BUSY|GRADIO_HTTP|GRADIO_PROTOCOL|HUB_|SPACE_(?!NOT_FOUND|REVISION)|MODEL_(?!NOT_FOUND)|INFERENCE_|LOCAL_(?!FILE_NOT_FOUND)|TOKEN_|INVALID_TOKEN|TIMEOUT)/.test(
    problem.code,
  );
}
