import { type Box, boundsOf, type Point, type Size } from "./geometry.ts";

/** Below this the words on a card cannot be read. */
export const leastReadableZoom = 0.75;

export interface Margins {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export interface View extends Point {
  readonly zoom: number;
}

/**
 * What a graph shows when it is opened for the first time: all of it where it can be read then, else its
 * first cards. `cards` are in the order of the graph.
 */
export function firstView(cards: readonly Box[], stage: Size, margins: Margins): View {
  if (cards.length === 0) return { x: 0, y: 0, zoom: 1 };
  const { x: left, y: top, width, height } = boundsOf(cards);
  const room = {
    width: Math.max(1, stage.width - margins.left - margins.right),
    height: Math.max(1, stage.height - margins.top - margins.bottom),
  };
  const fitting = Math.min(1, room.width / width, room.height / height);
  const zoom = Math.max(leastReadableZoom, fitting);
  const spare = { width: room.width - width * zoom, height: room.height - height * zoom };
  const x = margins.left - left * zoom + Math.max(0, spare.width / 2);
  if (spare.height >= 0) return { x, y: margins.top - top * zoom + spare.height / 2, zoom };
  // Too tall: from the top, or from the first of the leftmost cards where that would be out of sight.
  const seen = room.height / zoom;
  const leftmost = cards.filter((card) => card.x < left + card.width);
  const first = leftmost.reduce((one, other) => (other.y < one.y ? other : one));
  const isSeenFromTop = first.y + Math.min(first.height, seen) <= top + seen;
  const from = isSeenFromTop ? top : Math.min(first.y, top + height - seen);
  return { x, y: margins.top - from * zoom, zoom };
}
