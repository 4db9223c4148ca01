import { randomUUID } from "node:crypto";
import { DaggrError, describe } from "../base/errors.ts";
import type { Component } from "../graph/component.ts";
import type { ItemRecord, ResultRecord } from "../graph/result.ts";
import type { EngineContext } from "./context.ts";
import { checkValue, unknownNode } from "./field-values.ts";
import type { LiveSheet } from "./live-sheet.ts";

/** The selected result of a node with one output replaced by hand, as a result of its own. */
export async function editedResult(
  { definition, store }: EngineContext,
  sheet: LiveSheet,
  node: string,
  port: string,
  value: unknown,
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
  if (before.items === null) return { ...made, outputs: { ...before.outputs, [port]: await check(value) } };
  if (!Array.isArray(value))
    throw new DaggrError("INVALID_VALUE", `'${port}' of node '${node}' is a list, got ${describe(value)}.`, {
      node,
      port,
    });
  const list = await Promise.all(value.map(check));
  return {
    ...made,
    outputs: { ...before.outputs, [port]: list },
    items: withValues(before.items, port, list),
  };
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
