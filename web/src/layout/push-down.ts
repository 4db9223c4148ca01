import type { Positions, Size } from "./geometry.ts";

const leastGap = 28;

/**
 * Where cards stand when some have grown since they were laid out: what is below is pushed down just
 * enough. Cards that the user placed stay.
 */
export function pushDown(
  base: Positions,
  sizes: ReadonlyMap<string, Size>,
  isPlaced: (id: string) => boolean,
): Positions {
  const result: Record<string, { x: number; y: number }> = {};
  const settled = new Strips();
  const ids = Object.keys(base).sort((a, b) => base[a]!.y - base[b]!.y);
  for (const id of ids) {
    const { x, y: wanted } = base[id]!;
    const { width, height } = sizes.get(id) ?? { width: 0, height: 0 };
    let y = wanted;
    if (!isPlaced(id)) {
      for (
        let free = settled.below(x, x + width, y, height);
        free > y;
        free = settled.below(x, x + width, y, height)
      )
        y = free;
      settled.add({ left: x, right: x + width, top: y, bottom: y + height });
    }
    result[id] = { x, y };
  }
  return result;
}

interface Settled {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const stripWidth = 400;

/** Cards by the vertical strips they lie in, so that each is only compared with those above or below it. */
class Strips {
  readonly #strips = new Map<number, Settled[]>();

  add(card: Settled): void {
    for (const index of this.#indices(card.left, card.right)) {
      const strip = this.#strips.get(index);
      if (strip === undefined) this.#strips.set(index, [card]);
      else strip.push(card);
    }
  }

  /** Where a card may stand at the earliest as far as the first card that is in its way goes; `top`, if none is. */
  below(left: number, right: number, top: number, height: number): number {
    for (const index of this.#indices(left, right)) {
      for (const other of this.#strips.get(index) ?? []) {
        const isBeside = other.right <= left || other.left >= right;
        if (!isBeside && other.bottom + leastGap > top && other.top < top + height + leastGap)
          return other.bottom + leastGap;
      }
    }
    return top;
  }

  #indices(left: number, right: number): number[] {
    const first = Math.floor(left / stripWidth);
    const last = Math.floor(right / stripWidth);
    return Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
  }
}
