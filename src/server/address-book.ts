import { closest, didYouMean } from "../base/closest.ts";
import type { Component } from "../graph/component.ts";
import { type GraphDefinition, isChoice, type NodeDefinition, triesInOrder } from "../graph/definition.ts";
import { refuse } from "./refusal.ts";

/** A field as the API names it. */
export interface ApiField {
  readonly address: string;
  readonly node: string;
  readonly port: string;
  readonly component: Component;
}

/** Every name under which a value may be given from outside. */
export interface AddressBook {
  /** The field behind `node__port`, an alias, or daggr's spelling of either; throws `UNKNOWN_INPUT` with the nearest name. */
  field(id: string): ApiField;
  /** The choice behind `node___selected_variant`, or `undefined` when the name is none of that kind. */
  choice(id: string): NodeDefinition | undefined;
  /** The index of a variant by index or name; throws `UNKNOWN_VARIANT`. */
  variant(choice: NodeDefinition, wanted: unknown): number;
  /** Throws `NODE_NOT_FOUND` with the nearest name. */
  node(name: string): NodeDefinition;
  /** The component of an output; `undefined` for a hidden one. Throws for what does not exist. */
  output(node: string, port: string): Component | undefined;
}

const SELECTED_VARIANT = "___selected_variant";

/** daggr's spelling of an id: spaces and dashes become underscores. */
export const daggrId = (name: string): string => name.replace(/[ -]/g, "_");

export function createAddressBook(definition: GraphDefinition): AddressBook {
  const fields = new Map<string, ApiField>();
  const choices = new Map<string, NodeDefinition>();
  const add = (node: string, port: string, address: string, component: Component) => {
    const field = { address, node, port, component };
    fields.set(`${node}__${port}`, field);
  };
  for (const node of definition.nodes.values()) {
    for (const [port, binding] of node.inputs) {
      if (binding.type === "component") add(node.name, port, binding.address, binding.component);
    }
    for (const [port, address] of node.fields) {
      const component = node.outputs.get(port) ?? definition.fields.get(address)?.component;
      if (component !== undefined && component !== null) add(node.name, port, address, component);
    }
    if (isChoice(node)) choices.set(`${node.name}${SELECTED_VARIANT}`, node);
  }
  spellAsDaggr(fields);
  spellAsDaggr(choices);
  const ids = () => [...fields.keys(), ...choices.keys()];

  return {
    field(id) {
      const field = fields.get(id);
      if (field !== undefined) return field;
      throw unknown("UNKNOWN_INPUT", "input", id, ids());
    },
    choice: (id) => (id.endsWith(SELECTED_VARIANT) ? choices.get(id) : undefined),
    variant(choice, wanted) {
      const names = choice.variants.map((variant) => variant.name);
      if (triesInOrder(choice)) {
        const sentence = `'${choice.name}' tries its variants in their order (${names.join(", ")}): none can be chosen.`;
        throw refuse("UNKNOWN_VARIANT", sentence, { node: choice.name });
      }
      const index = typeof wanted === "string" ? names.indexOf(wanted) : wanted;
      if (typeof index === "number" && Number.isInteger(index) && index >= 0 && index < names.length)
        return index;
      throw refuse(
        "UNKNOWN_VARIANT",
        `The choice '${choice.name}' has the variants ${names.map((name, at) => `${at} (${name})`).join(", ")}.`,
        { node: choice.name },
      );
    },
    node(name) {
      const node = definition.nodes.get(name);
      if (node !== undefined) return node;
      throw unknown("NODE_NOT_FOUND", "node", name, [...definition.nodes.keys()]);
    },
    output(name, port) {
      const node = this.node(name);
      const component = node.outputs.get(port);
      if (component === undefined)
        throw unknown("PORT_NOT_FOUND", `output of '${name}'`, port, [...node.outputs.keys()]);
      return component ?? undefined;
    },
  };
}

/** Adds daggr's spelling of every id that has another one; an exact name always wins. */
function spellAsDaggr<T>(entries: Map<string, T>): void {
  for (const [id, entry] of [...entries]) {
    const spelled = daggrId(id);
    if (!entries.has(spelled)) entries.set(spelled, entry);
  }
}

/** Says what there is, at most a dozen names, and which was probably meant. */
export function unknown(code: string, what: string, name: string, known: readonly string[]): Error {
  const given = name.length > 80 ? `${name.slice(0, 77)}…` : name;
  const listed =
    known.length === 0
      ? "There is none."
      : `There is ${known.slice(0, 12).join(", ")}${known.length > 12 ? ", …" : ""}.`;
  const meant = name.length > 300 ? undefined : closest(name, known);
  const hint = meant === undefined ? "" : didYouMean(name, known);
  return refuse(
    code,
    `Unknown ${what} '${given}'. ${listed}${hint}`,
    meant === undefined ? {} : { hint: meant },
  );
}
