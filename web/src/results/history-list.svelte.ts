import type { HistoryPage } from "../../../src/protocol/messages.ts";
import type { HistoryEntry } from "../../../src/protocol/view.ts";
import type { App } from "../state/app.svelte.ts";

const pageSize = 40;

/** The results of a step, newest first; only pages that somebody looks at are asked for. */
export class HistoryList {
  /** How many there are that fit the text. */
  total = $state(0);
  entries = $state.raw<ReadonlyMap<number, HistoryEntry>>(new Map());
  isLoading = $state(true);
  readonly #app: App;
  readonly #node: string;
  readonly #asked = new Map<number, Promise<void>>();
  #text = "";

  constructor(app: App, node: string) {
    this.#app = app;
    this.#node = node;
  }

  /** Loads what stands from `first` up to `last`, where it is not there yet. */
  async show(first: number, last: number): Promise<void> {
    const offsetOf = (place: number) => Math.floor(place / pageSize) * pageSize;
    const pages = new Set([offsetOf(first), offsetOf(Math.max(first, last - 1))]);
    await Promise.all([...pages].map((offset) => this.#page(offset)));
  }

  #page(offset: number): Promise<void> {
    let page = this.#asked.get(offset);
    if (page === undefined) {
      page = this.#load(offset).catch(() => void this.#asked.delete(offset));
      this.#asked.set(offset, page);
    }
    return page;
  }

  async #load(offset: number): Promise<void> {
    const text = this.#text;
    try {
      const page = await this.#app.ask<HistoryPage>({
        type: "history",
        node: this.#node,
        offset,
        limit: pageSize,
        ...(text === "" ? {} : { text }),
      });
      if (text !== this.#text) return;
      const entries = new Map(this.entries);
      for (const [place, entry] of page.entries.entries()) entries.set(offset + place, entry);
      this.entries = entries;
      this.total = page.total;
    } finally {
      this.isLoading = false;
    }
  }

  /** Only results in whose inputs or outputs the text stands. */
  async filter(text: string): Promise<void> {
    this.#text = text.trim();
    this.#asked.clear();
    const before = this.entries;
    await this.show(0, 1);
    // What was shown for another text is gone as soon as the new page is there.
    if (this.#text === text.trim())
      this.entries = new Map([...this.entries].filter(([place, entry]) => before.get(place) !== entry));
  }
}
