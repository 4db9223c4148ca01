import type { ItemsPage } from "../../../src/protocol/messages.ts";
import type { App } from "./app.svelte.ts";
import type { NodeModel } from "./node-model.svelte.ts";

const pageSize = 50;
/** While items change many times a second, those in sight are asked for no more often than this. */
const pauseMs = 200;

/** Fetches the items of a step that are in sight, a page at a time, and again when they have changed. */
export class ItemPages {
  readonly #app: App;
  readonly #node: NodeModel;
  /** By page, for which result it was asked. */
  readonly #asked = new Map<number, string>();
  #inSight: readonly number[] = [];
  #result = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(app: App, node: NodeModel) {
    this.#app = app;
    this.#node = node;
  }

  /** @param result - Names what the items belong to; with another one all are asked for anew. */
  show(first: number, last: number, result: string): void {
    const from = Math.floor(first / pageSize);
    const to = Math.floor(Math.max(first, last - 1) / pageSize);
    this.#inSight = last <= first ? [] : Array.from({ length: to - from + 1 }, (_, page) => from + page);
    this.#result = result;
    for (const page of this.#inSight) if (this.#asked.get(page) !== result) this.#ask(page);
  }

  changed(ranges: readonly (readonly [number, number])[]): void {
    const isTouched = (page: number) =>
      ranges.some(([from, to]) => from < (page + 1) * pageSize && to >= page * pageSize);
    for (const page of this.#asked.keys()) if (isTouched(page)) this.#asked.delete(page);
    if (!this.#inSight.some((page) => !this.#asked.has(page))) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const page of this.#inSight) if (!this.#asked.has(page)) this.#ask(page);
    }, pauseMs);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #ask(page: number): void {
    const result = this.#result;
    this.#asked.set(page, result);
    this.#app
      .ask<ItemsPage>({ type: "items", node: this.#node.name, offset: page * pageSize, limit: pageSize })
      .then(({ items }) => result === this.#result && this.#node.setItems(items))
      .catch(() => this.#asked.delete(page));
  }
}
