import { DaggrError } from "../base/errors.ts";
import { redactValue } from "../base/redact.ts";
import type { MaybePromise } from "../base/types.ts";
import { triesInOrder } from "../graph/definition.ts";
import type { ItemRecord } from "../graph/result.ts";
import type { ActiveInput, ActiveNode } from "./active.ts";
import { fieldValue, heldValues } from "./fields.ts";
import { hashInput } from "./fingerprint.ts";
import { alignedColumn, at, type Column, inStep, listOf, type Scatter } from "./scatter.ts";
import type { Snapshot } from "./snapshot.ts";

/** What a node upstream gave. */
export interface Given {
  readonly id: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly items: readonly ItemRecord[] | null;
}

export interface ResolvedInputs {
  /** By port; for scattered inputs the whole list. Without what is drawn. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The same, hashed. */
  readonly hashes: Readonly<Record<string, string>>;
  /** What the chosen variant itself calls its inputs, by port; empty where there is no choice. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What every item gets, by the node's own parameter names. */
  readonly shared: Readonly<Record<string, unknown>>;
  /** `null` for a node that runs once. */
  readonly scatter: Scatter | null;
  readonly draws: readonly {
    readonly port: string;
    readonly parameter: string;
    readonly draw: () => MaybePromise<unknown>;
  }[];
  /** Parameters whose texts the user's own script gave. */
  readonly trusted: readonly string[];
  /** Values of input fields that went in, by address. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Ids of the results that went in, by node. */
  readonly upstream: Readonly<Record<string, string>>;
  /** Ports whose node has not given anything yet. */
  readonly pending: ReadonlySet<string>;
}

/**
 * The inputs of a node from the sheet's fields and what is upstream. `given` answers `undefined` for a node that has
 * yet to run: its ports are then pending. Throws a DaggrError for a missing required value, a list that is none, and
 * lists of different lengths.
 */
export function resolveInputs(
  node: ActiveNode,
  fields: Snapshot["fields"],
  given: (node: ActiveNode) => Given | undefined,
): ResolvedInputs {
  const values: Record<string, unknown> = {};
  const hashes: Record<string, string> = {};
  const parameters: Record<string, string> = {};
  const shared: Record<string, unknown> = {};
  const used: Record<string, unknown> = {};
  const upstream: Record<string, string> = {};
  const trusted: string[] = [];
  const pending = new Set<string>();
  const draws: { port: string; parameter: string; draw: () => MaybePromise<unknown> }[] = [];
  const columns: Column[] = [];

  const take = (input: ActiveInput, value: unknown, isTrusted: boolean, kept = value) => {
    if (value === undefined) return;
    values[input.port] = kept;
    hashes[input.port] = hashInput(value);
    shared[input.parameter] = value;
    if (isTrusted) trusted.push(input.parameter);
  };
  const scatter = (input: ActiveInput, column: Column) => {
    columns.push(column);
    values[input.port] = column.list;
    // A list that is taken item by item is another input than the same list taken whole.
    const gaps = column.leftOut.size === 0 ? "" : `-${[...column.leftOut].join(",")}`;
    hashes[input.port] = `each:${hashInput(column.list)}${gaps}`;
  };

  for (const input of node.inputs) {
    const { binding, port, parameter } = input;
    if (parameter !== port) parameters[port] = parameter;
    if (binding.type === "fixed") take(input, binding.value, true, redactValue(binding.kept));
    else if (binding.type === "function") draws.push({ port, parameter, draw: binding.draw });
    else if (binding.type === "component") {
      const field = fieldValue(binding.component, binding.address, fields);
      if (field.value === undefined) requireOptional(node, input, labelOf(input));
      // An empty field is remembered as such, to be empty again when the result is selected.
      used[binding.address] = field.value ?? null;
      take(input, field.value, field.isDefault);
    } else {
      const from = node.upstream.get(binding.node);
      if (from === undefined) continue;
      let outputs: Readonly<Record<string, unknown>>;
      let items: readonly ItemRecord[] | null = null;
      let isTrusted = false;
      if (from.behaviour.executes) {
        const result = given(from);
        if (result === undefined) {
          pending.add(port);
          continue;
        }
        upstream[from.name] = result.id;
        ({ outputs, items } = result);
        if (!Object.hasOwn(outputs, binding.output)) throw withoutOutput(node, input, from, binding.output);
      } else {
        const held = heldValues(from.definition, fields);
        outputs = held.outputs;
        isTrusted = held.trusted.has(binding.output);
        const address = from.definition.fields.get(binding.output);
        if (outputs[binding.output] === undefined) {
          requireOptional(
            node,
            input,
            from.definition.outputs.get(binding.output)?.props.label ?? `${from.name}.${binding.output}`,
          );
        }
        if (address !== undefined) used[address] = held.fields[address] ?? null;
      }
      const value = outputs[binding.output];
      if (binding.itemwise) scatter(input, alignedColumn(input, Array.isArray(value) ? value : [], items));
      else if (binding.mode === "each")
        scatter(input, { port, parameter, list: listOf(node, input, value), leftOut: new Set() });
      else take(input, value, isTrusted);
    }
  }
  return {
    values,
    hashes,
    parameters,
    shared,
    scatter: inStep(node, columns),
    draws,
    trusted,
    fields: used,
    upstream,
    pending,
  };
}

/** The result is of a time when the node had other outputs. */
function withoutOutput(node: ActiveNode, input: ActiveInput, from: ActiveNode, output: string): DaggrError {
  return new DaggrError(
    "MISSING_INPUT",
    `Input '${input.parameter}' of node '${node.name}' comes from '${from.name}.${output}', but the result of '${from.name}' is older than that output. Run '${from.name}' again.`,
    { node: node.name, port: input.port, ...at(node), hint: `${from.name}.${output}` },
  );
}

function labelOf({ binding, parameter }: ActiveInput): unknown {
  return binding.type === "component" ? (binding.component.props.label ?? parameter) : parameter;
}

/** An empty field leaves the choice to the parameter's default; where there is none, the step cannot run. */
function requireOptional(node: ActiveNode, input: ActiveInput, label: unknown): void {
  const parameter = node.behaviour.parameters?.find((candidate) => candidate.name === input.parameter);
  if (parameter === undefined || parameter.optional) return;
  throw missingInput(node, input.port, input.parameter, String(label));
}

export function missingInput(node: ActiveNode, port: string, parameter: string, label?: string): DaggrError {
  const own = ownName(node, parameter);
  const named = label === undefined || label === parameter || label === own.name ? "" : ` (${label})`;
  const needs = `Node '${node.name}' needs a value for '${own.name}'${named}${own.of}.`;
  return new DaggrError("MISSING_INPUT", needs, {
    node: node.name,
    port,
    ...at(node),
    hint: label === undefined || label === parameter ? own.name : label,
  });
}

/** What the variant of a fallback itself calls an input. */
function ownName({ definition }: ActiveNode, parameter: string): { name: string; of: string } {
  const [prefix, index] = triesInOrder(definition) ? (/^variant_(\d+)_/.exec(parameter) ?? []) : [];
  const variant = index === undefined ? undefined : definition.variants[Number(index)];
  if (prefix === undefined || variant === undefined) return { name: parameter, of: "" };
  return { name: parameter.slice(prefix.length), of: ` of its variant '${variant.name}'` };
}
