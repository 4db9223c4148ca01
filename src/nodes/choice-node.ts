import { DaggrError, describe } from "../base/errors.ts";
import { callSite, type Place } from "../base/place.ts";
import type { Behaviour } from "../graph/behaviour.ts";
import type { Component } from "../graph/component.ts";
import { variantPrefix } from "../graph/definition.ts";
import { BaseNode, behaviourOf, type Mode, type Node, nodeMethods, variantsOf } from "../graph/node.ts";

/** Options of {@link oneOf}, as its last argument. */
export interface ChoiceOptions {
  /** Default: the first variant's name. */
  name: string;
  /** Tells these options from a node. */
  inputs?: never;
}

class ChoiceNodeClass extends BaseNode {
  constructor(variants: readonly BaseNode[], name: string | undefined) {
    const place = callSite();
    const at = place === undefined ? {} : { place };
    for (const variant of variants) {
      if (!(variant instanceof BaseNode) || !behaviourOf(variant).executes) {
        throw new DaggrError(
          "INVALID_VARIANT",
          `oneOf takes nodes that run (FnNode, GradioNode), got ${variant instanceof BaseNode ? `the ${behaviourOf(variant).kind} node '${variant.name}'` : describe(variant)}.`,
          at,
        );
      }
    }
    for (const variant of variants)
      if (behaviourOf(variant).inOrder === true) throw nestedFallback(variant, at);
    const flat = variants.flatMap((variant) =>
      variantsOf(variant).length > 0 ? variantsOf(variant) : [variant],
    );
    const first = flat[0];
    if (first === undefined || flat.length < 2)
      throw new DaggrError("INVALID_VARIANT", "oneOf takes two nodes or more.", at);
    super({
      name,
      defaultName: variants[0]?.name ?? first.name,
      inputs: inputsOfAll(flat),
      outputs: commonOutputs(name ?? first.name, flat),
      behaviour: choiceBehaviour(flat),
      variants: flat,
    });
  }
}
Object.defineProperty(ChoiceNodeClass, "name", { value: "ChoiceNode" });

/** The inputs of all variants under names of their own. */
export function inputsOfAll(variants: readonly BaseNode[]): Record<string, unknown> {
  return Object.fromEntries(
    variants.flatMap((variant, index) =>
      Object.entries(variant.inputs).map(([port, value]) => [`${variantPrefix(index)}${port}`, value]),
    ),
  );
}

function nestedFallback(variant: BaseNode, at: { place?: Place }): DaggrError {
  return new DaggrError(
    "INVALID_VARIANT",
    `oneOf cannot take the fallback '${variant.name}': a variant of a choice is one node. Choose between nodes, or list them all in the fallback.`,
    at,
  );
}

/** Ports of a choice (or a fallback): those that all variants have, and they must carry the same kind of value. */
export function commonOutputs(
  name: string,
  variants: readonly BaseNode[],
  what = "choice",
): Record<string, Component | null> {
  const place = callSite();
  const details = { node: name, ...(place === undefined ? {} : { place }) };
  const [first, ...others] = variants as [BaseNode, ...BaseNode[]];
  const common: Record<string, Component | null> = {};
  for (const [port, component] of Object.entries(first.outputs)) {
    if (!others.every((other) => port in other.outputs)) continue;
    for (const other of others) {
      const theirs = other.outputs[port] ?? null;
      if (
        component !== null &&
        theirs !== null &&
        component.spec.valueType !== theirs.spec.valueType &&
        component.kind !== "hidden" &&
        theirs.kind !== "hidden"
      ) {
        throw new DaggrError(
          "CHOICE_OUTPUTS_DIFFER",
          `The variants '${first.name}' and '${other.name}' of a ${what} disagree on output '${port}': it is a ${component.kind} in one and a ${theirs.kind} in the other.`,
          { ...details, port, expected: component.kind, got: theirs.kind },
        );
      }
    }
    common[port] = component;
  }
  if (Object.keys(common).length === 0 && Object.keys(first.outputs).length > 0) {
    throw new DaggrError(
      "CHOICE_OUTPUTS_DIFFER",
      `The variants of a ${what} must share their outputs, but ${variants.map((variant) => `'${variant.name}' has ${Object.keys(variant.outputs).join(", ") || "none"}`).join("; ")}.`,
      details,
    );
  }
  return common;
}

/** The choice itself never runs: the chosen variant's behaviour does. */
function choiceBehaviour(variants: readonly BaseNode[]): Behaviour {
  // Whether a person is asked, and which program does the work, is for the chosen variant to say.
  const { asks: _, service: __, ...first } = behaviourOf(variants[0]!);
  return {
    ...first,
    kind: "choice",
    source: `choice of ${variants.length}`,
    identity: async () => ({
      kind: "choice",
      variants: await Promise.all(variants.map((variant) => behaviourOf(variant).identity())),
    }),
    invoke: () => Promise.reject(new DaggrError("INTERNAL", "A choice is run through its variant.")),
  };
}

/**
 * One step with variants between which the user chooses on the canvas. The variants keep their own inputs;
 * their outputs must agree.
 *
 * @param first - A node that runs.
 * @param others - Further nodes, and as the last argument {@link ChoiceOptions}.
 * @throws DaggrError `INVALID_VARIANT`, `CHOICE_OUTPUTS_DIFFER`.
 *
 * @example
 * ```ts
 * import { FnNode, gr, oneOf } from "daggr";
 * const outputs = { text: gr.Textbox() };
 * const loud = new FnNode(() => "HELLO", { name: "loud", inputs: {}, outputs });
 * const soft = new FnNode(() => "hello", { name: "soft", inputs: {}, outputs });
 * const greeting = oneOf(loud, soft, { name: "greeting" });
 * greeting.text; // Port<string>
 * ```
 */
export function oneOf<V extends object, M extends Mode>(
  first: Node<V, M>,
  ...others: readonly (Node<NoInfer<V>, NoInfer<M>> | ChoiceOptions)[]
): Node<V, M> {
  const last = others.at(-1);
  const options = last instanceof BaseNode || last === undefined ? undefined : (last as ChoiceOptions);
  const variants = (options === undefined ? others : others.slice(0, -1)) as unknown as BaseNode[];
  return new ChoiceNodeClass([first as unknown as BaseNode, ...variants], options?.name) as unknown as Node<
    V,
    M
  >;
}

nodeMethods.or = (node, other) => new ChoiceNodeClass([node, other as BaseNode], undefined);
