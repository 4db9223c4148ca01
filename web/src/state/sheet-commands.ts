import type { SheetInfo } from "../../../src/protocol/view.ts";
import type { App } from "./app.svelte.ts";
import type { Command, MakeCommand } from "./commands.ts";
import { overlay, type SheetAsk } from "./overlay.svelte.ts";

const work = () => import("../sheets/sheet-work.ts");

/** What can be done with the open sheet, and with all of them. */
export function sheetCommands(app: App, make: MakeCommand): readonly Command[] {
  const { sheet } = app;
  const canKeep = app.graph?.view.persisted !== false;
  const on = (act: (sheet: SheetInfo) => unknown) => () => (sheet === null ? undefined : act(sheet));
  const ask = (what: SheetAsk["what"]) =>
    on((sheet) => {
      overlay.sheetAsk = { what, sheet };
    });
  const isThere = canKeep && sheet !== null;
  return [
    make("new-sheet", "New sheet", [], canKeep, () => app.createSheet()),
    make("all-sheets", "All sheets", [], canKeep, () => {
      overlay.isSheetListOpen = true;
    }),
    make("rename-sheet", "Rename sheet", [], isThere, ask("rename")),
    make(
      "duplicate-sheet",
      "Duplicate sheet",
      [],
      isThere,
      on(async (sheet) => (await work()).duplicateAndOpen(app, sheet)),
    ),
    make(
      "export-sheet",
      "Export sheet",
      [],
      isThere,
      on(async (sheet) => (await work()).exportSheet(app, sheet)),
    ),
    make("import-sheet", "Import a sheet…", [], canKeep, async () => (await work()).chooseAndImport(app)),
    make("clear-sheet", "Clear sheet", [], isThere, ask("clear")),
    make("delete-sheet", "Delete sheet", [], isThere && app.sheets.length > 1, ask("delete")),
  ];
}
