import type { MaybePromise } from "../base/types.ts";
import type { ItemRecord, ResultRecord } from "../graph/result.ts";

/** Everything saved that planning and running look at: the state of one sheet, or of a run without one. */
export interface Snapshot {
  /** Values that the user entered, by address. What is missing takes the component's own `value`. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** By node the index of the chosen variant; 0 where missing. */
  readonly variants: Readonly<Record<string, number>>;
  /** By node the selected result. */
  readonly selected: ReadonlyMap<string, ResultRecord>;
  /** Hash of the present definition of each node (of its chosen variant), by node. */
  readonly identities: ReadonlyMap<string, string>;
  /** Finished items of earlier, unfinished runs, the latest last: a resumed run takes them instead of running again. */
  keptItems(node: string): readonly ItemRecord[];
  /** For nodes with `cache`: an equal result from the history. */
  cached(node: string, fingerprint: string): MaybePromise<ResultRecord | undefined>;
}
