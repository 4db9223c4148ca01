import type { CardShape, LayoutEdge, Point, Positions } from "./geometry.ts";
import { packParts } from "./pack.ts";

export const columnGap = 104;
export const rowGap = 56;

/**
 * A quick layout in columns by depth, each card near the middle of what it is connected with. Shown until
 * the good one is there, and where that takes too long.
 */
export function layoutInColumns(cards: readonly CardShape[], edges: readonly LayoutEdge[]): Positions {
  const sources = joined(edges, "to", "from");
  const depth = depths(cards, sources, joined(edges, "from", "to"));
  const columns: CardShape[][] = [];
  for (const card of cards) {
    const column = depth.get(card.id)!;
    columns[column] ??= [];
    columns[column].push(card);
  }
  const positions: Record<string, Point> = {};
  let x = 0;
  for (const column of columns.map((cards) => cards ?? [])) {
    const wanted = (card: CardShape) => {
      const own = sources.get(card.id) ?? [];
      return own.reduce((sum, id) => sum + (positions[id]?.y ?? 0), 0) / Math.max(1, own.length);
    };
    let y = 0;
    for (const { card } of column.map((card) => ({ card, y: wanted(card) })).sort((a, b) => a.y - b.y)) {
      positions[card.id] = { x, y };
      y += card.height + rowGap;
    }
    x += Math.max(0, ...column.map((card) => card.width)) + columnGap;
  }
  for (const [id, { x, y }] of packParts(cards, edges, positions)) {
    positions[id] = { x: positions[id]!.x + x, y: positions[id]!.y + y };
  }
  return positions;
}

/** By card at one end of an edge, the cards at the other ends. */
function joined(
  edges: readonly LayoutEdge[],
  here: "from" | "to",
  there: "from" | "to",
): Map<string, string[]> {
  const cards = new Map<string, string[]>();
  for (const edge of edges) {
    const others = cards.get(edge[here].card);
    if (others === undefined) cards.set(edge[here].card, [edge[there].card]);
    else others.push(edge[there].card);
  }
  return cards;
}

type Joined = ReadonlyMap<string, readonly string[]>;

/** Inputs stand just left of the first card that needs them, everything else as far left as it can. */
function depths(cards: readonly CardShape[], sources: Joined, targets: Joined): Map<string, number> {
  const depth = new Map<string, number>();
  const path = new Set<string>();
  const visit = (id: string): number => {
    const known = depth.get(id);
    if (known !== undefined) return known;
    if (path.has(id)) return 0;
    path.add(id);
    let own = 0;
    for (const source of sources.get(id) ?? []) own = Math.max(own, visit(source) + 1);
    path.delete(id);
    depth.set(id, own);
    return own;
  };
  for (const card of cards) visit(card.id);
  for (const { id } of cards) {
    const next = (targets.get(id) ?? []).map((target) => depth.get(target) ?? 1);
    if (!sources.has(id) && next.length > 0) depth.set(id, Math.max(0, Math.min(...next) - 1));
  }
  return depth;
}
