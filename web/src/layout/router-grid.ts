import type { Box } from "./geometry.ts";

/** How far an edge stays from a card where there is room. */
export const clearance = 16;
const lane = 11;
const tight = 6;

/** What lies on a piece of the grid: nothing, the space close to a card, a card. */
export const free = 0;
export const close = 1;
export const covered = 2;

/**
 * The lines along which edges may run (some lanes on each side of every card, and the height of every
 * port), and which pieces of them are covered.
 */
export interface Grid {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  /** Piece from (x, y) to (x + 1, y). */
  readonly across: Uint8Array;
  /** Piece from (x, y) to (x, y + 1). */
  readonly down: Uint8Array;
  indexOfX(x: number): number;
  indexOfY(y: number): number;
}

export function makeGrid(boxes: readonly Box[], portXs: readonly number[], portYs: readonly number[]): Grid {
  const lanes = boxes.length > 120 ? 1 : boxes.length > 50 ? 2 : 4;
  const around = (low: number, high: number) => [
    low - tight,
    high + tight,
    ...Array.from({ length: lanes }, (_, k) => [
      low - clearance - k * lane,
      high + clearance + k * lane,
    ]).flat(),
  ];
  const xs = lines([...boxes.flatMap((box) => around(box.x, box.x + box.width)), ...portXs]);
  const ys = lines([...boxes.flatMap((box) => around(box.y, box.y + box.height)), ...portYs]);
  const across = new Uint8Array(xs.length * ys.length);
  const down = new Uint8Array(xs.length * ys.length);
  for (const box of boxes) {
    mark(box, clearance - 1, close);
    mark(box, 1, covered);
  }
  return { xs, ys, across, down, indexOfX: (x) => indexOf(xs, x), indexOfY: (y) => indexOf(ys, y) };

  function mark(box: Box, margin: number, level: number): void {
    const left = box.x - margin;
    const right = box.x + box.width + margin;
    const top = box.y - margin;
    const bottom = box.y + box.height + margin;
    const firstX = Math.max(0, firstAfter(xs, left) - 1);
    const firstY = Math.max(0, firstAfter(ys, top) - 1);
    for (let yi = firstY; yi < ys.length && ys[yi]! < bottom; yi++) {
      for (let xi = firstX; xi < xs.length && xs[xi]! < right; xi++) {
        const at = yi * xs.length + xi;
        const isInsideX = xs[xi]! > left;
        const isInsideY = ys[yi]! > top;
        if (isInsideY && (xs[xi + 1] ?? Number.POSITIVE_INFINITY) > left)
          across[at] = Math.max(across[at]!, level);
        if (isInsideX && (ys[yi + 1] ?? Number.POSITIVE_INFINITY) > top)
          down[at] = Math.max(down[at]!, level);
      }
    }
  }
}

function lines(values: readonly number[]): Float64Array {
  return Float64Array.from(new Set(values)).sort();
}

function indexOf(list: Float64Array, value: number): number {
  return firstAfter(list, value - 1e-9);
}

/** Index of the first entry greater than the value. */
function firstAfter(list: Float64Array, value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
