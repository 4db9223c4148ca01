/** More pieces than these are told as one: who shows items asks for those in sight anyway. */
const MOST_RANGES = 50;

/** Numbers as pairs of the first and the last of each unbroken row. */
export function indexRanges(indices: Iterable<number>): [number, number][] {
  const ranges: [number, number][] = [];
  for (const index of [...indices].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && index <= last[1] + 1) last[1] = index;
    else ranges.push([index, index]);
  }
  return ranges.length <= MOST_RANGES ? ranges : [[ranges[0]![0], ranges.at(-1)![1]]];
}
