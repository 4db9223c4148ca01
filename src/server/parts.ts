import type { GraphDefinition } from "../graph/definition.ts";

/** A connected part of a graph; daggr calls it a subgraph. */
export interface Part {
  /** `main` when there is only one, else `subgraph_0`, `subgraph_1`, … */
  readonly id: string;
  /** Node names in topological order. */
  readonly nodes: readonly string[];
  /** The nodes nothing reads from. */
  readonly last: readonly string[];
}

/** The parts of a graph that are connected by edges or by a shared component, in the order of their first nodes. */
export function partsOf(definition: GraphDefinition): readonly Part[] {
  const leader = new Map<string, string>();
  const find = (name: string): string => {
    let at = name;
    while (leader.get(at) !== at && leader.has(at)) at = leader.get(at)!;
    return at;
  };
  const join = (a: string, b: string) => leader.set(find(b), find(a));
  for (const name of definition.nodes.keys()) leader.set(name, name);
  const readers = new Map<string, string>();
  for (const node of definition.nodes.values()) {
    for (const upstream of node.upstream) join(upstream, node.name);
    for (const binding of node.inputs.values()) {
      if (binding.type !== "component") continue;
      const other = readers.get(binding.address);
      if (other === undefined) readers.set(binding.address, node.name);
      else join(other, node.name);
    }
  }
  const groups = Map.groupBy(definition.nodes.values(), (node) => find(node.name));
  return [...groups.values()].map((nodes, index) => ({
    id: groups.size === 1 ? "main" : `subgraph_${index}`,
    nodes: nodes.map((node) => node.name),
    last: nodes.filter((node) => node.downstream.length === 0).map((node) => node.name),
  }));
}
