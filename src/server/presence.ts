/** Who looks at which sheet, so that a page can say that it is not alone. */
export interface Presence {
  /** Tells everybody on the sheet how many they are, now and whenever that changes; returns how to leave. */
  enter(sheet: string, tell: (pages: number) => void): () => void;
}

export function createPresence(): Presence {
  const bySheet = new Map<string, Set<(pages: number) => void>>();
  return {
    enter(sheet, tell) {
      const here = bySheet.get(sheet) ?? new Set();
      bySheet.set(sheet, here.add(tell));
      for (const each of here) each(here.size);
      return () => {
        if (!here.delete(tell)) return;
        if (here.size === 0) bySheet.delete(sheet);
        for (const each of here) each(here.size);
      };
    },
  };
}
