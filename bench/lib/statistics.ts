export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error("There is no median of nothing.");
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * Runs every contestant once per round, in turns, so that whatever else the machine does hits all of them.
 * Gives each one's measurements; `rounds` says how often a slow one takes part (default: always).
 */
export async function interleave<const Name extends string>(
  rounds: number,
  contestants: Readonly<Record<Name, { readonly run: () => Promise<number>; readonly rounds?: number }>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(contestants) as Name[];
  const measured = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const { run, rounds: most = rounds } = contestants[name];
      if (round < most) measured[name].push(await run());
    }
  }
  return measured;
}
