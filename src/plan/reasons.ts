import type { ResultRecord } from "../graph/result.ts";
import type { ActiveNode } from "./active.ts";
import { baseOf, fingerprint, itemFingerprint } from "./fingerprint.ts";
import type { ResolvedInputs } from "./resolve.ts";
import type { Scatter } from "./scatter.ts";

/** Above this, counting the changed items would cost more than the sentence is worth. */
const COUNTED_ITEMS = 2_000;

/** Why a result is not the one that the present inputs give, or `undefined` when it is. Ports that are pending do not count. */
export function difference(
  node: ActiveNode,
  result: ResultRecord,
  identity: string,
  inputs: ResolvedInputs,
): string | undefined {
  if (result.variant !== node.variant) return "another variant was chosen";
  if (result.identity !== identity) return node.behaviour.identityChange ?? "its definition changed";
  const changed = changedPorts(node, result, inputs);
  if (changed.length > 0)
    return inputs.pending.size === 0
      ? changedItems(node, result, identity, inputs, changed)
      : inWords(changed);
  if (inputs.pending.size > 0) return undefined;
  if (baseOf(result.fingerprint) === fingerprint(identity, inputs.hashes, inputs.parameters))
    return undefined;
  return changedItems(node, result, identity, inputs, []);
}

/** The ports whose value is another one than in the result. */
function changedPorts(node: ActiveNode, result: ResultRecord, inputs: ResolvedInputs): string[] {
  const changed: string[] = [];
  for (const { port } of node.inputs) {
    if (!inputs.pending.has(port) && inputs.hashes[port] !== result.inputHashes[port]) changed.push(port);
  }
  for (const port of Object.keys(result.inputHashes)) {
    if (!node.definition.inputs.has(port)) changed.push(port);
  }
  return changed;
}

/** `2 of 6 items changed` where only scattered inputs did; the inputs by name otherwise. */
function changedItems(
  node: ActiveNode,
  result: ResultRecord,
  identity: string,
  inputs: ResolvedInputs,
  changed: readonly string[],
): string {
  const { scatter } = inputs;
  const nothing = scatter === null ? "its definition changed" : "its items changed";
  const named = changed.length === 0 ? nothing : inWords(changed.map((port) => parameterOf(node, port)));
  if (scatter === null || result.items === null || scatter.total > COUNTED_ITEMS) return named;
  if (changed.some((port) => !scatter.inputs.some((input) => input.port === port))) return named;
  const known = new Set(result.items.map((item) => baseOf(item.fingerprint)));
  const shared = sharedFingerprint(identity, inputs, scatter);
  let fresh = 0;
  for (let position = 0; position < scatter.total; position++) {
    if (scatter.leftOut.has(position) || known.has(itemBase(shared, scatter, position))) fresh++;
  }
  if (fresh < scatter.total) return `${scatter.total - fresh} of ${scatter.total} items changed`;
  const fewer = result.items.length - scatter.total;
  return fewer > 0 ? `${fewer} of ${result.items.length} items removed` : "the order of the items changed";
}

/** Fingerprint of what all items of a scattered node share. */
export function sharedFingerprint(identity: string, inputs: ResolvedInputs, scatter: Scatter): string {
  const hashes = { ...inputs.hashes };
  for (const { port } of scatter.inputs) delete hashes[port];
  return fingerprint(identity, hashes, inputs.parameters);
}

/** Fingerprint of the item at a position, without what it draws. */
export function itemBase(shared: string, scatter: Scatter, position: number): string {
  return itemFingerprint(
    shared,
    scatter.inputs.map((input) => [input.parameter, input.list[position]]),
  );
}

function parameterOf(node: ActiveNode, port: string): string {
  return node.inputs.find((input) => input.port === port)?.parameter ?? port;
}

function inWords(names: readonly string[]): string {
  if (names.length <= 2) return `${names.join(" and ")} changed`;
  return `${names[0]}, ${names[1]} and ${names.length - 2} more changed`;
}
