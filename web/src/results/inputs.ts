import type { CardView, HistoryEntry } from "../../../src/protocol/view.ts";

export interface InputLine {
  readonly name: string;
  readonly value: unknown;
  /** It is not what the neighbour was made with. */
  readonly isChanged: boolean;
}

type Made = Pick<HistoryEntry, "inputs" | "inputHashes">;

/** The inputs that made a result, what changed against its neighbour first. */
export function inputLines(entry: Made, neighbour: Made | undefined): InputLine[] {
  const lines = Object.entries(entry.inputs).map(([name, value]) => ({
    name,
    value,
    isChanged: neighbour !== undefined && differs(name, entry, neighbour),
  }));
  return [...lines.filter((line) => line.isChanged), ...lines.filter((line) => !line.isChanged)];
}

/** Which inputs two results were made with differently, with both values. */
export function changedInputs(
  first: Made,
  second: Made,
): { readonly name: string; readonly first: unknown; readonly second: unknown }[] {
  const names = new Set([...Object.keys(first.inputs), ...Object.keys(second.inputs)]);
  return [...names]
    .filter((name) => differs(name, first, second))
    .map((name) => ({ name, first: first.inputs[name], second: second.inputs[name] }));
}

/** What is shown may be cut short: the hashes tell the rest. Values that were drawn have no hash. */
function differs(name: string, a: Made, b: Made): boolean {
  const hash = a.inputHashes[name];
  const other = b.inputHashes[name];
  if (hash !== undefined && other !== undefined && hash !== other) return true;
  return JSON.stringify(a.inputs[name]) !== JSON.stringify(b.inputs[name]);
}

/** Inputs as the card names them: those of a choice are kept under the variant's number. */
export function inputLabel(card: CardView, name: string): string {
  return card.inputs.find((port) => port.name === name)?.label ?? name.replace(/^variant_\d+_/, "");
}

/** The inputs of one item: of those that are scattered its own element. */
export function itemInputs(
  inputs: Readonly<Record<string, unknown>>,
  scattered: ReadonlySet<string>,
  item: number,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      name,
      scattered.has(name) && Array.isArray(value) ? value[item] : value,
    ]),
  );
}
