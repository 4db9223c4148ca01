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
      for (const other of settled.above(x, x + width)) {
        const isBeside = other.right <= x || other.left >= x + width;
        if (isBeside || other.bottom + leastGap <= y || other.top >= y + height + leastGap) continue;
        y = other.bottom + leastGap;
      }
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

  /** From the highest to the lowest. */
  above(left: number, right: number): Settled[] {
    const found = new Set<Settled>();
    for (const index of this.#indices(left, right))
      for (const card of this.#strips.get(index) ?? []) found.add(card);
    return [...found].sort((a, b) => a.top - b.top);
  }

  *#indices(left: number, right: number): Iterable<number> {
    const last = Math.floor(right / stripWidth);
    for (let index = Math.floor(left / stripWidth); index <= last; index++) yield index;
  }
}
