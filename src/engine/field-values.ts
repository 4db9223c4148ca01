import { closest, didYouMean } from "../base/closest.ts";
import { copyValue } from "../base/copy.ts";
import { DaggrError, describe } from "../base/errors.ts";
import { type FileRef, keepDrawing, mapFileRefs } from "../base/files.ts";
import { canonicalJson } from "../base/json.ts";
import type { Component } from "../graph/component.ts";
import { type GraphDefinition, triesInOrder } from "../graph/definition.ts";
import type { Scope, Store } from "../store/store.ts";

/** The address behind a name from outside, which may be an alias. Throws `UNKNOWN_INPUT` with the nearest valid name. */
export function resolveAddress(definition: GraphDefinition, name: string): string {
  const address = definition.aliases.get(name) ?? name;
  if (definition.fields.has(address)) return address;
  const known = [...definition.fields.keys(), ...definition.aliases.keys()];
  const hint = closest(name, known);
  const listed =
    known.length === 0 ? "This graph has no inputs." : `Inputs: ${known.slice(0, 20).join(", ")}.`;
  throw new DaggrError(
    "UNKNOWN_INPUT",
    `There is no input '${name}'.${didYouMean(name, known)} ${listed}`,
    hint === undefined ? {} : { hint },
  );
}

/** Values from outside by address, checked against their components and never coerced. */
export async function checkFields(
  definition: GraphDefinition,
  store: Store,
  scope: Scope,
  given: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  const names = new Map<string, string>();
  for (const [name, value] of Object.entries(given)) {
    const address = resolveAddress(definition, name);
    const field = definition.fields.get(address);
    if (field === undefined) continue;
    const checked = await checkValue(store, scope, name, field.component, value);
    const other = names.get(address);
    if (other !== undefined && canonicalJson(fields[address]) !== canonicalJson(checked)) {
      throw new DaggrError(
        "INVALID_VALUE",
        `'${other}' and '${name}' are one field, because both inputs were given the same component; it cannot have two values.`,
        about(name),
      );
    }
    names.set(address, name);
    fields[address] = checked;
  }
  return fields;
}

/** Without what was saved for a component that the script has changed since, and that the new one cannot hold. */
export function fittingFields(
  definition: GraphDefinition,
  saved: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(saved).filter(([address, value]) => {
      const component = definition.fields.get(address)?.component;
      if (component === undefined || component.spec.isEmpty(value)) return true;
      return component.spec.check(value, component.props) === undefined;
    }),
  );
}

/** The value with every file as the store knows it. Throws `INVALID_VALUE` naming what was expected and what came. */
export async function checkValue(
  store: Store,
  scope: Scope,
  name: string,
  component: Component,
  value: unknown,
): Promise<unknown> {
  const expected = component.spec.isEmpty(value) ? undefined : component.spec.check(value, component.props);
  if (expected !== undefined) {
    throw new DaggrError(
      "INVALID_VALUE",
      `The value of '${name}' must be ${expected}, got ${describe(value)}.`,
      { ...about(name), expected, got: describe(value) },
    );
  }
  // A copy: whoever gave the value may go on changing it.
  const keep = async (ref: FileRef): Promise<FileRef> => {
    // Somebody else's file is one that does not exist.
    const found = (await store.ownsFile(scope, ref.id)) ? await store.files.find(ref.id) : undefined;
    if (found === undefined) {
      throw new DaggrError(
        "INVALID_VALUE",
        `The value of '${name}' is a file that is not kept here. Upload it first.`,
        about(name),
      );
    }
    return ref.name === found.name ? found : { ...found, name: sameKind(found.name, ref.name) };
  };
  return mapFileRefs(copyValue(value), async (ref) => keepDrawing(await keep(ref), ref.drawing, keep));
}

function about(name: string): { node?: string; port?: string } {
  const [node, port] = name.split("__");
  return port === undefined ? {} : { node: node as string, port };
}

/** The wanted name where it says the same kind of file; a type is never taken on trust. */
function sameKind(kept: string, wanted: unknown): string {
  const extension = (text: string) => text.slice(text.lastIndexOf("."));
  return typeof wanted === "string" && /^[^/\\]{1,120}$/.test(wanted) && extension(wanted) === extension(kept)
    ? wanted
    : kept;
}

/** The index of a variant given by number or name. */
export function checkVariant(definition: GraphDefinition, name: string, variant: number | string): number {
  const node = definition.nodes.get(name);
  if (node === undefined) throw unknownNode(definition, name);
  const names = node.variants.map((each) => each.name);
  if (triesInOrder(node)) {
    const sentence = `Node '${name}' tries its variants in their order (${names.join(", ")}): none can be chosen.`;
    throw new DaggrError("INVALID_VALUE", sentence, { node: name });
  }
  const index = typeof variant === "number" ? variant : names.indexOf(variant);
  if (Number.isInteger(index) && index >= 0 && index < names.length) return index;
  const meant = typeof variant === "string" ? didYouMean(variant, names) : "";
  const choices = names.length === 0 ? "It has no variants." : `Variants: ${names.join(", ")}.`;
  throw new DaggrError("INVALID_VALUE", `Node '${name}' has no variant '${variant}'.${meant} ${choices}`, {
    node: name,
  });
}

export function checkVariants(
  definition: GraphDefinition,
  given: Readonly<Record<string, number | string>>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(given).map(([name, variant]) => [name, checkVariant(definition, name, variant)]),
  );
}

export function unknownNode(definition: GraphDefinition, name: string): DaggrError {
  const names = [...definition.nodes.keys()];
  const hint = closest(name, names);
  return new DaggrError(
    "NODE_NOT_FOUND",
    `There is no node '${name}'.${didYouMean(name, names)}`,
    hint === undefined ? {} : { hint },
  );
}
