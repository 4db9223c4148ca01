import type { CardView, PortView } from "../../../src/protocol/view.ts";
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

/** What lies above the page: at most one of each. */
class Overlay {
  closer = $state.raw<Closer | null>(null);
  compare = $state.raw<Comparison | null>(null);
  isSearchOpen = $state(false);
  /** The card that a search or a link jumped to. */
  jump = $state.raw<{ card: string } | null>(null);

  comparing(comparison: Comparison): void {
    this.compare = comparison;
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
