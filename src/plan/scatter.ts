import { didYouMean } from "../base/closest.ts";
import { DaggrError, describe } from "../base/errors.ts";
import { isFileRef } from "../base/files.ts";
import type { ItemRecord } from "../graph/result.ts";
import type { ActiveInput, ActiveNode } from "./active.ts";

/** One input that takes another value for each item. */
export interface ScatteredInput {
  readonly port: string;
  readonly parameter: string;
  /** One value per position; what stands at a position that is left out is of no meaning. */
  readonly list: readonly unknown[];
}

export interface Scatter {
  /** Positions, those that are left out included. */
  readonly total: number;
  readonly inputs: readonly ScatteredInput[];
  /** Positions whose item failed upstream and was skipped there. */
  readonly leftOut: ReadonlySet<number>;
}

const none: ReadonlySet<number> = new Set();

/** Lists with their gaps, before they are brought into step. */
export interface Column extends ScatteredInput {
  readonly leftOut: ReadonlySet<number>;
}

/**
 * The values of an output of a scattered node, each at its item's position. Skipped items leave a gap rather than
 * moving the rest up: two nodes that skip different items of one list would otherwise be paired wrongly.
 */
export function alignedColumn(
  input: ActiveInput,
  list: readonly unknown[],
  items: readonly ItemRecord[] | null | undefined,
): Column {
  const { port, parameter } = input;
  const failed = items === null || items === undefined ? none : failedItems(items);
  // A list that was edited by hand need not fit the items any more: then it counts as it is.
  if (
    failed.size === 0 ||
    items === null ||
    items === undefined ||
    list.length !== items.length - failed.size
  ) {
    return { port, parameter, list, leftOut: none };
  }
  let next = 0;
  const aligned = items.map((_, position) => (failed.has(position) ? undefined : list[next++]));
  return { port, parameter, list: aligned, leftOut: failed };
}

function failedItems(items: readonly ItemRecord[]): ReadonlySet<number> {
  let failed: Set<number> | undefined;
  for (let position = 0; position < items.length; position++) {
    if (items[position]?.error === undefined) continue;
    failed ??= new Set();
    failed.add(position);
  }
  return failed ?? none;
}

/** Brings the lists of a node's scattered inputs into step; lengths that differ are an error that names both inputs. */
export function inStep(node: ActiveNode, columns: readonly Column[]): Scatter | null {
  const first = columns[0];
  if (first === undefined) return null;
  for (const column of columns) {
    if (column.list.length === first.list.length) continue;
    throw new DaggrError(
      "SCATTER_LENGTHS",
      `Node '${node.name}' runs once per item of its inputs '${first.parameter}' and '${column.parameter}', but the first has ${count(first.list.length)} and the second ${count(column.list.length)}. They run in step and need the same length.`,
      {
        node: node.name,
        port: column.port,
        ...at(node),
        expected: count(first.list.length),
        got: count(column.list.length),
      },
    );
  }
  const gaps = columns.filter((column) => column.leftOut.size > 0);
  const leftOut = gaps.length === 0 ? none : new Set(gaps.flatMap((column) => [...column.leftOut]));
  return { total: first.list.length, inputs: columns, leftOut };
}

function count(length: number): string {
  return length === 1 ? "1 item" : `${length} items`;
}

const picked = new WeakMap<readonly unknown[], Map<string, readonly unknown[]>>();

/** The list that `.each` (or one field of each item) reads. */
export function listOf(node: ActiveNode, input: ActiveInput, value: unknown): readonly unknown[] {
  const { binding } = input;
  if (binding.type !== "port") return [];
  if (!Array.isArray(value)) {
    throw new DaggrError(
      "NOT_A_LIST",
      `Input '${input.parameter}' of node '${node.name}' takes each item of '${binding.node}.${binding.output}', which should be a list but was ${describe(value)}.`,
      { node: node.name, port: input.port, ...at(node), expected: "a list", got: describe(value) },
    );
  }
  if (binding.field === undefined) return value;
  let fields = picked.get(value);
  if (fields === undefined) {
    fields = new Map();
    picked.set(value, fields);
  }
  let list = fields.get(binding.field);
  if (list === undefined) {
    list = pick(node, input, value, binding.field);
    fields.set(binding.field, list);
  }
  return list;
}

function pick(
  node: ActiveNode,
  input: ActiveInput,
  list: readonly unknown[],
  field: string,
): readonly unknown[] {
  let found = list.length === 0;
  const values = list.map((item, index) => {
    if (typeof item !== "object" || item === null || isFileRef(item)) {
      throw new DaggrError(
        "NO_SUCH_FIELD",
        `Input '${input.parameter}' of node '${node.name}' takes the field '${field}' of each item, but item ${index} was ${describe(item)}.`,
        { node: node.name, port: input.port, ...at(node), expected: "an object", got: describe(item) },
      );
    }
    if (Object.hasOwn(item, field)) found = true;
    return (item as Record<string, unknown>)[field];
  });
  // One item may lack an optional field; a field that no item has is misspelt.
  if (!found) {
    const names = Object.keys(list[0] as object);
    throw new DaggrError(
      "NO_SUCH_FIELD",
      `Input '${input.parameter}' of node '${node.name}' takes the field '${field}' of each item, but no item has it. Items have: ${names.join(", ")}.${didYouMean(field, names)}`,
      { node: node.name, port: input.port, ...at(node) },
    );
  }
  return values;
}

/** Where the node was made, for an error's details. */
export function at(node: ActiveNode): { place?: NonNullable<ActiveNode["definition"]["place"]> } {
  return node.definition.place === undefined ? {} : { place: node.definition.place };
}
