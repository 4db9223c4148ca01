/** Where a kept item stands: `position` among the items of one revision of one run's node. */
export interface ItemPlace {
  readonly run: number;
  /** 0: what the run itself made; else the number of the result for which it was replaced. */
  readonly revision: number;
  readonly position: number;
}

/** Items that stand one after the other: `[run, revision, first position, how many]`. */
export type ItemRange = readonly [run: number, revision: number, first: number, count: number];

/** The places of a result's items, in order, as few ranges: a result refers to items and never copies them. */
export function toRanges(places: readonly ItemPlace[]): ItemRange[] {
  const ranges: [number, number, number, number][] = [];
  let open: [number, number, number, number] | undefined;
  for (const { run, revision, position } of places) {
    if (open !== undefined && open[0] === run && open[1] === revision && open[2] + open[3] === position)
      open[3]++;
    else {
      open = [run, revision, position, 1];
      ranges.push(open);
    }
  }
  return ranges;
}
