import { didYouMean } from "../base/closest.ts";
import { copyValue } from "../base/copy.ts";
import { DaggrError, describe } from "../base/errors.ts";
import { plainValue } from "../base/json.ts";
import { type Component, isComponent } from "./component.ts";
import type { Binding, InputField } from "./definition.ts";
import { type BaseNode, behaviourOf, type InputPort, placeOf } from "./node.ts";
import { type PortSource, sourceOf } from "./port.ts";

/** An edge that was added with `graph.edge`. */
export interface ExtraEdge {
  readonly from: PortSource;
  readonly to: InputPort;
}

/** Input fields by address; one component is one field, however many inputs it was given to. */
export interface FieldRegistry {
  readonly fields: Map<string, InputField>;
  readonly aliases: Map<string, string>;
  /** Returns the address under which the component's value is kept. */
  add(node: string, port: string, component: Component): string;
}

export function newFieldRegistry(): FieldRegistry {
  const fields = new Map<string, InputField>();
  const aliases = new Map<string, string>();
  const addresses = new Map<Component, string>();
  return {
    fields,
    aliases,
    add(node, port, component) {
      const address = `${node}__${port}`;
      const first = addresses.get(component);
      if (first === undefined) {
        addresses.set(component, address);
        fields.set(address, { address, component, aliases: [] });
        return address;
      }
      const field = fields.get(first);
      if (field !== undefined) fields.set(first, { ...field, aliases: [...field.aliases, address] });
      aliases.set(address, first);
      return first;
    },
  };
}

/** Where each input of a node takes its value from. */
export function bindingsOf(
  node: BaseNode,
  name: string,
  names: ReadonlyMap<BaseNode, string>,
  edges: readonly ExtraEdge[],
  registry: FieldRegistry,
): Map<string, Binding> {
  const bindings = new Map<string, Binding>();
  for (const [port, value] of Object.entries(node.inputs))
    bindings.set(port, bind(node, name, port, value, names, registry));
  for (const edge of edges) {
    if (edge.to.node !== node) continue;
    const { input } = edge.to;
    checkInputName(node, name, input);
    if (bindings.has(input))
      throw mistake(
        "INPUT_TAKEN",
        node,
        name,
        input,
        `Input '${input}' of node '${name}' is connected already; an input has one source.`,
      );
    bindings.set(input, bindPort(node, name, input, edge.from, names));
  }
  return bindings;
}

function bind(
  node: BaseNode,
  name: string,
  port: string,
  value: unknown,
  names: ReadonlyMap<BaseNode, string>,
  registry: FieldRegistry,
): Binding {
  const source = sourceOf(value);
  if (source !== undefined) return bindPort(node, name, port, source, names);
  if (isComponent(value))
    return { type: "component", component: value, address: registry.add(name, port, value) };
  if (typeof value === "function") return { type: "function", draw: value as () => unknown };
  return bindFixed(node, name, port, value);
}

/** A copy: what the script does to its value later is no part of the graph. */
function bindFixed(node: BaseNode, name: string, port: string, value: unknown): Binding {
  try {
    return { type: "fixed", kept: plainValue(value), value: copyValue(value) };
  } catch {
    const sentence = `Input '${port}' of node '${name}' is ${describe(value)} that contains itself, so it cannot be kept with the results. Give plain data, or make it inside the function.`;
    throw mistake("INVALID_VALUE", node, name, port, sentence);
  }
}

function bindPort(
  node: BaseNode,
  name: string,
  port: string,
  source: PortSource,
  names: ReadonlyMap<BaseNode, string>,
): Binding {
  const from = source.node as BaseNode;
  const fromName = names.get(from) ?? from.name;
  const component = from.outputs[source.output];
  if (component === undefined) {
    const outputs = Object.keys(from.outputs);
    throw mistake(
      "PORT_NOT_FOUND",
      node,
      name,
      port,
      `Output port '${source.output}' not found on node '${fromName}'. Available outputs: ${outputs.join(", ")}.${didYouMean(source.output, outputs)}`,
    );
  }
  if (source.field !== undefined && component?.kind === "itemlist") {
    const fields = Object.keys((component.props.fields ?? {}) as object);
    if (!fields.includes(source.field)) {
      throw mistake(
        "PORT_NOT_FOUND",
        node,
        name,
        port,
        `The items of ${fromName}.${source.output} have no field '${source.field}'. They have ${fields.join(", ")}.${didYouMean(source.field, fields)}`,
      );
    }
  }
  return {
    type: "port",
    node: fromName,
    output: source.output,
    mode: source.mode,
    ...(source.field === undefined ? {} : { field: source.field }),
    itemwise: false,
  };
}

function checkInputName(node: BaseNode, name: string, input: string): void {
  const { parameters } = behaviourOf(node);
  if (parameters === undefined) return;
  const valid = parameters.map((parameter) => parameter.name);
  if (!valid.includes(input)) {
    throw mistake(
      "UNKNOWN_PARAMETER",
      node,
      name,
      input,
      `Node '${name}' has no input '${input}'.${didYouMean(input, valid)} Valid inputs: ${valid.join(", ") || "none"}.`,
    );
  }
}

function mistake(code: string, node: BaseNode, name: string, port: string, message: string): DaggrError {
  const place = placeOf(node);
  return new DaggrError(code, message, { node: name, port, ...(place === undefined ? {} : { place }) });
}
