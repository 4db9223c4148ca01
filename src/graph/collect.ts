import { DaggrError, describe } from "../base/errors.ts";
import { callSite } from "../base/place.ts";
import type { GraphParts } from "./draft.ts";
import { BaseNode, hasGivenName, placeOf, variantsOf } from "./node.ts";
import { sourceOf } from "./port.ts";

/** The listed nodes and everything upstream of them, each with the name it has in this graph, in listed order. */
export function nameNodes(parts: GraphParts, warnings: string[]): Map<BaseNode, string> {
  const nodes = collect(parts);
  const taken = new Map<string, BaseNode>();
  const names = new Map<BaseNode, string>();
  for (const node of nodes) if (hasGivenName(node)) claim(node);
  for (const node of nodes) {
    if (hasGivenName(node)) continue;
    let name = node.name;
    for (let count = 2; taken.has(name); count++) name = `${node.name}-${count}`;
    taken.set(name, node);
    names.set(node, name);
    if (name !== node.name && parts.persistKey !== false) {
      warnings.push(
        `Two nodes are called '${node.name}'; one is saved as '${name}' now, which changes when nodes are reordered. Give them names.`,
      );
    }
  }
  // In listed order, which is the order of cards and schemas.
  return new Map([...nodes].map((node) => [node, names.get(node) ?? node.name]));

  function claim(node: BaseNode): void {
    const other = taken.get(node.name);
    if (other !== undefined) {
      const first = placeOf(other);
      const place = placeOf(node);
      throw new DaggrError(
        "DUPLICATE_NAME",
        `Two nodes are called '${node.name}'${first === undefined ? "" : ` (the other one at ${first.file}:${first.line})`}. Results are saved under the name, so each needs its own.`,
        { node: node.name, ...(place === undefined ? {} : { place }) },
      );
    }
    taken.set(node.name, node);
    names.set(node, node.name);
  }
}

function collect(parts: GraphParts): Set<BaseNode> {
  const nodes = new Set<BaseNode>();
  const variantOf = new Map<BaseNode, BaseNode>();
  const pending: BaseNode[] = [];
  const add = (node: BaseNode): void => {
    if (nodes.has(node)) return;
    nodes.add(node);
    pending.push(node);
    for (const variant of variantsOf(node)) variantOf.set(variant, node);
  };
  for (const node of parts.nodes) {
    if (!(node instanceof BaseNode)) {
      const place = callSite();
      throw new DaggrError(
        "INVALID_OPTION",
        `nodes of the graph '${parts.name}': expected nodes, got ${describe(node)}.`,
        place === undefined ? {} : { place },
      );
    }
    add(node);
  }
  for (const edge of parts.edges) {
    add(edge.from.node as BaseNode);
    add(edge.to.node as BaseNode);
  }
  for (let node = pending.shift(); node !== undefined; node = pending.shift()) {
    for (const value of Object.values(node.inputs)) {
      const source = sourceOf(value);
      if (source !== undefined) add(source.node as BaseNode);
    }
  }
  for (const node of nodes) {
    const choice = variantOf.get(node);
    if (choice === undefined) continue;
    const place = placeOf(node);
    throw new DaggrError(
      "VARIANT_USED_ALONE",
      `Node '${node.name}' is a variant of the choice '${choice.name}', so it cannot be a step of its own too. Connect the choice's ports (${choice.name}.${Object.keys(choice.outputs)[0] ?? "…"}), or make a second node.`,
      { node: node.name, ...(place === undefined ? {} : { place }) },
    );
  }
  return nodes;
}
