import { browserStorage, tabStorage } from "./storage.ts";

const sheetKey = "daggr-sheet";

/** The sheet that this tab had open last, else this browser. */
export function rememberedSheet(): { sheet?: string } {
  const sheet = tabStorage.getItem(sheetKey) ?? browserStorage.getItem(sheetKey);
  return sheet === null ? {} : { sheet };
}

export function rememberSheet(id: string): void {
  tabStorage.setItem(sheetKey, id);
  browserStorage.setItem(sheetKey, id);
}
