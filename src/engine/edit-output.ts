import { randomUUID } from "node:crypto";
import { DaggrError, describe } from "../base/errors.ts";
import type { Component } from "../graph/component.ts";
import type { ItemRecord, ResultRecord } from "../graph/result.ts";
import type { EngineContext } from "./context.ts";
import { checkValue, unknownNode } from "./field-values.ts";
import type { LiveSheet } from "./live-sheet.ts";

export interface OutputEdit {
  readonly node: string;
  readonly port: string;
  readonly value: unknown;
  /** Of a scattered node: only this item, whose value `value` is; else `value` has one for each item. */
  readonly item?: number | undefined;
}

/** How far back the result is looked for that an edit began with. */
const LOOKED_THROUGH = 200;

/** The selected result of a node with one output replaced by hand, as a result of its own. */
export async function editedResult(
  { definition, store }: EngineContext,
  sheet: LiveSheet,
  { node, port, value, item }: OutputEdit,
): Promise<ResultRecord> {
  const found = definition.nodes.get(node);
  if (found === undefined) throw unknownNode(definition, node);
  if (!found.outputs.has(port)) {
    throw new DaggrError(
      "PORT_NOT_FOUND",
      `Output port '${port}' not found on node '${node}'. Available outputs: ${[...found.outputs.keys()].join(", ")}.`,
      { node, port },
    );
  }
  const before = sheet.selected.get(node);
  if (before === undefined)
    throw new DaggrError("RESULT_NOT_FOUND", `Node '${node}' has no result yet that could be changed.`, {
      node,
    });
  const component = found.outputs.get(port) ?? undefined;
  const check = (each: unknown) => checkOutput(store, sheet, `${node}__${port}`, component, each);
  const made = { ...before, id: randomUUID(), edited: true, startedAt: Date.now(), durationMs: 0 };
  if (before.items === null) {
    if (item !== undefined) throw noSuchItem(node, item, "it is not scattered");
    return { ...made, outputs: { ...before.outputs, [port]: await check(value) } };
  }
  const list =
    item === undefined
      ? await Promise.all(asList(value, node, port).map(check))
      : withItem(before, node, port, item, await check(value));
  return {
    ...made,
    outputs: { ...before.outputs, [port]: list },
    items: withValues(before.items, port, list),
  };
}

/** The result that the node made itself before somebody changed it. */
export async function resultBeforeEdit(
  { store }: EngineContext,
  sheet: LiveSheet,
  node: string,
): Promise<string> {
  const edited = sheet.selected.get(node);
  if (edited?.edited !== true)
    throw new DaggrError("NOT_EDITED", `Node '${node}' does not show an edited result.`, { node });
  const range = { offset: 0, limit: LOOKED_THROUGH };
  const { results } = await store.history(sheet.scope, sheet.id, node, range);
  const older = results.slice(results.findIndex(({ id }) => id === edited.id) + 1);
  // An edited result keeps everything of the one it began with but its values and its time.
  const found = older.find((result) => !result.edited && result.fingerprint === edited.fingerprint);
  if (found !== undefined) return found.id;
  throw new DaggrError(
    "RESULT_NOT_FOUND",
    `The result that node '${node}' made itself is not there any more.`,
    {
      node,
      hint: "Run the step to make a new one; the edited result stays in its history.",
    },
  );
}

function asList(value: unknown, node: string, port: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new DaggrError("INVALID_VALUE", `'${port}' of node '${node}' is a list, got ${describe(value)}.`, {
    node,
    port,
  });
}

/** The list of all values with that of one item replaced. */
function withItem(
  { items, outputs }: ResultRecord,
  node: string,
  port: string,
  item: number,
  value: unknown,
): readonly unknown[] {
  const all = items ?? [];
  if (all[item] === undefined) throw noSuchItem(node, item, `there are ${all.length}`);
  if (all[item]?.error !== undefined) throw noSuchItem(node, item, "it failed and has no value to change");
  const place = all.slice(0, item).filter(({ error }) => error === undefined).length;
  const list = outputs[port];
  return (Array.isArray(list) ? list : []).map((each, index) => (index === place ? value : each));
}

function noSuchItem(node: string, item: number, why: string): DaggrError {
  return new DaggrError("ITEM_NOT_FOUND", `Item ${item + 1} of node '${node}' cannot be changed: ${why}.`, {
    node,
  });
}

async function checkOutput(
  store: EngineContext["store"],
  sheet: LiveSheet,
  name: string,
  component: Component | undefined,
  value: unknown,
): Promise<unknown> {
  return component === undefined ? value : checkValue(store, sheet.scope, name, component, value);
}

/** Items keep their own values in step with the list, as long as there are as many. */
function withValues(
  items: readonly ItemRecord[],
  port: string,
  list: readonly unknown[],
): readonly ItemRecord[] {
  const finished = items.filter((item) => item.error === undefined);
  if (finished.length !== list.length) return items;
  let next = 0;
  return items.map((item) => {
    if (item.error !== undefined) return item;
    const value = list[next++];
    return JSON.stringify(item.outputs[port]) === JSON.stringify(value)
      ? item
      : { ...item, outputs: { ...item.outputs, [port]: value } };
  });
}
