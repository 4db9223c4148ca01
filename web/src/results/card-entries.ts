import type { CardView } from "../../../src/protocol/view.ts";
import type { MenuEntry } from "../menus/menu.ts";
import type { App } from "../state/app.svelte.ts";
import type { NodeModel } from "../state/node-model.svelte.ts";
import { overlay } from "../state/overlay.svelte.ts";
import { copyLink } from "./links.ts";
import { discardEdit, sheetFromResult } from "./selection.ts";

/** What a card's menu offers for the result that it shows. */
export function resultEntries(app: App, card: CardView, node: NodeModel): readonly (MenuEntry | null)[] {
  const { result } = node.state;
  if (result === undefined) return [];
  const other = result.index > 0 ? result.index - 1 : result.index + 1;
  const [first, second] = [Math.min(result.index, other), Math.max(result.index, other)];
  return [
    null,
    ...(result.total > 1
      ? [{ title: "Compare results…", act: () => overlay.comparing({ card, first, second }) }]
      : []),
    ...(app.graph?.view.persisted === false
      ? []
      : [{ title: "New sheet from here", act: () => void sheetFromResult(app, card, result) }]),
    { title: "Copy link to this result", act: () => void copyLink(app, card, result.id) },
    ...(result.edited ? [{ title: "Discard the edit", act: () => void discardEdit(app, card) }] : []),
  ];
}
