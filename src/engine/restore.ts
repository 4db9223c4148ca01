import { DaggrError } from "../base/errors.ts";
import type { ResultRecord } from "../graph/result.ts";
import type { Standing, WithStep } from "../protocol/view.ts";
import type { EngineContext } from "./context.ts";
import { checkFields, checkVariant, unknownNode } from "./field-values.ts";
import type { LiveSheet } from "./live-sheet.ts";
import type { Selection } from "./select-result.ts";

/** Applies a selection with `apply`, and tells what it found and what it left. */
export async function asStep<T extends object>(
  { definition }: EngineContext,
  sheet: LiveSheet,
  { fields, variants, results }: Selection,
  apply: () => Promise<T>,
): Promise<WithStep<T>> {
  const addresses = Object.keys(fields).filter((address) => definition.fields.has(address));
  const standing = (): Standing => ({
    inputs: Object.fromEntries(
      addresses.map((address) => [
        address,
        sheet.state.fields[address] ?? definition.fields.get(address)?.component.props.value ?? null,
      ]),
    ),
    variants: Object.fromEntries(
      Object.keys(variants).map((node) => [node, sheet.state.variants[node] ?? 0]),
    ),
    results: Object.fromEntries(
      [...results.keys()].map((node) => [node, sheet.selected.get(node)?.id ?? null]),
    ),
  });
  const before = standing();
  const answer = await apply();
  return { ...answer, step: { before, after: standing() } };
}

/** What a page wants to have back, checked: results must be of their nodes, values must fit their fields. */
export async function checkStanding(
  { definition, store }: EngineContext,
  sheet: LiveSheet,
  { inputs, variants, results }: Standing,
): Promise<Selection> {
  const found = new Map<string, ResultRecord | null>();
  for (const [node, id] of Object.entries(results)) {
    if (!definition.nodes.has(node)) throw unknownNode(definition, node);
    const result = id === null ? null : await store.result(sheet.scope, id);
    if (result === undefined || (result !== null && result.node !== node))
      throw new DaggrError("RESULT_NOT_FOUND", `Node '${node}' has no such result.`, { node });
    found.set(node, result);
  }
  return {
    fields: await checkFields(definition, store, sheet.scope, inputs),
    variants: Object.fromEntries(
      Object.entries(variants).map(([node, variant]) => [node, checkVariant(definition, node, variant)]),
    ),
    results: found,
  };
}
