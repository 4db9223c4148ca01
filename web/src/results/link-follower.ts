import type { App } from "../state/app.svelte.ts";
import { overlay } from "../state/overlay.svelte.ts";
import { type ResultLink, readLink } from "./links.ts";

/** Follows the link in the page's address: opens its sheet and looks at its result. Nothing on the sheet changes. */
export class LinkFollower {
  readonly #app: App;
  #wanted: ResultLink | undefined;

  constructor(app: App) {
    this.#app = app;
    this.#wanted = readLink(location.hash);
  }

  /** The address changed, as when a link is pasted into the same tab. */
  async hashChanged(): Promise<void> {
    const link = readLink(location.hash);
    if (link === undefined) return;
    this.#wanted = link;
    if (this.#app.sheet?.id === link.sheet) return this.sheetIsOpen();
    // The sheet that opens follows it; a refusal is said by the toast.
    await this.#app.openSheet(link.sheet).catch(() => this.#forget());
  }

  sheetIsOpen(): void {
    const link = this.#wanted;
    const app = this.#app;
    if (link === undefined || app.sheet === null || app.graph === null) return;
    this.#wanted = undefined;
    app.linkedSheet = null;
    const card = app.graph.cards.get(link.node);
    if (app.sheet.id !== link.sheet) {
      app.toast("The sheet of this link is not here: it was deleted, or it belongs to somebody else.");
    } else if (card === undefined || card.type !== "step") {
      app.toast(`This graph has no step “${link.node}” any more, which the link leads to.`);
    } else {
      if (!location.pathname.endsWith("/app")) overlay.jump = { card: card.id };
      const port =
        card.outputs.find(({ name }) => name === link.port) ??
        card.outputs.find(({ component }) => component !== undefined) ??
        card.outputs[0];
      if (port !== undefined)
        overlay.look(card, port, {
          result: link.result,
          ...(link.item === undefined ? {} : { item: link.item }),
        });
    }
    this.#forget();
  }

  /** Reloading the page later is not following the link once more. */
  #forget(): void {
    history.replaceState(history.state, "", location.pathname + location.search);
  }
}
