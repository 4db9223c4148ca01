import { basename } from "node:path";
import type { ErrorData } from "../base/errors.ts";
import type { FileStore } from "../base/files.ts";
import { hashValue } from "../base/json.ts";
import type { Component } from "../graph/component.ts";
import type { GraphDefinition, NodeDefinition } from "../graph/definition.ts";
import type { UpstreamChange } from "../protocol/upstream.ts";
import type { CardView, EdgeView, GraphView, PortView } from "../protocol/view.ts";
import { askView } from "./ask-view.ts";
import { componentView, isShown } from "./component-view.ts";
import { inputCards, plainName, variantOf } from "./input-cards.ts";
import { labelOf, sourceInWords, typeOfBinding, typeOfOutput } from "./port-source.ts";

export interface ViewOptions {
  readonly files: FileStore;
  /** By node, what is wrong with it before any run. */
  readonly problems?: ReadonlyMap<string, ErrorData>;
  /** What has changed of what its nodes use. */
  readonly upstream?: readonly UpstreamChange[];
}

/** The graph as the canvas draws it: cards, ports and edges from card to card. */
export async function viewOfGraph(
  definition: GraphDefinition,
  { files, problems, upstream = [] }: ViewOptions,
): Promise<GraphView> {
  const entered = await inputCards(definition, files);
  const steps = await Promise.all(
    [...definition.nodes.values()].map((node) => {
      const fields = entered.onChoices.get(node.name);
      return cardOf(node, definition, files, problems?.get(node.name), fields);
    }),
  );
  const cards = [...entered.cards, ...steps.map((card) => withUpstream(card, upstream))];
  const edges = [...entered.edges, ...definition.edges.map((edge) => edgeOf(edge, definition))];
  return {
    name: definition.name,
    persisted: definition.persistKey !== false,
    hash: hashValue({
      cards: cards.map(
        ({
          problem: _problem,
          upstream: _upstream,
          service: _service,
          place: _place,
          detail: _detail,
          ...card
        }) => card,
      ),
      edges,
    }).slice(0, 32),
    cards,
    edges,
  };
}

function withUpstream(card: CardView, changes: readonly UpstreamChange[]): CardView {
  const own = changes.filter(({ nodes }) => nodes.includes(card.id));
  return own.length === 0 ? card : { ...card, upstream: own };
}

async function cardOf(
  node: NodeDefinition,
  definition: GraphDefinition,
  files: FileStore,
  problem: ErrorData | undefined,
  fields: ReadonlyMap<string, PortView> | undefined,
): Promise<CardView> {
  const { behaviour, variants, place } = node;
  const { source } = behaviour;
  return {
    id: node.name,
    type: behaviour.executes ? "step" : "input",
    name: node.name,
    kind: behaviour.kind,
    ...(source === undefined ? {} : { source }),
    ...(behaviour.sourceUrl === undefined ? {} : { sourceUrl: behaviour.sourceUrl }),
    ...(behaviour.detail === undefined ? {} : { detail: behaviour.detail }),
    ...(place === undefined ? {} : { place: `${basename(place.file)}:${place.line}` }),
    scattered: node.scattered,
    inputs: [...node.inputs.keys()].map((port) => ({
      ...inputPort(node, port, definition),
      ...fields?.get(port),
    })),
    outputs: await Promise.all(
      [...node.outputs].map(([port, component]) => outputPort(node, port, component, definition, files)),
    ),
    ...(variants.length === 0
      ? {}
      : { variants: await Promise.all(variants.map((variant) => variantView(variant, files))) }),
    ...(await askView(node, files)),
    ...serviceOf(node),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** A card shows the one that keeps it waiting. */
function serviceOf({ behaviour, variants }: NodeDefinition): Pick<CardView, "service"> {
  const states = [behaviour, ...variants.map((variant) => variant.behaviour)].flatMap(
    ({ service }) => service?.state ?? [],
  );
  const service = states.find(({ status }) => status !== "running" && status !== "off") ?? states[0];
  return service === undefined ? {} : { service };
}

const variantView = async (variant: NodeDefinition, files: FileStore) => ({
  name: variant.name,
  kind: variant.behaviour.kind,
  ...(variant.behaviour.source === undefined ? {} : { source: variant.behaviour.source }),
  ...(await askView(variant, files)),
});

function inputPort(node: NodeDefinition, port: string, definition: GraphDefinition): PortView {
  const binding = node.inputs.get(port)!;
  const variant = variantOf(port, node.variants.length);
  const name = plainName(port, variant);
  return {
    name: port,
    label: binding.type === "component" ? labelOf(binding.component, name) : name,
    type: typeOfBinding(binding, definition),
    list: binding.type === "port" && binding.mode === "all",
    from: sourceInWords(binding, name, definition),
    ...(variant === undefined ? {} : { variant }),
  };
}

async function outputPort(
  node: NodeDefinition,
  port: string,
  component: Component | null,
  definition: GraphDefinition,
  files: FileStore,
): Promise<PortView> {
  const address = node.fields.get(port);
  const shown = component ?? (address === undefined ? null : definition.fields.get(address)?.component);
  return {
    name: port,
    label: labelOf(shown, port),
    type: typeOfOutput(shown),
    list: node.scattered,
    ...(isShown(shown) ? { component: await componentView(shown, files) } : {}),
    ...(address === undefined ? {} : { address }),
  };
}

function edgeOf({ from, to, kind }: GraphDefinition["edges"][number], definition: GraphDefinition): EdgeView {
  const binding = definition.nodes.get(to.node)?.inputs.get(to.port);
  return {
    id: `${to.node}__${to.port}`,
    from: { card: from.node, port: from.port },
    to: { card: to.node, port: to.port },
    kind,
    type: binding === undefined ? "any" : typeOfBinding(binding, definition),
  };
}
