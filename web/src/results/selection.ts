import type { HistoryPage, SelectionSummary } from "../../../src/protocol/messages.ts";
import type { CardView, HistoryEntry, SheetInfo } from "../../../src/protocol/view.ts";
import { count } from "../cards/time.ts";
import type { App } from "../state/app.svelte.ts";

/** What going back did, in a sentence: `Result 3 of 7: prompt restored, 2 steps follow`. */
export function selectionWords(
  { fields, variants, followed, emptied }: SelectionSummary,
  labelOf: (address: string) => string,
): string {
  const parts: string[] = [];
  const restored = [...fields.map(labelOf), ...variants];
  if (restored.length > 0) parts.push(`${inWords(restored)} restored`);
  if (followed.length > 0)
    parts.push(`${count(followed.length, "step")} ${followed.length === 1 ? "follows" : "follow"}`);
  if (emptied.length > 0)
    parts.push(
      emptied.length === 1
        ? `${emptied[0]} has no result of it yet`
        : `${emptied.length} steps have no result of it yet`,
    );
  return parts.join(", ");
}

function inWords(names: readonly string[]): string {
  const [first, second] = names;
  if (names.length === 1) return first ?? "";
  return names.length === 2 ? `${first} and ${second}` : `${first}, ${second} and ${names.length - 2} more`;
}

let lastToast: number | undefined;

function say(app: App, card: CardView, title: string, summary: SelectionSummary): void {
  const labelOf = (address: string) =>
    app.graph?.fields.get(address)?.port.label ?? address.split("__").at(-1) ?? address;
  const more = selectionWords(summary, labelOf);
  // Going through many results leaves one message, not a pile of them.
  if (lastToast !== undefined) app.dismiss(lastToast);
  if (more === "") return app.announce(`${title} of ${card.name}`);
  const undo = { title: "Undo", act: () => void app.undo.undo() };
  lastToast = app.toast(`${title} of ${card.name}: ${more}.`, "plain", undo);
}

/** Goes back to a result and says on the page what that changed. */
export async function chooseResult(
  app: App,
  card: CardView,
  entry: Pick<HistoryEntry, "id" | "index">,
): Promise<void> {
  try {
    const summary = await app.ask<SelectionSummary>({
      type: "select-result",
      node: card.id,
      result: entry.id,
    });
    const total = app.nodes.get(card.id)?.state.result?.total;
    say(app, card, `Result ${entry.index + 1}${total === undefined ? "" : ` of ${total}`}`, summary);
  } catch {
    // Said by the toast or the connection bar.
  }
}

export async function discardEdit(app: App, card: CardView): Promise<void> {
  try {
    const summary = await app.ask<SelectionSummary>({ type: "discard-edit", node: card.id });
    say(app, card, "Edit discarded, the computed result", summary);
  } catch {
    // Said by the toast or the connection bar.
  }
}

/** The entry of one result by its number, counted from 0 for the oldest. */
export async function entryAt(app: App, node: string, index: number): Promise<HistoryEntry | undefined> {
  const total = app.nodes.get(node)?.state.result?.total ?? 0;
  if (index < 0 || index >= total) return undefined;
  const page = await app.ask<HistoryPage>({ type: "history", node, offset: total - 1 - index, limit: 1 });
  return page.entries[0];
}

/** A new sheet that starts with this result and what made it; opens it. */
export async function sheetFromResult(
  app: App,
  card: CardView,
  { id }: Pick<HistoryEntry, "id">,
): Promise<void> {
  try {
    const made = await app.ask<SheetInfo>({ type: "sheet-from-result", node: card.id, result: id });
    await app.openSheet(made.id);
    app.toast(`“${made.name}” starts with this result of ${card.name}.`, "plain");
  } catch {
    // Said by the toast or the connection bar.
  }
}
