import type { ItemRecord, ResultRecord } from "../graph/result.ts";
import type { RunRecord, SheetState } from "./store.ts";

/** Items of a run that stand one after the other. `revision` is 0 for what the run itself made, else a number for each time that items were replaced. */
export type KeptRange = readonly [run: string, revision: number, first: number, count: number];

export type KeptRun = Omit<RunRecord, "sheet">;

/** A result without its items: it names where they stand. */
export type KeptResult = Omit<ResultRecord, "outputs" | "items"> & {
  /** `null` where they are made of the items again; then `outputNames` says which there are. */
  readonly outputs: Readonly<Record<string, unknown>> | null;
  readonly outputNames: readonly string[] | null;
  readonly items: readonly KeptRange[] | null;
};

export type KeptItem = Omit<ItemRecord, "index"> & {
  readonly node: string;
  readonly revision: number;
  readonly position: number;
};

/** What hangs on a sheet, piece by piece: runs first, then results from the oldest on, then items. */
export type SheetPart =
  | { readonly type: "run"; readonly record: KeptRun }
  | { readonly type: "result"; readonly record: KeptResult }
  | { readonly type: "item"; readonly record: KeptItem };

/** A whole sheet, as it is copied and exported: never held in memory at once. */
export interface SheetContent {
  readonly state: SheetState;
  readonly parts: AsyncIterable<SheetPart>;
}

/** What a new sheet begins with. */
export interface NewSheet extends Omit<SheetState, "info"> {
  /** Kept where it is free, so that links to the sheet go on leading there. */
  readonly id?: string;
  /** Asked when everything is there, with the names that are taken then. */
  readonly name: (taken: readonly string[]) => string;
}
