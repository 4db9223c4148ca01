import type { Box, Size } from "../layout/geometry.ts";
import { cardsInSight, type View } from "./mounted.ts";

/** So many cards that were edited last stay in the page, with whatever their fields have not told anybody yet. */
const keptEdited = 3;

/** Which cards of a large graph are in the page: those in sight, and those that would lose something. */
export class Sight {
  /** `null`: all of them. */
  shown = $state.raw<ReadonlySet<string> | null>(null);
  #jumpedTo: string | undefined;
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
  look(boxes: ReadonlyMap<string, Box>, view: View, size: Size): void {
    this.#stopWaiting();
    const before = this.shown ?? new Set<string>();
    const { now, soon } = cardsInSight(boxes, view, size, before, (id) => this.#mustStay(id));
    const shown = new Set([...now, ...this.#besideFocus(boxes)]);
    if (this.#jumpedTo !== undefined && boxes.has(this.#jumpedTo)) shown.add(this.#jumpedTo);
    if (this.shown === null || shown.size !== before.size || [...shown].some((id) => !before.has(id)))
      this.shown = shown;
    this.#prepare(soon.filter((id) => !shown.has(id)));
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
    this.#idle = undefined;
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
