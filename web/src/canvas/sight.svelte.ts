import type { Box, Size } from "../layout/geometry.ts";
import { keepLook } from "./kept-looks.ts";
import { cardsInSight, type View } from "./mounted.ts";

/** So many cards are made in one frame; the others are drawn as pictures until it is their turn. */
const madeAtOnce = 4;

/** So many cards that were edited last stay in the page, with whatever their fields have not told anybody yet. */
const keptEdited = 3;

/** Which cards of a large graph are in the page: those in sight, and those that would lose something. */
export class Sight {
  /** `null`: all of them. */
  shown = $state.raw<ReadonlySet<string> | null>(null);
  #jumpedTo: string | undefined;
  #hovered: string | undefined;
  #frame: number | undefined;
  #edited: string[] = [];
  #idle: number | undefined;
  readonly #elementOf: (id: string) => HTMLElement | undefined;

  constructor(elementOf: (id: string) => HTMLElement | undefined) {
    this.#elementOf = elementOf;
  }

  showAll(): void {
    this.#stopWaiting();
    if (this.shown !== null) this.shown = null;
  }

  /** @param boxes - In the order in which the keyboard walks the cards. */
  look(boxes: ReadonlyMap<string, Box>, view: View, size: Size, isFar: boolean): void {
    this.#stopWaiting();
    const before = this.shown ?? new Set(boxes.keys());
    const isFirst = before.size === 0;
    const { now, soon } = isFar
      ? { now: new Set([...before].filter((id) => boxes.has(id) && this.#mustStay(id))), soon: [] }
      : cardsInSight(boxes, view, size, before, (id) => this.#mustStay(id));
    const wanted = [...now, ...this.#besideFocus(boxes), this.#hovered, this.#jumpedTo].filter(
      (id): id is string => id !== undefined && boxes.has(id),
    );
    const missing = new Set(wanted.filter((id) => !before.has(id)));
    const made = new Set(isFirst ? missing : [...missing].slice(-madeAtOnce));
    const shown = new Set(wanted.filter((id) => before.has(id) || made.has(id)));
    for (const id of before) {
      const leaving = shown.has(id) ? undefined : this.#elementOf(id);
      if (leaving !== undefined) keepLook(id, leaving);
    }
    if (this.shown === null || shown.size !== before.size || made.size > 0) this.shown = shown;
    if (made.size < missing.size)
      this.#frame = requestAnimationFrame(() => this.look(boxes, view, size, isFar));
    else this.#prepare(soon.filter((id) => !shown.has(id)));
  }

  /** The card under the pointer is in the page, however far away it is seen from. */
  hover(id: string | undefined): void {
    this.#hovered = id;
    if (id !== undefined && this.shown !== null && !this.shown.has(id))
      this.shown = new Set([...this.shown, id]);
  }

  /** Puts a card into the page that the view is about to move to. */
  bring(id: string): void {
    this.#jumpedTo = id;
    if (this.shown !== null && !this.shown.has(id)) this.shown = new Set([...this.shown, id]);
  }

  /** Something was typed into a card. */
  edited(id: string): void {
    if (this.#edited[0] !== id)
      this.#edited = [id, ...this.#edited.filter((other) => other !== id)].slice(0, keptEdited);
  }

  /** One card at a time, whenever the page has nothing better to do. */
  #prepare(soon: readonly string[]): void {
    const [next, ...rest] = soon;
    if (next === undefined) return;
    this.#idle = requestIdleCallback(() => {
      if (this.shown !== null) this.shown = new Set([...this.shown, next]);
      this.#prepare(rest);
    });
  }

  #stopWaiting(): void {
    if (this.#idle !== undefined) cancelIdleCallback(this.#idle);
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#idle = undefined;
    this.#frame = undefined;
  }

  /** Whatever its fields hold is known outside of them; what somebody is in the middle of is not. */
  #mustStay(id: string): boolean {
    const element = this.#elementOf(id);
    if (element === undefined) return false;
    return (
      this.#edited.includes(id) ||
      element.contains(document.activeElement) ||
      element.querySelector("[data-keep], .is-playing, [aria-haspopup][aria-expanded='true']") !== null ||
      [...element.querySelectorAll<HTMLMediaElement>("audio, video")].some((media) => !media.paused)
    );
  }

  /** The Tab key finds the next and the previous card, wherever they are. */
  #besideFocus(boxes: ReadonlyMap<string, Box>): string[] {
    const focused = document.activeElement?.closest<HTMLElement>(".svelte-flow__node")?.dataset["id"];
    if (focused === undefined || !boxes.has(focused)) return [];
    const ids = [...boxes.keys()];
    const index = ids.indexOf(focused);
    return ids.slice(Math.max(0, index - 1), index + 2);
  }
}
