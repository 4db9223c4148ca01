import { DaggrError } from "../base/errors.ts";
import type { Behaviour } from "./behaviour.ts";
import { bindingsOf, type ExtraEdge, type FieldRegistry, newFieldRegistry } from "./bindings.ts";
import { nameNodes } from "./collect.ts";
import type { EdgeDefinition, GraphDefinition, NodeDefinition } from "./definition.ts";
import type { Draft, GraphParts } from "./draft.ts";
import { type BaseNode, behaviourOf, placeOf, variantsOf } from "./node.ts";
import { sortTopologically } from "./order.ts";
import { resolveScatter } from "./scatter.ts";

/**
 * Turns described nodes into the plain, checked data that every later stage reads.
 *
 * @throws DaggrError for every mistake in describing: see `docs/errors.md`.
 */
export function buildDefinition(parts: GraphParts): GraphDefinition {
  const warnings: string[] = [];
  const named = nameNodes(parts, warnings);
  const registry = newFieldRegistry();
  const drafts = new Map<string, Draft>();
  for (const [node, name] of named) drafts.set(name, draftOf(node, name, named, parts.edges, registry));
  const sorted = sortTopologically(drafts);
  resolveScatter(sorted);
  checkGroups(sorted);
  return {
    name: parts.name,
    persistKey: parts.persistKey,
    nodes: sorted,
    edges: edgesOf(sorted),
    fields: registry.fields,
    aliases: registry.aliases,
    warnings,
  };
}

function draftOf(
  node: BaseNode,
  name: string,
  names: ReadonlyMap<BaseNode, string>,
  edges: readonly ExtraEdge[],
  registry: FieldRegistry,
): Draft {
  const behaviour = behaviourOf(node);
  const place = placeOf(node);
  const outputs = new Map(Object.entries(node.outputs));
  const fields = new Map<string, string>();
  if (!behaviour.executes) {
    for (const [port, component] of outputs)
      if (component !== null) fields.set(port, registry.add(name, port, component));
  }
  const inputs = bindingsOf(node, name, names, edges, registry);
  const variants = variantsOf(node).map((variant): NodeDefinition => {
    return {
      name: variant.name,
      place: placeOf(variant),
      behaviour: behaviourOf(variant),
      inputs: new Map(),
      outputs: new Map(Object.entries(variant.outputs)),
      scattered: false,
      variants: [],
      upstream: [],
      downstream: [],
      fields: new Map(),
    };
  });
  const upstream = [
    ...new Set([...inputs.values()].flatMap((binding) => (binding.type === "port" ? [binding.node] : []))),
  ];
  return {
    name,
    place,
    behaviour,
    inputs,
    outputs,
    scattered: false,
    variants,
    upstream,
    downstream: [],
    fields,
  };
}

function edgesOf(nodes: ReadonlyMap<string, NodeDefinition>): EdgeDefinition[] {
  const edges: EdgeDefinition[] = [];
  for (const node of nodes.values()) {
    for (const [port, binding] of node.inputs) {
      if (binding.type !== "port") continue;
      edges.push({
        from: { node: binding.node, port: binding.output },
        to: { node: node.name, port },
        kind: binding.mode,
      });
    }
  }
  return edges;
}

/** One group has one limit. */
function checkGroups(nodes: ReadonlyMap<string, NodeDefinition>): void {
  const groups = new Map<string, { max: number; node: string }>();
  for (const node of nodes.values()) {
    const behaviours: Behaviour[] = [node.behaviour, ...node.variants.map((variant) => variant.behaviour)];
    for (const { concurrency } of behaviours) {
      if (concurrency.type !== "group") continue;
      const known = groups.get(concurrency.name);
      if (known !== undefined && known.max !== concurrency.max) {
        throw new DaggrError(
          "GROUP_LIMITS_DIFFER",
          `The concurrency group '${concurrency.name}' has two limits: ${known.max} on node '${known.node}' and ${concurrency.max} on node '${node.name}'. Give all of its nodes the same maxConcurrent.`,
          {
            node: node.name,
            ...(node.place === undefined ? {} : { place: node.place }),
            expected: String(known.max),
            got: String(concurrency.max),
          },
        );
      }
      groups.set(concurrency.name, { max: concurrency.max, node: node.name });
    }
  }
}
