import { statSync } from "node:fs";
import { resolve } from "node:path";
import { didYouMean } from "../../base/closest.ts";
import type { Component } from "../../graph/component.ts";
import type { GraphDefinition, InputField } from "../../graph/definition.ts";
import { UsageError } from "../options.ts";

type Inputs = Record<string, Record<string, unknown>>;

/** Values of `-i node.port=value`, each read as its component takes it: no text becomes a number by chance. */
export function parseInputs(definition: GraphDefinition, given: readonly string[]): Inputs {
  const fields = fieldsByName(definition);
  const inputs: Inputs = {};
  for (const text of given) {
    const at = text.indexOf("=");
    const name = at < 0 ? text : text.slice(0, at);
    const field = fields.get(name.trim()) ?? fields.get(name.trim().replace("__", "."));
    const names = [...fields.keys()];
    const list = listOfInputs(definition);
    if (at < 0) throw new UsageError(`-i needs <node>.<port>=<value>, got '${text}'.`, list);
    if (field === undefined)
      throw new UsageError(`There is no input '${name}'.${didYouMean(name, names)}`, list);
    const value = parseValue(field.component, text.slice(at + 1), name);
    const [node, port] = splitAddress(field.address);
    inputs[node] = { ...inputs[node], [port]: value };
  }
  return inputs;
}

/** The inputs that can be given. */
export function listOfInputs(definition: GraphDefinition): string {
  return `Inputs: ${[...fieldsByName(definition).keys()].join(", ") || "none"}`;
}

function fieldsByName(definition: GraphDefinition): Map<string, InputField> {
  const fields = new Map<string, InputField>();
  for (const field of definition.fields.values()) {
    for (const address of [field.address, ...field.aliases])
      fields.set(splitAddress(address).join("."), field);
  }
  return fields;
}

/** Names of nodes hold no `__`. */
function splitAddress(address: string): [node: string, port: string] {
  const at = address.indexOf("__");
  return [address.slice(0, at), address.slice(at + 2)];
}

function parseValue(component: Component, text: string, name: string): unknown {
  const { kind, props } = component;
  const expected = (what: string): UsageError =>
    new UsageError(`${name} takes ${what}, got '${text}'.`, "Nothing was run.");
  if (kind === "checkbox") {
    if (text === "true" || text === "false") return text === "true";
    throw expected("true or false");
  }
  if (component.spec.valueType === "number") {
    const number = Number(text);
    if (text.trim() === "" || Number.isNaN(number)) throw expected("a number");
    return checked(component, number, expected);
  }
  if (kind === "radio" || (kind === "dropdown" && props["multiselect"] !== true)) {
    const values = choicesOf(component);
    const value = values.find((choice) => String(choice) === text) ?? text;
    const meant = didYouMean(text, values.map(String));
    return checked(component, value, (what) => expected(`${what}.${meant}`.replace(/\.$/, "")));
  }
  const isOneFile = component.spec.mapFiles !== undefined && !/^[[{]/.test(text.trim());
  if (isOneFile) {
    const path = filePath(text, expected);
    return kind === "file" && props["fileCount"] !== undefined && props["fileCount"] !== "single"
      ? [path]
      : path;
  }
  if (
    component.spec.valueType === "json" ||
    component.spec.valueType === "any" ||
    component.spec.mapFiles !== undefined ||
    props["multiselect"] === true
  ) {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw expected(`JSON (${(error as Error).message})`);
    }
  }
  return checked(component, text, expected);
}

function checked(component: Component, value: unknown, expected: (what: string) => UsageError): unknown {
  const wrong = component.spec.check(value, component.props);
  if (wrong !== undefined) throw expected(wrong);
  return value;
}

function choicesOf(component: Component): unknown[] {
  const choices = component.props["choices"];
  return Array.isArray(choices) ? choices.map((choice) => (Array.isArray(choice) ? choice[1] : choice)) : [];
}

function filePath(text: string, expected: (what: string) => UsageError): string {
  const path = resolve(text);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw expected("the path of a file that exists");
  return path;
}
