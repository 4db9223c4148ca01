import type { Place } from "../base/place.ts";
import type { MaybePromise } from "../base/types.ts";
import type { Behaviour } from "./behaviour.ts";
import type { Component } from "./component.ts";

/** Where an input takes its value from. */
export type Binding =
  /** A field on an input card; the value is kept under `address`. */
  | { readonly type: "component"; readonly component: Component; readonly address: string }
  | {
      readonly type: "port";
      readonly node: string;
      readonly output: string;
      readonly mode: "plain" | "each" | "all";
      readonly field?: string;
      /** `plain` from a scattered node into a scattered node: item by item. */
      readonly itemwise: boolean;
    }
  /** `kept`: the same as plain data, as it is saved with the results. */
  | { readonly type: "fixed"; readonly value: unknown; readonly kept: unknown }
  /** Called anew each time the node runs; the drawn value belongs to the result. */
  | { readonly type: "function"; readonly draw: () => MaybePromise<unknown> };

export interface NodeDefinition {
  readonly name: string;
  readonly place: Place | undefined;
  readonly behaviour: Behaviour;
  /** Inputs of a variant are named `variant_{index}_{input}`, as daggr does. */
  readonly inputs: ReadonlyMap<string, Binding>;
  readonly outputs: ReadonlyMap<string, Component | null>;
  /** Runs once per item. */
  readonly scattered: boolean;
  /** Empty for everything but a choice. */
  readonly variants: readonly NodeDefinition[];
  /** The nodes it reads from, each once. */
  readonly upstream: readonly string[];
  /** The nodes that read from it, each once. */
  readonly downstream: readonly string[];
  /** For nodes that only hold values: the address of each output's value. */
  readonly fields: ReadonlyMap<string, string>;
}

export interface EdgeDefinition {
  readonly from: { readonly node: string; readonly port: string };
  readonly to: { readonly node: string; readonly port: string };
  readonly kind: "plain" | "each" | "all";
}

/** A place where the user enters a value. */
export interface InputField {
  /** `node__port` of the first input that the component was given to. */
  readonly address: string;
  readonly component: Component;
  /** `node__port` of further inputs that share the component; accepted wherever an address is. */
  readonly aliases: readonly string[];
}

/** A graph as plain data, checked: every stage after describing reads only this. */
export interface GraphDefinition {
  readonly name: string;
  /** The key under which it is saved, or `false`. */
  readonly persistKey: string | false;
  /** In topological order. */
  readonly nodes: ReadonlyMap<string, NodeDefinition>;
  readonly edges: readonly EdgeDefinition[];
  readonly fields: ReadonlyMap<string, InputField>;
  /** Alias to address. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/** Its variants are tried one after the other, so that none is chosen and the inputs of all count. */
export function triesInOrder(node: NodeDefinition): boolean {
  return node.behaviour.inOrder === true;
}

/** One of its variants is chosen. */
export function isChoice(node: NodeDefinition): boolean {
  return node.variants.length > 0 && !triesInOrder(node);
}

export interface NamedInput {
  readonly port: string;
  readonly parameter: string;
  readonly binding: Binding;
}

/** The inputs that a node reads with the given variant chosen: what a variant calls `text` is `variant_0_text` here. */
export function activeInputs(node: NodeDefinition, variant: number): NamedInput[] {
  if (isChoice(node)) return inputsOfVariant(node, variant);
  return [...node.inputs].map(([port, binding]) => ({ port, parameter: port, binding }));
}

/** What one variant reads, by its own names; of a node without variants all that it reads. */
export function inputsOfVariant(node: NodeDefinition, variant: number): NamedInput[] {
  if (node.variants.length === 0) return activeInputs(node, variant);
  const prefix = variantPrefix(variant);
  const active: NamedInput[] = [];
  for (const [port, binding] of node.inputs) {
    if (port.startsWith(prefix)) active.push({ port, parameter: port.slice(prefix.length), binding });
  }
  return active;
}

/** How the node stands in a plan: the chosen variant's behaviour, or its own. */
export function activeBehaviour(node: NodeDefinition, variant: number): Behaviour {
  return triesInOrder(node) ? node.behaviour : variantBehaviour(node, variant);
}

/** The behaviour that does the work of one step: that of the variant, or the node's own. */
export function variantBehaviour(node: NodeDefinition, variant: number): Behaviour {
  return node.variants[variant]?.behaviour ?? node.behaviour;
}

/** How the names of a variant's inputs begin. */
export function variantPrefix(variant: number): string {
  return `variant_${variant}_`;
}
