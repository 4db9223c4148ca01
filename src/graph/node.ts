import { closest } from "../base/closest.ts";
import { DaggrError } from "../base/errors.ts";
import { callSite, type Place } from "../base/place.ts";
import type { Invalid, IsAny, MaybePromise } from "../base/types.ts";
import type { Behaviour } from "./behaviour.ts";
import { type Component, isComponent } from "./component.ts";
import { createPort, type ItemPort, type ItemSource, type Port } from "./port.ts";

/** How often a node runs: once per run of the graph, or once per item of a scattered input. */
export type Mode = "run" | "item";

/** Everything an input of type `T` can be connected to. */
export type InputFor<T> = T | Component<T> | Port<T> | ItemSource<T> | (() => MaybePromise<T>);

/** The `inputs` object that matches the parameters `P`. */
export type InputsFor<P> = { [K in keyof P]: InputFor<P[K]> };

/** Names a node uses itself, so that no output port can have them. */
export type ReservedName = "name" | "inputs" | "outputs" | "input" | "test" | "or" | "then" | "constructor";

export const RESERVED_NAMES: readonly string[] = [
  "name",
  "inputs",
  "outputs",
  "input",
  "test",
  "or",
  "then",
  "constructor",
];

/** The `outputs` object of a node whose ports carry `V`; `null` hides a port of unknown type. */
export type OutputsFor<V> = {
  readonly [K in keyof V]: K extends ReservedName
    ? Invalid<`'${K}' is a reserved name: call this output something else.`>
    : Component<V[K]> | null;
};

/** `'item'` when one of the connected inputs is scattered. */
export type ModeOf<I> = true extends { [K in keyof I]: IsItem<I[K]> }[keyof I] ? "item" : "run";

type IsItem<X> = IsAny<X> extends true ? false : X extends ItemSource<any> ? true : false;

/** The output ports of a node, by name. */
export type PortsOf<V, M extends Mode = "run"> = {
  readonly [K in keyof V]: M extends "item" ? ItemPort<V[K]> : Port<V[K]>;
};

/** Type-only key under which a node remembers what its outputs carry, how often it runs and its literal name. */
export declare const produces: unique symbol;

/** An input of a node, to be connected with `graph.edge`. */
export interface InputPort {
  readonly node: object;
  readonly input: string;
}

/** What every node has besides its ports. */
export interface NodeMembers<V, M extends Mode = Mode, N extends string = string> {
  readonly [produces]: { readonly values: V; readonly mode: M };
  readonly name: N;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, Component | null>>;
  /** One of its inputs, for `graph.edge(from, node.input("text"))`. */
  input(name: string): InputPort;
  /**
   * Runs this node alone and returns its outputs.
   *
   * @param inputs - By input name; what is left out takes its component's `value`, else an example of its kind.
   * @throws DaggrError `UNKNOWN_INPUT`, `NO_EXAMPLE` where none can be made up; what the function itself throws.
   */
  test(inputs?: Readonly<Record<string, unknown>>): Promise<V>;
  /** One step with this node and another as variants, between which the user chooses on the canvas. */
  or(other: Node<NoInfer<V>, NoInfer<M>>): Node<V, M>;
}

/** A node whose outputs carry the values `V`: `Node<{ image: string }>` has the port `node.image`. */
export type Node<V, M extends Mode = "run", N extends string = string> = NodeMembers<V, M, N> & PortsOf<V, M>;

/** Any node at all. */
export type AnyNode = Pick<NodeMembers<unknown>, "name" | "inputs" | "outputs"> & {
  readonly [produces]: unknown;
};

/** The same key as `inspect.custom` of node:util, without importing Node.js here. */
const INSPECT: unique symbol = Symbol.for("nodejs.util.inspect.custom");
const BEHAVIOUR: unique symbol = Symbol("daggr.node.behaviour");
const PLACE: unique symbol = Symbol("daggr.node.place");
const NAMED: unique symbol = Symbol("daggr.node.named");
const VARIANTS: unique symbol = Symbol("daggr.node.variants");

export interface NodeSpec {
  /** As given, or `undefined`. */
  readonly name: string | undefined;
  /** Used when no name was given. */
  readonly defaultName: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly behaviour: Behaviour;
  readonly variants?: readonly BaseNode[];
}

/** Members of every node that need a higher layer, which sets them when it is loaded. */
export const nodeMethods: {
  or?: (node: BaseNode, other: unknown) => unknown;
  test?: (node: BaseNode, inputs: Readonly<Record<string, unknown>>) => Promise<unknown>;
} = {};

/** What is common to all nodes. Private matters are behind symbols, so that every other name is free for ports. */
export abstract class BaseNode {
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, Component | null>>;
  declare readonly [BEHAVIOUR]: Behaviour;
  declare readonly [PLACE]: Place | undefined;
  declare readonly [NAMED]: boolean;
  declare readonly [VARIANTS]: readonly BaseNode[];

  constructor(spec: NodeSpec) {
    const place = callSite();
    const name = spec.name ?? spec.defaultName;
    checkName(name, place);
    this.name = name;
    this.inputs = { ...spec.inputs };
    this.outputs = spec.outputs as Readonly<Record<string, Component | null>>;
    hide(this, BEHAVIOUR, spec.behaviour);
    hide(this, PLACE, place);
    hide(this, NAMED, spec.name !== undefined);
    hide(this, VARIANTS, spec.variants ?? []);
    for (const output of Object.keys(spec.outputs)) {
      checkOutput(name, output, spec.outputs[output], place);
      Object.defineProperty(this, output, { value: createPort(this, output), enumerable: false });
    }
    for (const [input, value] of Object.entries(spec.inputs)) checkInput(name, input, value, place);
  }

  input(name: string): InputPort {
    return { node: this, input: name };
  }

  or(other: unknown): unknown {
    return nodeMethods.or?.(this, other);
  }

  test(inputs: Readonly<Record<string, unknown>> = {}): Promise<unknown> | undefined {
    return nodeMethods.test?.(this, inputs);
  }

  /** What `console.log(node)` prints. */
  [INSPECT](): string {
    return `${this.constructor.name}(${this.name}: ${Object.keys(this.outputs).join(", ")})`;
  }
}

function hide(target: object, key: symbol, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: false });
}

function checkName(name: string, place: Place | undefined): void {
  const at = place === undefined ? {} : { place };
  if (typeof name !== "string" || name.trim() === "") {
    throw new DaggrError("INVALID_NAME", "A node's name must be a text that is not empty.", at);
  }
  if (name.length > 200)
    throw new DaggrError(
      "INVALID_NAME",
      `The name of a node is ${name.length} characters long; 200 are allowed.`,
      { node: name.slice(0, 60), ...at },
    );
  if (name.includes("__")) {
    throw new DaggrError(
      "INVALID_NAME",
      `Node '${name}': '__' separates node and port in the API, so a name cannot contain it.`,
      { node: name, ...at },
    );
  }
}

function checkOutput(node: string, output: string, value: unknown, place: Place | undefined): void {
  const details = { node, port: output, ...(place === undefined ? {} : { place }) };
  if (RESERVED_NAMES.includes(output) || output.startsWith("__")) {
    throw new DaggrError(
      "RESERVED_PORT",
      `Output '${output}' of node '${node}': this name is used by the node itself. Call the output something else. Reserved are ${RESERVED_NAMES.join(", ")}.`,
      details,
    );
  }
  if (/^\d+$/.test(output) || output === "") {
    throw new DaggrError(
      "INVALID_NAME",
      `Output '${output}' of node '${node}': JavaScript reorders names that are numbers, and outputs go by their order. Give it a name with a letter.`,
      details,
    );
  }
  if (value !== null && !isComponent(value)) {
    throw new DaggrError(
      "INVALID_OUTPUT",
      `Output '${output}' of node '${node}': expected a component (gr.…) or null.`,
      { ...details, expected: "a component or null" },
    );
  }
}

function checkInput(node: string, input: string, value: unknown, place: Place | undefined): void {
  const details = { node, port: input, ...(place === undefined ? {} : { place }) };
  if (value === undefined) {
    throw new DaggrError(
      "UNDEFINED_INPUT",
      `Input '${input}' of node '${node}' is undefined. If it should come from another node, check the name of that node's output port.`,
      details,
    );
  }
  if (value instanceof BaseNode) {
    const ports = Object.keys(value.outputs);
    const fix =
      ports.length === 0
        ? "It has no output ports."
        : `Connect one of its ports: ${ports.map((port) => `${value.name}.${port}`).join(", ")}.`;
    throw new DaggrError(
      "NODE_AS_INPUT",
      `Input '${input}' of node '${node}' is the node '${value.name}' itself. ${fix}`,
      details,
    );
  }
}

export function behaviourOf(node: BaseNode): Behaviour {
  return node[BEHAVIOUR];
}

export function placeOf(node: BaseNode): Place | undefined {
  return node[PLACE];
}

/** Whether the user gave the name (rather than leaving it to us). */
export function hasGivenName(node: BaseNode): boolean {
  return node[NAMED];
}

/** The variants of a choice; empty for every other node. */
export function variantsOf(node: BaseNode): readonly BaseNode[] {
  return node[VARIANTS];
}

// A misspelt port gets as far as the end of the prototype chain, and only there is anything unusual done. It must
// not throw for every unknown name: inspectors, test runners and `await` look up names of their own.
Object.setPrototypeOf(
  BaseNode.prototype,
  new Proxy(Object.prototype, {
    get(target, key, node) {
      if (
        typeof key === "string" &&
        !(key in target) &&
        key !== "then" &&
        node instanceof BaseNode &&
        node.outputs
      ) {
        const ports = Object.keys(node.outputs);
        const meant = closest(key, ports);
        if (meant !== undefined) {
          const place = callSite();
          throw new DaggrError(
            "PORT_NOT_FOUND",
            `Output port '${key}' not found on node '${node.name}'. Available outputs: ${ports.join(", ")}. Did you mean '${meant}'?`,
            { node: node.name, port: key, hint: meant, ...(place === undefined ? {} : { place }) },
          );
        }
      }
      return Reflect.get(target, key, node);
    },
  }),
);
