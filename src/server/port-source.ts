import { plainValue } from "../base/json.ts";
import { redact } from "../base/redact.ts";
import type { Component } from "../graph/component.ts";
import type { Binding, GraphDefinition } from "../graph/definition.ts";
import type { ValueType } from "../protocol/values.ts";

/** The name that people know a component by. */
export function labelOf(component: Component | null | undefined, port: string): string {
  const label = component?.props.label;
  return typeof label === "string" && label !== "" ? label : port;
}

/** Where an input takes its value from, in words. */
export function sourceInWords(binding: Binding, port: string, definition: GraphDefinition): string {
  switch (binding.type) {
    case "component":
      return labelOf(binding.component, port);
    case "function":
      return "drawn anew";
    case "fixed":
      return fixedInWords(binding.value);
    case "port": {
      const output = labelOf(definition.nodes.get(binding.node)?.outputs.get(binding.output), binding.output);
      const words =
        binding.mode === "each" ? `each of ${output}` : binding.mode === "all" ? `all of ${output}` : output;
      return binding.field === undefined ? words : `${binding.field} of each ${output}`;
    }
  }
}

function fixedInWords(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(plainValue(value));
  if (text === undefined) return typeof value;
  const clean = redact(text);
  return clean.length > 60 ? `${clean.slice(0, 57)}…` : clean;
}

/** What kind of value an input takes. */
export function typeOfBinding(binding: Binding, definition: GraphDefinition): ValueType {
  switch (binding.type) {
    case "component":
      return binding.component.spec.valueType;
    case "function":
      return "any";
    case "fixed":
      return typeOfValue(binding.value);
    case "port": {
      const component = definition.nodes.get(binding.node)?.outputs.get(binding.output);
      return binding.mode === "each" ? typeOfItem(component, binding.field) : typeOfOutput(component);
    }
  }
}

export function typeOfOutput(component: Component | null | undefined): ValueType {
  return component?.spec.valueType ?? "any";
}

/** What one item of a list is: an item list knows its fields, a multiple choice gives texts, others say nothing. */
function typeOfItem(component: Component | null | undefined, field: string | undefined): ValueType {
  if (component === null || component === undefined) return "any";
  if (component.kind === "itemlist")
    return field === undefined ? "json" : typeOfField(component.props.fields, field);
  if (field !== undefined || component.spec.valueType === "json") return "any";
  return component.spec.valueType;
}

const FIELD_TYPES: Readonly<Record<string, ValueType>> = {
  number: "number",
  slider: "number",
  checkbox: "boolean",
  image: "image",
  imageeditor: "image",
  audio: "audio",
  video: "video",
  file: "file",
  model3d: "file",
  json: "json",
  dataframe: "json",
};

function typeOfField(fields: unknown, field: string): ValueType {
  const kind = (fields as Record<string, { kind?: unknown }> | undefined)?.[field]?.kind;
  return typeof kind === "string" ? (FIELD_TYPES[kind] ?? "text") : "any";
}

function typeOfValue(value: unknown): ValueType {
  if (typeof value === "string") return "text";
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "boolean";
  return value === null ? "any" : "json";
}
