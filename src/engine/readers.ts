import type { GraphDefinition } from "../graph/definition.ts";

/** The nodes that read one of these input fields, or hold it. */
export function readersOf(definition: GraphDefinition, addresses: readonly string[]): string[] {
  const wanted = new Set(addresses);
  const readers: string[] = [];
  for (const { name, inputs, fields } of definition.nodes.values()) {
    const reads = [...inputs.values()].some(
      (binding) => binding.type === "component" && wanted.has(binding.address),
    );
    if (reads || [...fields.values()].some((address) => wanted.has(address))) readers.push(name);
  }
  return readers;
}
