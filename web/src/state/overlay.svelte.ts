import type { CardView, PortView, SheetInfo } from "../../../src/protocol/view.ts";
import type { MenuEntry } from "../menus/menu.ts";

/** A value that fills the page. */
export interface Closer {
  readonly kind: string;
  readonly label: string;
  readonly value: unknown;
  readonly props: Readonly<Record<string, unknown>>;
  /** Which of several pictures to begin with. */
  readonly at?: number;
  /** Of an output: its other results, items and outputs are a key away. */
  readonly from?: CloserPlace;
}

export interface CloserPlace {
  readonly card: CardView;
  readonly port: PortView;
  /** A result by its number (0 is the oldest) or by its id; without one the result that the card shows. */
  readonly result?: number | string;
  /** Of a scattered step, counted from 0. */
  readonly item?: number;
}

/** Two results of one step, by their numbers. */
export interface Comparison {
  readonly card: CardView;
  readonly first: number;
  readonly second: number;
  readonly port?: string;
  readonly item?: number;
}

/** A menu at a place rather than at a button. */
export interface FloatingMenu {
  readonly label: string;
  readonly entries: readonly (MenuEntry | null)[];
  readonly x: number;
  readonly y: number;
  /** What had the focus, and gets it back. */
  readonly from: HTMLElement | null;
}

export interface SheetAsk {
  readonly what: "rename" | "clear" | "delete";
  readonly sheet: SheetInfo;
}

/** What lies above the page: at most one of each. */
class Overlay {
  closer = $state.raw<Closer | null>(null);
  compare = $state.raw<Comparison | null>(null);
  isSearchOpen = $state(false);
  isSheetListOpen = $state(false);
  /** What is asked about a sheet before it is done. */
  sheetAsk = $state.raw<SheetAsk | null>(null);
  isHelpOpen = $state(false);
  isShareOpen = $state(false);
  /** Logging this machine in: by a code, or with a token. */
  login = $state.raw<"device" | "paste" | null>(null);
  menu = $state.raw<FloatingMenu | null>(null);
  /** The card, and perhaps its field, that a search or a link jumped to. */
  jump = $state.raw<{ readonly card: string; readonly field?: string } | null>(null);
  #typed = "";
  #isChosen = false;
  /** What had the focus before, and gets it back. */
  #from: HTMLElement | null = null;

  get isOpen(): boolean {
    return (
      this.isSearchOpen ||
      this.isHelpOpen ||
      this.isShareOpen ||
      this.isSheetListOpen ||
      this.login !== null ||
      this.sheetAsk !== null ||
      this.menu !== null ||
      this.closer !== null ||
      this.compare !== null
    );
  }

  /** Opens the search. It is loaded when it is first used: what is typed meanwhile is kept for it. */
  search(text = ""): void {
    if (this.isSearchOpen) return;
    this.#noteFocus();
    this.#typed = text;
    this.#isChosen = false;
    this.isSearchOpen = true;
    addEventListener("keydown", this.#keep, { capture: true });
  }

  closeSearch(): void {
    this.takeTyped();
    this.isSearchOpen = false;
    this.returnFocus();
  }

  share(): void {
    this.#noteFocus();
    this.isShareOpen = true;
  }

  help(): void {
    this.#noteFocus();
    this.isHelpOpen = true;
  }

  /** The search is there and takes the keys itself from now on. */
  takeTyped(): { readonly text: string; readonly isChosen: boolean } {
    removeEventListener("keydown", this.#keep, { capture: true });
    const taken = { text: this.#typed, isChosen: this.#isChosen };
    this.#typed = "";
    return taken;
  }

  /** Gives the focus back to what had it, once the dialog that keeps it is gone. */
  returnFocus(): void {
    const from = this.#from;
    this.#from = null;
    setTimeout(() => from?.isConnected === true && from.focus({ preventScroll: true }));
  }

  #noteFocus(): void {
    this.#from = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  }

  readonly #keep = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") this.closeSearch();
    else if (event.key === "Enter") this.#isChosen = true;
    else if (event.key === "Backspace") this.#typed = this.#typed.slice(0, -1);
    else if ([...event.key].length === 1) this.#typed += event.key;
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  comparing(comparison: Comparison): void {
    this.compare = comparison;
  }

  /** What lies above another sheet's cards is of that sheet. */
  leaveSheet(): void {
    this.closer = null;
    this.compare = null;
    this.menu = null;
  }

  /** What is asked about a sheet that is gone needs no answer. */
  keepSheets(sheets: readonly SheetInfo[]): void {
    const asked = this.sheetAsk?.sheet.id;
    if (asked !== undefined && !sheets.some(({ id }) => id === asked)) this.sheetAsk = null;
  }

  /** The script has changed: what is about a step or an output that it has no more is closed. */
  keepCards(cards: readonly CardView[]): void {
    const has = (card: CardView, port?: string) =>
      cards.some(
        ({ id, outputs }) =>
          id === card.id && (port === undefined || outputs.some(({ name }) => name === port)),
      );
    const from = this.closer?.from;
    if (from !== undefined && !has(from.card, from.port.name)) this.closer = null;
    if (this.compare !== null && !has(this.compare.card, this.compare.port)) this.compare = null;
  }

  /** Looks closer at an output: at the shown result, or at an earlier one. */
  look(card: CardView, port: PortView, at: Pick<CloserPlace, "result" | "item"> = {}): void {
    const { kind = "json", props = {} } = port.component ?? {};
    this.closer = {
      kind,
      label: `${port.label} of ${card.name}`,
      value: undefined,
      props,
      from: { card, port, ...at },
    };
  }
}

export const overlay = new Overlay();
