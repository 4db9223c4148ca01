/** One line of the table. Figures are medians, all in `unit`. */
export interface Row {
  readonly work: string;
  readonly unit: string;
  readonly better: "lower" | "higher";
  /** What daggr for Python 0.8 takes, where it can do the same work. */
  readonly daggr?: number;
  readonly ours: number;
  /** What nobody can do better: the same work without any workflow around it. */
  readonly floor?: number;
  /** In words; empty where the row is only told. */
  readonly goal: string;
  readonly isMet?: boolean;
}

/** How many times better than daggr. */
export function timesBetter({ daggr, ours, better }: Row): number | undefined {
  if (daggr === undefined) return undefined;
  return better === "lower" ? daggr / ours : ours / daggr;
}
