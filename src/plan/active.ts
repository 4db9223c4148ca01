import type { Behaviour } from "../graph/behaviour.ts";
import {
  activeBehaviour,
  activeInputs,
  type Binding,
  type GraphDefinition,
  isChoice,
  type NodeDefinition,
} from "../graph/definition.ts";
import type { Snapshot } from "./snapshot.ts";

export interface ActiveInput {
  readonly port: string;
  /** What the node (the chosen variant) itself calls it. */
  readonly parameter: string;
  readonly binding: Binding;
}

/** A node with its variant chosen: only what that variant reads counts. */
export interface ActiveNode {
  readonly name: string;
  readonly definition: NodeDefinition;
  readonly variant: number;
  readonly behaviour: Behaviour;
  readonly inputs: readonly ActiveInput[];
  /** Active nodes it reads from, each once. */
  readonly upstream: ReadonlyMap<string, ActiveNode>;
  /** Active nodes that read from it, each once. */
  readonly downstream: readonly ActiveNode[];
}

export type ActiveGraph = ReadonlyMap<string, ActiveNode>;

/** The graph with every choice made, in topological order. */
export function activeGraph(definition: GraphDefinition, variants: Snapshot["variants"]): ActiveGraph {
  const active = new Map<string, ActiveNode & { readonly downstream: ActiveNode[] }>();
  for (const node of definition.nodes.values()) {
    const variant = isChoice(node) ? clamp(variants[node.name] ?? 0, node.variants.length) : 0;
    const inputs = activeInputs(node, variant);
    const upstream = new Map<string, ActiveNode & { readonly downstream: ActiveNode[] }>();
    for (const { binding } of inputs) {
      const from = binding.type === "port" ? active.get(binding.node) : undefined;
      if (from !== undefined) upstream.set(from.name, from);
    }
    const behaviour = activeBehaviour(node, variant);
    const made = { name: node.name, definition: node, variant, behaviour, inputs, upstream, downstream: [] };
    active.set(node.name, made);
    for (const from of upstream.values()) from.downstream.push(made);
  }
  return active;
}

function clamp(variant: number, count: number): number {
  return Number.isInteger(variant) && variant >= 0 && variant < count ? variant : 0;
}
