import type { SheetInfo } from "../../../src/protocol/view.ts";
import { importSheet } from "../connection/import-sheet.ts";
import type { App } from "../state/app.svelte.ts";
import { sheetTask } from "../state/sheet-task.svelte.ts";

/** A copy is made where the sheet is; what takes longer than this is told. */
const QUIET_MS = 400;

/** Makes a copy; `undefined` when it failed, which was said. */
export async function duplicateSheet(app: App, sheet: SheetInfo): Promise<SheetInfo | undefined> {
  const timer = setTimeout(() => {
    sheetTask.task = { text: `Duplicating “${sheet.name}”`, part: null };
  }, QUIET_MS);
  try {
    await app.flush();
    const made = await app.ask<SheetInfo>({ type: "duplicate-sheet", sheet: sheet.id });
    app.announce(`Duplicated as ${made.name}`);
    return made;
  } catch {
    // Said by the toast or the connection bar.
    return undefined;
  } finally {
    clearTimeout(timer);
    sheetTask.task = null;
  }
}

export async function duplicateAndOpen(app: App, sheet: SheetInfo): Promise<void> {
  const made = await duplicateSheet(app, sheet);
  if (made === undefined) return;
  await app.openSheet(made.id).catch(() => {});
  app.toast(`This is the copy, “${made.name}”.`, "plain");
}

/** The browser saves it, and shows how far it is. */
export async function exportSheet(app: App, sheet: SheetInfo): Promise<void> {
  await app.flush().catch(() => {});
  const url = `/api/sheets/${sheet.id}/export`;
  // A download that is refused would say nothing.
  const answer = await fetch(url, { method: "HEAD" }).catch(() => undefined);
  if (answer?.ok !== true) {
    app.toast(
      answer === undefined
        ? "The server cannot be reached: export the sheet again when it is back."
        : `“${sheet.name}” cannot be exported: it does not exist any more.`,
    );
    return;
  }
  const link = document.createElement("a");
  link.href = url;
  link.download = "";
  link.click();
  app.announce(`Exporting ${sheet.name}`);
}

/** Asks for a file; nothing happens when none is chosen. */
export function chooseAndImport(app: App): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".zip,application/zip";
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file !== undefined) void importFile(app, file);
  });
  input.click();
}

/** Makes a sheet of the file and opens it. */
export async function importFile(app: App, file: File): Promise<void> {
  const stop = new AbortController();
  const show = (part: number) => {
    const isSent = part >= 1;
    sheetTask.task = {
      text: isSent ? `Unpacking ${file.name}` : `Importing ${file.name}`,
      part: isSent ? null : part,
      ...(isSent ? {} : { cancel: () => stop.abort() }),
    };
  };
  show(0);
  try {
    const { sheet, notes } = await importSheet(file, { signal: stop.signal, onprogress: show });
    await app.openSheet(sheet.id);
    app.toast(`Imported “${sheet.name}”.`, "plain");
    for (const note of notes) app.toast(note);
  } catch (error) {
    if ((error as Error).name !== "AbortError") app.toast(`${file.name}: ${(error as Error).message}`);
  } finally {
    sheetTask.task = null;
  }
}
