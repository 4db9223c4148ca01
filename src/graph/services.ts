import type { Behaviour } from "./behaviour.ts";
import type { GraphDefinition } from "./definition.ts";
import type { HoldOptions, Service } from "./service.ts";

/** Every behaviour of a graph, the variants of choices included. */
function behavioursOf(
  definition: GraphDefinition,
): { readonly node: string; readonly behaviour: Behaviour }[] {
  return [...definition.nodes.values()].flatMap((node) =>
    [node, ...node.variants].map(({ behaviour }) => ({ node: node.name, behaviour })),
  );
}

/** The programs that a graph needs on this machine, with the nodes that need them. */
export function servicesOf(definition: GraphDefinition): ReadonlyMap<Service, readonly string[]> {
  const services = new Map<Service, string[]>();
  for (const { node, behaviour } of behavioursOf(definition)) {
    const { service } = behaviour;
    if (service !== undefined) services.set(service, [...(services.get(service) ?? []), node]);
  }
  return services;
}

/** Keeps them all from being ended until what is returned is called. */
export function holdServices(definition: GraphDefinition, options?: HoldOptions): () => Promise<void> {
  const releases = [...servicesOf(definition).keys()].map((service) => service.hold(options));
  return async () => {
    await Promise.all(releases.map((release) => release()));
  };
}
