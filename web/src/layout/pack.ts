import {
  type Box,
  boundsOf,
  type CardShape,
  type LayoutEdge,
  type Point,
  type Positions,
} from "./geometry.ts";

/** About that of a screen, with room for its bars. */
const aspect = 1.7;
const gap = 56;

interface Part {
  readonly cards: readonly CardShape[];
  readonly box: Box;
}

/**
 * A graph that falls into parts without a connection between them fills the screen instead of one tall column: the
 * parts stand in rows, single cards below them in columns, in the order of the graph. Gives how far each card moves.
 */
export function packParts(
  cards: readonly CardShape[],
  edges: readonly LayoutEdge[],
  positions: Positions,
): ReadonlyMap<string, Point> {
  const parts = partsOf(cards, edges).map(
    (part): Part => ({
      cards: part,
      box: boundsOf(
        part.map(({ id, width, height }) => ({ ...(positions[id] ?? { x: 0, y: 0 }), width, height })),
      ),
    }),
  );
  const moves = new Map<string, Point>();
  if (parts.length < 2) return moves;
  const area = parts.reduce((sum, { box }) => sum + (box.width + gap) * (box.height + gap), 0);
  const width = Math.max(Math.sqrt(area * aspect), ...parts.map(({ box }) => box.width));
  const place = ({ cards: part, box }: Part, to: Point) => {
    for (const { id } of part) moves.set(id, { x: Math.round(to.x - box.x), y: Math.round(to.y - box.y) });
  };
  const top = inRows(
    parts.filter((part) => part.cards.length > 1),
    width,
    place,
  );
  inColumns(
    parts.filter((part) => part.cards.length === 1),
    width,
    top,
    place,
  );
  return moves;
}

type Place = (part: Part, to: Point) => void;

/** Side by side until the row is full; gives where the next row would begin. */
function inRows(parts: readonly Part[], width: number, place: Place): number {
  let [x, y, height] = [0, 0, 0];
  for (const part of parts) {
    if (x > 0 && x + part.box.width > width) [x, y, height] = [0, y + height + gap, 0];
    place(part, { x, y });
    x += part.box.width + gap;
    height = Math.max(height, part.box.height);
  }
  return parts.length === 0 ? 0 : y + height + gap;
}

/** Each below the shortest column. */
function inColumns(parts: readonly Part[], width: number, top: number, place: Place): void {
  if (parts.length === 0) return;
  const columnWidth = Math.max(...parts.map(({ box }) => box.width)) + gap;
  const count = Math.min(parts.length, Math.max(1, Math.round((width + gap) / columnWidth)));
  const ends = new Array<number>(count).fill(top);
  for (const part of parts) {
    const column = ends.indexOf(Math.min(...ends));
    const y = ends[column]!;
    place(part, { x: column * columnWidth, y });
    ends[column] = y + part.box.height + gap;
  }
}

/** Cards that are joined by edges, directly or not, each in the order of the graph. */
function partsOf(cards: readonly CardShape[], edges: readonly LayoutEdge[]): CardShape[][] {
  const parent = new Map(cards.map(({ id }) => [id, id]));
  const root = (id: string): string => {
    let at = id;
    while (parent.get(at) !== at) {
      parent.set(at, parent.get(parent.get(at)!)!);
      at = parent.get(at)!;
    }
    return at;
  };
  for (const { from, to } of edges) {
    if (parent.has(from.card) && parent.has(to.card)) parent.set(root(to.card), root(from.card));
  }
  const parts = new Map<string, CardShape[]>();
  for (const card of cards) {
    const part = parts.get(root(card.id));
    if (part === undefined) parts.set(root(card.id), [card]);
    else part.push(card);
  }
  return [...parts.values()];
}
