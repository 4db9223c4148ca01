import type { Behaviour } from "../graph/behaviour.ts";
import { triesInOrder, variantPrefix } from "../graph/definition.ts";
import type { ActiveNode } from "../plan/active.ts";
import { type Place, placeFor } from "./limits.ts";

/** A way to do a step's work. A node has one; a fallback has one for each variant, tried in their order. */
export interface Way {
  /** The variant's, or the node's own. */
  readonly name: string;
  readonly behaviour: Behaviour;
  readonly variant: number | undefined;
  /** What it has to take before each attempt. */
  readonly place: Place | undefined;
  /** How the names of its inputs begin among all the step's inputs. */
  readonly prefix: string;
}

export function waysOf(node: ActiveNode, sessionKey: string, runId: string): readonly Way[] {
  const { definition, behaviour, name } = node;
  if (!triesInOrder(definition)) {
    const variant = definition.variants.length === 0 ? undefined : node.variant;
    const place = placeFor(behaviour.concurrency, sessionKey);
    return [{ name, behaviour, variant, place, prefix: "" }];
  }
  return definition.variants.map((each, variant) => ({
    name: each.name,
    behaviour: each.behaviour,
    variant,
    place: placeFor(each.behaviour.concurrency, sessionKey) ?? ownPlace(node, each.behaviour, variant, runId),
    prefix: variantPrefix(variant),
  }));
}

/** Items of a fallback are as many at once as its most generous variant takes; the others keep to their own limit. */
function ownPlace(
  { definition, name }: ActiveNode,
  { concurrency }: Behaviour,
  variant: number,
  runId: string,
): Place | undefined {
  if (!definition.scattered || concurrency.type !== "free") return undefined;
  return {
    key: `variant:${runId}:${name}:${variant}`,
    max: Math.max(1, concurrency.maxItems),
    waitsFor: "items before it",
  };
}

/** Of the inputs of the step those of one way, by the names that it knows them by. */
export function inputsOfWay(
  { prefix }: Way,
  inputs: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (prefix === "") return inputs;
  const own: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(inputs))
    if (name.startsWith(prefix)) own[name.slice(prefix.length)] = value;
  return own;
}
