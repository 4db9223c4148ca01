import type { ItemRecord } from "../graph/result.ts";

/** The outputs of a scattered node: per port the values of all items that did not fail, in order. */
export function gatherOutputs(
  names: readonly string[],
  items: readonly ItemRecord[],
): Record<string, unknown[]> {
  const outputs: Record<string, unknown[]> = {};
  for (const name of names) outputs[name] = [];
  for (const item of items) {
    if (item.error !== undefined) continue;
    for (const name of names) outputs[name]?.push(item.outputs[name] ?? null);
  }
  return outputs;
}

/** Whether {@link gatherOutputs} gives these outputs again, so that they need not be kept twice. */
export function areMadeOf(outputs: Readonly<Record<string, unknown>>, items: readonly ItemRecord[]): boolean {
  const finished = items.filter((item) => item.error === undefined);
  return Object.entries(outputs).every(
    ([name, list]) =>
      Array.isArray(list) &&
      list.length === finished.length &&
      list.every((value, index) => Object.is(value ?? null, finished[index]?.outputs[name] ?? null)),
  );
}
