/** Something with a sheet that takes a while, as everybody may see it. */
export interface SheetTask {
  readonly text: string;
  /** From 0 to 1; `null` where nobody knows. */
  readonly part: number | null;
  readonly cancel?: () => void;
}

class Current {
  task = $state.raw<SheetTask | null>(null);
}

export const sheetTask = new Current();
