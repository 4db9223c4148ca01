import type { ItemsPage } from "../../../src/protocol/messages.ts";
import type { ItemState } from "../../../src/protocol/view.ts";
import type { App } from "./app.svelte.ts";

const pageSize = 100;

/** The failed items of a step, of which only those in sight are asked for. */
export class FailedItems {
  total = $state(0);
  items = $state.raw<readonly (ItemState | undefined)[]>([]);
  readonly #app: App;
  readonly #node: string;
  readonly #asked = new Set<number>();
  #result = "";

  constructor(app: App, node: string) {
    this.#app = app;
    this.#node = node;
  }

  /** @param result - Names what the items belong to; with another one all are asked for anew. */
  async show(first: number, last: number, result: string): Promise<void> {
    if (result !== this.#result) this.#asked.clear();
    this.#result = result;
    for (
      let page = Math.floor(first / pageSize);
      page <= Math.floor(Math.max(first, last - 1) / pageSize);
      page++
    ) {
      if (this.#asked.has(page)) continue;
      this.#asked.add(page);
      try {
        const { items, total } = await this.#app.ask<ItemsPage>({
          type: "items",
          node: this.#node,
          offset: page * pageSize,
          limit: pageSize,
          failed: true,
        });
        if (result !== this.#result) return;
        const next = page === 0 ? [] : [...this.items];
        for (const [place, item] of items.entries()) next[page * pageSize + place] = item;
        this.items = next;
        this.total = total;
      } catch {
        this.#asked.delete(page);
      }
    }
  }
}
