import { DaggrError } from "../base/errors.ts";
import type { Component } from "../graph/component.ts";
import { isChoice, type NodeDefinition } from "../graph/definition.ts";
import type { ResultRecord } from "../graph/result.ts";
import { activeGraph } from "../plan/active.ts";
import { fieldValue } from "../plan/fields.ts";
import { type ResolvedInputs, resolveInputs } from "../plan/resolve.ts";
import type { SelectionSummary } from "../protocol/messages.ts";
import type { EngineContext } from "./context.ts";
import type { LiveSheet } from "./live-sheet.ts";

/** How far back an equal result is looked for. */
const LOOKED_THROUGH = 100;

/** What has to be set so that a sheet looks as it did when a result was made. */
export interface Selection {
  readonly fields: Record<string, unknown>;
  readonly variants: Record<string, number>;
  /** By node; `null` for a node downstream that was never run with this result. */
  readonly results: Map<string, ResultRecord | null>;
}

/**
 * The result, the results it was made from, and downstream the newest ones made from it; with the values of the
 * fields that went into them. Where two disagree about a field, the one nearer to the chosen result wins.
 */
export async function findSelection(
  context: EngineContext,
  sheet: LiveSheet,
  node: string,
  id: string,
): Promise<Selection> {
  const selection = await findSources(context, sheet, node, id);
  await selectDownstream(context, sheet, selection, node);
  return selection;
}

/** The result and the results it was made from, without what is downstream. */
export async function findSources(
  context: EngineContext,
  sheet: LiveSheet,
  node: string,
  id: string,
): Promise<Selection> {
  const selection: Selection = { fields: {}, variants: {}, results: new Map() };
  await selectUpstream(context, sheet, selection, [await findResult(context, sheet, node, id)]);
  return selection;
}

/** Throws `RESULT_NOT_FOUND`. */
export async function findResult(
  { store }: EngineContext,
  sheet: LiveSheet,
  node: string,
  id: string,
): Promise<ResultRecord> {
  const result = await store.result(sheet.scope, id);
  if (result === undefined || result.node !== node)
    throw new DaggrError("RESULT_NOT_FOUND", `Node '${node}' has no such result.`, { node });
  return result;
}

async function selectUpstream(
  { definition, store }: EngineContext,
  sheet: LiveSheet,
  selection: Selection,
  nearest: readonly ResultRecord[],
): Promise<void> {
  let next = nearest;
  while (next.length > 0) {
    const further: ResultRecord[] = [];
    for (const result of next) {
      if (selection.results.has(result.node)) continue;
      add(selection, result, definition.nodes.get(result.node));
      for (const [node, id] of Object.entries(result.upstream)) {
        if (selection.results.has(node) || !definition.nodes.has(node)) continue;
        const made = await store.result(sheet.scope, id);
        if (made !== undefined) further.push(made);
      }
    }
    next = further;
  }
}

async function selectDownstream(
  context: EngineContext,
  sheet: LiveSheet,
  selection: Selection,
  chosen: string,
): Promise<void> {
  const { definition, store } = context;
  const changed = new Set([...selection.results.keys()].filter((name) => isChanged(selection, sheet, name)));
  const downstream = new Set([chosen]);
  for (const node of definition.nodes.values()) {
    const isDownstream = node.upstream.some((name) => downstream.has(name));
    if (isDownstream) downstream.add(node.name);
    else if (!node.upstream.some((name) => changed.has(name))) continue;
    if (selection.results.has(node.name)) continue;
    const source = node.upstream
      .filter((name) => downstream.has(name))
      .map((name) => selection.results.get(name))
      .find((result) => result !== null && result !== undefined);
    const made =
      source === undefined ? [] : await store.madeFrom(sheet.scope, sheet.id, node.name, source.id);
    const best =
      made.find((result) => fits(result, selection, sheet)) ??
      made[0] ??
      (await equalResult(context, sheet, selection, node.name));
    // What stands in a list is short; a result that is worked with is whole.
    const whole = best === undefined ? undefined : await store.result(sheet.scope, best.id);
    if (whole !== undefined) add(selection, whole, node);
    else if (isDownstream) selection.results.set(node.name, null);
    // A side branch of what is upstream keeps what it shows.
    else continue;
    if (isChanged(selection, sheet, node.name)) changed.add(node.name);
  }
}

function isChanged(selection: Selection, sheet: LiveSheet, name: string): boolean {
  return selection.results.get(name)?.id !== sheet.selected.get(name)?.id;
}

/**
 * A result that was made from other results with the same values, as after a re-run that gave the same: the one that
 * is selected, else the newest.
 */
async function equalResult(
  { definition, store }: EngineContext,
  sheet: LiveSheet,
  selection: Selection,
  name: string,
): Promise<ResultRecord | undefined> {
  const { fields, variants } = sheet.state;
  const node = activeGraph(definition, { ...variants, ...selection.variants }).get(name);
  if (node === undefined) return undefined;
  let inputs: ResolvedInputs;
  try {
    inputs = resolveInputs(node, { ...fields, ...selection.fields }, (from) => {
      const chosen = selection.results.get(from.name);
      return chosen === undefined ? sheet.selected.get(from.name) : (chosen ?? undefined);
    });
  } catch (error) {
    if (error instanceof DaggrError) return undefined;
    throw error;
  }
  if (inputs.pending.size > 0) return undefined;
  const isEqual = ({ variant, inputHashes }: ResultRecord) =>
    variant === node.variant &&
    Object.keys(inputHashes).length === Object.keys(inputs.hashes).length &&
    Object.entries(inputs.hashes).every(([port, hash]) => inputHashes[port] === hash);
  const selected = sheet.selected.get(name);
  if (selected !== undefined && isEqual(selected)) return selected;
  const { results } = await store.history(sheet.scope, sheet.id, name, { offset: 0, limit: LOOKED_THROUGH });
  return results.find(isEqual);
}

/** Whether everything that it was made from is what will be selected. */
function fits(result: ResultRecord, selection: Selection, sheet: LiveSheet): boolean {
  return Object.entries(result.upstream).every(([node, id]) => {
    const chosen = selection.results.get(node);
    return (chosen === undefined ? sheet.selected.get(node)?.id : chosen?.id) === id;
  });
}

/** A variant that the script does not have any more cannot be chosen again. */
function add(selection: Selection, result: ResultRecord, node: NodeDefinition | undefined): void {
  selection.results.set(result.node, result);
  for (const [address, value] of Object.entries(result.fields)) {
    if (!(address in selection.fields)) selection.fields[address] = value;
  }
  if (node !== undefined && isChoice(node) && result.variant < node.variants.length)
    selection.variants[result.node] = result.variant;
}

/** Saves a selection, then shows it; tells what it has changed besides `chosen`. */
export async function applySelection(
  { store, definition }: EngineContext,
  sheet: LiveSheet,
  chosen: string,
  { fields, variants, results }: Selection,
): Promise<SelectionSummary> {
  const { scope, id } = sheet;
  const known = Object.entries(fields).filter(([address]) => definition.fields.has(address));
  // A field that nobody touched holds the value that the script gave it.
  const held = (address: string, component: Component) =>
    fieldValue(component, address, sheet.state.fields).value;
  const changed = Object.fromEntries(
    known.filter(([address, value]) => {
      const field = definition.fields.get(address);
      return field === undefined || !isEqual(held(address, field.component) ?? null, value);
    }),
  );
  const switched = Object.fromEntries(
    Object.entries(variants).filter(([node, variant]) => (sheet.state.variants[node] ?? 0) !== variant),
  );
  const ids = Object.fromEntries([...results].map(([node, result]) => [node, result?.id ?? null]));
  await Promise.all([
    store.select(scope, id, ids),
    Object.keys(changed).length > 0 && store.setFields(scope, id, changed),
    ...Object.entries(switched).map(([node, variant]) => store.setVariant(scope, id, node, variant)),
  ]);
  sheet.setInputs(changed, switched);
  const tallies = await store.tallies(scope, id);
  const followed: string[] = [];
  const emptied: string[] = [];
  for (const [node, result] of results) {
    if (node !== chosen && result?.id !== sheet.selected.get(node)?.id)
      (result === null ? emptied : followed).push(node);
    if (result === null) sheet.selected.delete(node);
    else sheet.selected.set(node, result);
    const tally = tallies[node];
    if (tally !== undefined) sheet.tallies.set(node, tally);
    sheet.changes.node(node);
  }
  sheet.forgetTrouble(results.keys());
  await sheet.refresh();
  return { fields: Object.keys(changed), variants: Object.keys(switched), followed, emptied };
}

function isEqual(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
