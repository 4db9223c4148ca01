import type { Component } from "../graph/component.ts";
import type { NodeDefinition } from "../graph/definition.ts";
import type { Snapshot } from "./snapshot.ts";

/** What a field holds. */
export interface FieldValue {
  /** `undefined` when the field is empty. */
  readonly value: unknown;
  /** It is the component's own `value`, which the script gave, and not what somebody entered. */
  readonly isDefault: boolean;
}

/** The entered value, else the component's own. An empty text is a value; an empty number, choice or file is none. */
export function fieldValue(component: Component, address: string, fields: Snapshot["fields"]): FieldValue {
  const entered = fields[address];
  const isDefault = entered === undefined;
  const value = isDefault ? component.props.value : entered;
  if (component.spec.isEmpty(value)) return { value: undefined, isDefault };
  if (value === undefined || value === null) {
    return { value: component.spec.valueType === "text" ? "" : (value ?? undefined), isDefault };
  }
  return { value, isDefault };
}

export interface HeldValues {
  readonly outputs: Readonly<Record<string, unknown>>;
  /** By address. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Outputs whose value the script gave. */
  readonly trusted: ReadonlySet<string>;
}

/** The outputs of a node that only holds values. */
export function heldValues(node: NodeDefinition, fields: Snapshot["fields"]): HeldValues {
  const outputs: Record<string, unknown> = {};
  const held: Record<string, unknown> = {};
  const trusted = new Set<string>();
  for (const [port, address] of node.fields) {
    const component = node.outputs.get(port);
    const field = component
      ? fieldValue(component, address, fields)
      : { value: fields[address], isDefault: false };
    if (field.value === undefined) continue;
    outputs[port] = field.value;
    held[address] = field.value;
    if (field.isDefault) trusted.add(port);
  }
  return { outputs, fields: held, trusted };
}
