import { ago } from "../cards/time.ts";
import type { MenuEntry } from "../menus/menu.ts";
import type { App } from "../state/app.svelte.ts";
import { serverNow } from "../state/clock.svelte.ts";
import { commandById } from "../state/commands.ts";
import { lookAtSheets } from "./look-at-sheets.ts";

/** More than these are found in the list of all. */
const MOST = 5;

/** What the sheet's name in the bar opens: the sheets used last, and what can be done. */
export async function sheetMenu(app: App): Promise<readonly (MenuEntry | null)[]> {
  await lookAtSheets(app);
  const command = (
    id: string,
    icon: NonNullable<MenuEntry["icon"]>,
    more: Partial<MenuEntry> = {},
  ): MenuEntry => {
    const { title, isOff, act } = commandById(app, id);
    return { title, icon, act, isDisabled: isOff, ...more };
  };
  return [
    ...latest(app).map(
      (sheet): MenuEntry => ({
        title: sheet.name,
        detail: ago(sheet.updatedAt, serverNow()),
        isCurrent: sheet.id === app.sheet?.id,
        act: () => void app.openSheet(sheet.id).catch(() => {}),
      }),
    ),
    null,
    command("new-sheet", "plus"),
    command("all-sheets", "list", {
      title: `All ${app.sheets.length > MOST ? `${app.sheets.length} ` : ""}sheets…`,
    }),
    null,
    command("rename-sheet", "pencil"),
    command("duplicate-sheet", "copy"),
    command("export-sheet", "download"),
    command("import-sheet", "upload"),
    null,
    command("clear-sheet", "eraser", { isDanger: true }),
    command("delete-sheet", "bin", { isDanger: true }),
  ];
}

/** The latest used, in the order in which they were made. */
function latest({ sheets, sheet: open }: App): App["sheets"] {
  if (sheets.length <= MOST) return sheets;
  const shown = [...sheets].sort((a, b) => b.updatedAt - a.updatedAt).slice(0, MOST);
  const current = sheets.find(({ id }) => id === open?.id);
  if (current !== undefined && !shown.includes(current)) shown[MOST - 1] = current;
  return sheets.filter((sheet) => shown.includes(sheet));
}
