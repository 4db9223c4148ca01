import type { SheetInfo } from "../../../src/protocol/view.ts";
import type { App } from "../state/app.svelte.ts";

/** A server that is slow to answer must not keep a menu from opening. */
const PATIENCE_MS = 300;

/** When each sheet was last used changes with every run; it is asked for when somebody looks. */
export async function lookAtSheets(app: App): Promise<void> {
  try {
    const answer = await fetch("/api/sheets", { signal: AbortSignal.timeout(PATIENCE_MS) });
    const { sheets } = (await answer.json()) as { sheets?: readonly SheetInfo[] };
    if (answer.ok && sheets !== undefined) app.sheets = sheets;
  } catch {
    // What is known is shown.
  }
}
