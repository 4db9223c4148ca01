import { DaggrError, describe } from "../base/errors.ts";
import { callSite, type Place } from "../base/place.ts";
import type { Behaviour, Concurrency, Parameter } from "../graph/behaviour.ts";
import { variantPrefix } from "../graph/definition.ts";
import { BaseNode, behaviourOf, type Mode, type Node, variantsOf } from "../graph/node.ts";
import { commonOutputs, inputsOfAll } from "./choice-node.ts";

/** Options of {@link fallback}, as its last argument. */
export interface FallbackOptions {
  /** Default: the first variant's name. */
  name: string;
  /** Tells these options from a node. */
  inputs?: never;
}

class FallbackNodeClass extends BaseNode {
  constructor(given: readonly unknown[], name: string | undefined) {
    const place = callSite();
    const at = place === undefined ? {} : { place };
    const nodes = given.map((variant) => checked(variant, at));
    const variants = nodes.flatMap((variant) =>
      behaviourOf(variant).inOrder === true ? variantsOf(variant) : [variant],
    );
    const [first] = variants;
    if (first === undefined || variants.length < 2)
      throw new DaggrError("INVALID_VARIANT", "fallback takes two nodes or more.", at);
    const repeated = variants.find((variant, index) => variants.indexOf(variant) !== index);
    if (repeated !== undefined) {
      const sentence = `fallback takes the node '${repeated.name}' twice. To try one node again, give it retries.`;
      throw new DaggrError("INVALID_VARIANT", sentence, { node: repeated.name, ...at });
    }
    super({
      name,
      defaultName: nodes[0]?.name ?? first.name,
      inputs: inputsOfAll(variants),
      outputs: commonOutputs(name ?? first.name, variants, "fallback"),
      behaviour: fallbackBehaviour(variants),
      variants,
    });
  }
}
Object.defineProperty(FallbackNodeClass, "name", { value: "FallbackNode" });

function checked(variant: unknown, at: { place?: Place }): BaseNode {
  const refuse = (sentence: string) => new DaggrError("INVALID_VARIANT", sentence, at);
  if (!(variant instanceof BaseNode))
    throw refuse(`fallback takes nodes that run (FnNode, GradioNode), got ${describe(variant)}.`);
  const { executes, kind, inOrder, asks } = behaviourOf(variant);
  if (!executes)
    throw refuse(
      `fallback takes nodes that run (FnNode, GradioNode), got the ${kind} node '${variant.name}'.`,
    );
  if (inOrder !== true && variantsOf(variant).length > 0)
    throw refuse(
      `fallback cannot take the choice '${variant.name}': a variant of a fallback is one node. List its nodes in the fallback.`,
    );
  if (asks !== undefined)
    throw refuse(
      `fallback cannot take '${variant.name}', which asks a person: a fallback runs through by itself. Let a person choose with oneOf, or ask after the fallback.`,
    );
  return variant;
}

/** The fallback itself never runs: its variants do, one after the other. */
function fallbackBehaviour(variants: readonly BaseNode[]): Behaviour {
  const behaviours = variants.map(behaviourOf);
  const last = behaviours.at(-1)!;
  const parameters = behaviours.flatMap((behaviour, index) =>
    (behaviour.parameters ?? []).map(
      (each): Parameter => ({ ...each, name: `${variantPrefix(index)}${each.name}` }),
    ),
  );
  return {
    kind: "fallback",
    source: `fallback of ${variants.length}`,
    executes: true,
    inOrder: true,
    concurrency: {
      type: "free",
      maxItems: Math.max(...behaviours.map((each) => itemsAtOnce(each.concurrency))),
    },
    policy: {
      // Each variant keeps its own.
      retries: 0,
      retryDelayMs: 0,
      timeoutMs: undefined,
      // A result may be any variant's, so that all must agree to its being used again.
      cache: behaviours.every(({ policy }) => policy.cache),
      // What becomes of an item that nobody could do is for the last to say.
      onItemError: last.policy.onItemError,
    },
    worker: false,
    trusted: behaviours.some(({ trusted }) => trusted),
    parameters,
    ...(behaviours.some(({ identityChange }) => identityChange !== undefined)
      ? { identityChange: "one of its variants changed" }
      : {}),
    identity: async () => ({
      kind: "fallback",
      variants: await Promise.all(
        behaviours.map(async (behaviour) => ({
          kind: behaviour.kind,
          definition: await behaviour.identity(),
        })),
      ),
    }),
    invoke: () => Promise.reject(new DaggrError("INTERNAL", "A fallback is run through its variants.")),
  };
}

function itemsAtOnce(concurrency: Concurrency): number {
  if (concurrency.type === "free") return Math.max(1, concurrency.maxItems);
  return concurrency.type === "group" ? concurrency.max : 1;
}

/**
 * One step that several nodes can do: the next one runs when the one before fails, after its own retries. Whatever
 * it failed with counts, but a cancel. The result says which node made it, and why those before it did not. Each
 * keeps its own inputs, limits and time-out; their outputs must agree.
 *
 * @param first - A node that runs.
 * @param others - Further nodes, and as the last argument {@link FallbackOptions}.
 * @throws DaggrError `INVALID_VARIANT`, `CHOICE_OUTPUTS_DIFFER`; when it runs, `FALLBACK_FAILED` if every node failed.
 *
 * @example
 * ```ts
 * import { FnNode, fallback, GradioNode, gr } from "daggr";
 * const prompt = gr.Textbox({ label: "Prompt" });
 * const outputs = { image: gr.Image() };
 * const large = new GradioNode("someone/large-model", { name: "large", inputs: { prompt }, outputs });
 * const small = new GradioNode("someone/small-model", { name: "small", inputs: { prompt }, outputs });
 * const picture = fallback(large, small, { name: "picture" });
 * picture.image; // Port<string>
 * ```
 */
export function fallback<V extends object, M extends Mode>(
  first: Node<V, M>,
  ...others: readonly (Node<NoInfer<V>, NoInfer<M>> | FallbackOptions)[]
): Node<V, M> {
  const last = others.at(-1);
  const options = isOptions(last) ? last : undefined;
  const variants = options === undefined ? others : others.slice(0, -1);
  return new FallbackNodeClass([first, ...variants], options?.name) as unknown as Node<V, M>;
}

function isOptions(last: unknown): last is FallbackOptions {
  return (
    typeof last === "object" &&
    last !== null &&
    !(last instanceof BaseNode) &&
    Object.hasOwn(last, "name") &&
    !Object.hasOwn(last, "inputs")
  );
}
