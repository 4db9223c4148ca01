import type { FileStore } from "../base/files.ts";
import type { Component } from "../graph/component.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import type { CardView, EdgeView, PortView } from "../protocol/view.ts";
import { componentView, isShown } from "./component-view.ts";
import { labelOf } from "./port-source.ts";

interface Use {
  readonly node: string;
  readonly port: string;
  readonly variant: number | undefined;
}

interface Field {
  readonly address: string;
  readonly component: Component;
  readonly uses: Use[];
}

/** What a person enters, and where it stands. */
export interface EnteredFields {
  readonly cards: readonly CardView[];
  readonly edges: readonly EdgeView[];
  /** Fields that stand on a choice's own card, below their variant: by node and port. */
  readonly onChoices: ReadonlyMap<string, ReadonlyMap<string, PortView>>;
}

/**
 * The cards on which a person enters values: one for each node with the components that only it uses, and one for
 * each component that several nodes share. What only one variant of a choice uses needs none.
 */
export async function inputCards(definition: GraphDefinition, files: FileStore): Promise<EnteredFields> {
  const groups = new Map<string, { name: string | undefined; fields: Field[] }>();
  const onChoices = new Map<string, Map<string, PortView>>();
  for (const field of fieldsOf(definition)) {
    const [use, ...others] = field.uses;
    if (use?.variant !== undefined && others.length === 0) {
      const ports = onChoices.get(use.node) ?? new Map<string, PortView>();
      onChoices.set(use.node, ports.set(use.port, await fieldPort(field, files)));
      continue;
    }
    const nodes = new Set(field.uses.map((use) => use.node));
    const [owner] = nodes;
    const key = nodes.size > 1 ? `shared ${field.address}` : `node ${owner}`;
    const group = groups.get(key) ?? { name: nodes.size > 1 ? undefined : owner, fields: [] };
    group.fields.push(field);
    groups.set(key, group);
  }
  const cards: CardView[] = [];
  const edges: EdgeView[] = [];
  for (const { name, fields } of groups.values()) {
    const first = fields[0]!;
    const id = `inputs:${first.address}`;
    const label = (await fieldPort(first, files)).label;
    cards.push({
      id,
      type: "input",
      name: fields.length === 1 || name === undefined ? label : `${name} inputs`,
      kind: "input",
      scattered: false,
      inputs: [],
      outputs: await Promise.all(fields.map((field) => fieldPort(field, files))),
    });
    for (const field of fields) edges.push(...edgesOf(id, field));
  }
  return { cards, edges, onChoices };
}

function fieldsOf(definition: GraphDefinition): readonly Field[] {
  const fields = new Map<string, Field>();
  for (const node of definition.nodes.values()) {
    for (const [port, binding] of node.inputs) {
      if (binding.type !== "component") continue;
      const { address, component } = binding;
      const field = fields.get(address) ?? { address, component, uses: [] };
      field.uses.push({ node: node.name, port, variant: variantOf(port, node.variants.length) });
      fields.set(address, field);
    }
  }
  return [...fields.values()];
}

async function fieldPort(field: Field, files: FileStore): Promise<PortView> {
  const { address, component, uses } = field;
  const { port, variant } = uses[0]!;
  return {
    name: port,
    label: labelOf(component, plainName(port, variant)),
    type: component.spec.valueType,
    list: false,
    address,
    ...(isShown(component) ? { component: await componentView(component, files) } : {}),
  };
}

function edgesOf(card: string, { component, uses }: Field): readonly EdgeView[] {
  return uses.map(({ node, port }) => ({
    id: `${node}__${port}`,
    from: { card, port: uses[0]!.port },
    to: { card: node, port },
    kind: "plain",
    type: component.spec.valueType,
  }));
}

/** Inputs of a choice are named `variant_{index}_{input}`. */
export function variantOf(port: string, variants: number): number | undefined {
  const index = variants === 0 ? undefined : /^variant_(\d+)_/.exec(port)?.[1];
  return index === undefined ? undefined : Number(index);
}

export function plainName(port: string, variant: number | undefined): string {
  return variant === undefined ? port : port.slice(`variant_${variant}_`.length);
}
