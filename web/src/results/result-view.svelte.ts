import type { HistoryPage, ItemsPage } from "../../../src/protocol/messages.ts";
import type { HistoryEntry, ItemState } from "../../../src/protocol/view.ts";
import type { App } from "../state/app.svelte.ts";
import type { CloserPlace } from "../state/overlay.svelte.ts";
import { itemInputs } from "./inputs.ts";

/**
 * One result of a step, or one item of it, and the way to its neighbours. Looking changes nothing on the sheet. The
 * result that the card shows is followed while it streams.
 */
export class ResultView {
  port = $state("");
  item = $state(0);
  /** `null`: whatever the card shows. */
  index = $state<number | null>(null);
  entry = $state.raw<HistoryEntry | null>(null);
  older = $state.raw<HistoryEntry | undefined>(undefined);
  /** Of a result that the card does not show, and of items that it has not loaded. */
  itemState = $state.raw<ItemState | null>(null);
  error = $state<string | null>(null);
  readonly place: CloserPlace;
  readonly #app: App;
  readonly #scattered: ReadonlySet<string>;
  #turn = 0;

  constructor(app: App, place: CloserPlace) {
    this.#app = app;
    this.place = place;
    this.port = place.port.name;
    this.item = place.item ?? 0;
    const edges = app.graph?.edgesInto.get(place.card.id) ?? [];
    this.#scattered = new Set(edges.filter((edge) => edge.kind === "each").map((edge) => edge.to.port));
    if (typeof place.result === "number") this.index = place.result;
  }

  get node() {
    return this.#app.nodes.get(this.place.card.id);
  }

  get total(): number {
    return this.node?.state.result?.total ?? 0;
  }

  get number(): number | undefined {
    return this.entry?.index ?? this.index ?? this.node?.state.result?.index;
  }

  /** It is the one on the card, perhaps still streaming. */
  get isShown(): boolean {
    return this.entry === null ? this.index === null : this.entry.id === this.node?.state.result?.id;
  }

  get items(): number {
    if (!this.place.card.scattered) return 0;
    return this.isShown
      ? (this.node?.state.items?.total ?? this.entry?.items ?? 0)
      : (this.entry?.items ?? 0);
  }

  get value(): unknown {
    return this.outputOf(this.port);
  }

  outputOf(port: string): unknown {
    if (this.place.card.scattered) return this.itemState?.outputs?.[port];
    // What streams is followed; of what is done the card may have the beginning only.
    const isLive = this.entry === null || (this.isShown && this.node?.state.partial === true);
    return isLive ? this.node?.state.outputs?.[port] : this.entry?.outputs[port];
  }

  get inputs(): Readonly<Record<string, unknown>> {
    const made = this.entry?.inputs ?? {};
    return this.place.card.scattered ? itemInputs(made, this.#scattered, this.item) : made;
  }

  get olderInputs(): Readonly<Record<string, unknown>> | undefined {
    if (this.older === undefined) return undefined;
    return this.place.card.scattered
      ? itemInputs(this.older.inputs, this.#scattered, this.item)
      : this.older.inputs;
  }

  /** Loads what stands at `index`; the card's own result where that is `null`. */
  async load(): Promise<void> {
    const turn = ++this.#turn;
    const node = this.place.card.id;
    const { result } = this.place;
    try {
      const shown = this.node?.state.result;
      const isLinked = typeof result === "string" && this.index === null;
      const id = isLinked ? result : this.index === null ? shown?.id : await this.#idAt(this.index);
      if (id === undefined) {
        if (turn === this.#turn) this.entry = null;
        return;
      }
      const entry = await this.#app.request<HistoryEntry>({ type: "result", node, result: id });
      const older = entry.index === 0 ? undefined : await this.#full(entry.index - 1);
      if (turn !== this.#turn) return;
      this.entry = entry;
      this.older = older;
      this.error = null;
      if (isLinked) this.index = entry.index;
      if (this.items > 0) this.item = Math.min(this.item, this.items - 1);
    } catch (error) {
      if (turn === this.#turn) this.error = (error as Error).message;
    }
  }

  async loadItem(): Promise<void> {
    if (!this.place.card.scattered) return;
    const node = this.place.card.id;
    const { item, entry } = this;
    const page = { node, offset: item, limit: 1 };
    try {
      const { items } = await this.#app.request<ItemsPage>(
        this.isShown || entry === null
          ? { type: "items", ...page }
          : { type: "items-of-result", result: entry.id, ...page },
      );
      if (item === this.item && entry === this.entry) this.itemState = items[0] ?? null;
    } catch {
      // Said by the toast or the connection bar.
    }
  }

  /** Whether there was one to go to. */
  goResult(step: number): boolean {
    const number = this.number;
    if (number === undefined || number + step < 0 || number + step >= this.total) return false;
    this.index = number + step;
    return true;
  }

  goItem(step: number): boolean {
    const next = this.item + step;
    if (next < 0 || next >= this.items) return false;
    this.item = next;
    return true;
  }

  async #idAt(index: number): Promise<string | undefined> {
    return (await this.#short(index))?.id;
  }

  async #full(index: number): Promise<HistoryEntry | undefined> {
    return this.#short(index);
  }

  async #short(index: number): Promise<HistoryEntry | undefined> {
    const page = await this.#app.request<HistoryPage>({
      type: "history",
      node: this.place.card.id,
      offset: Math.max(0, this.total - 1 - index),
      limit: 1,
    });
    return page.entries[0];
  }
}
