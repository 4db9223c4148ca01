import type { CardShape, LayoutEdge, Point, Positions } from "./geometry.ts";

export const columnGap = 104;
export const rowGap = 56;

/**
 * A quick layout in columns by depth, each card near the middle of what it is connected with. Shown until
 * the good one is there, and where that takes too long.
 */
export function layoutInColumns(cards: readonly CardShape[], edges: readonly LayoutEdge[]): Positions {
  const depth = depths(cards, edges);
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
      const sources = edges
        .filter((edge) => edge.to.card === card.id)
        .map((edge) => positions[edge.from.card]?.y ?? 0);
      return sources.length === 0 ? 0 : sources.reduce((sum, y) => sum + y, 0) / sources.length;
    };
    let y = 0;
    for (const { card } of column.map((card) => ({ card, y: wanted(card) })).sort((a, b) => a.y - b.y)) {
      positions[card.id] = { x, y };
      y += card.height + rowGap;
    }
    x += Math.max(0, ...column.map((card) => card.width)) + columnGap;
  }
  return positions;
}

/** Inputs stand just left of the first card that needs them, everything else as far left as it can. */
function depths(cards: readonly CardShape[], edges: readonly LayoutEdge[]): Map<string, number> {
  const sources = new Map<string, string[]>(cards.map((card) => [card.id, []]));
  for (const edge of edges) sources.get(edge.to.card)?.push(edge.from.card);
  const depth = new Map<string, number>();
  const visit = (id: string, path: ReadonlySet<string>): number => {
    const known = depth.get(id);
    if (known !== undefined) return known;
    if (path.has(id)) return 0;
    const below = new Set(path).add(id);
    const own = Math.max(0, ...(sources.get(id) ?? []).map((source) => visit(source, below) + 1));
    depth.set(id, own);
    return own;
  };
  for (const card of cards) visit(card.id, new Set());
  for (const card of cards) {
    const targets = edges
      .filter((edge) => edge.from.card === card.id)
      .map((edge) => depth.get(edge.to.card) ?? 1);
    if ((sources.get(card.id) ?? []).length === 0 && targets.length > 0) {
      depth.set(card.id, Math.max(0, Math.min(...targets) - 1));
    }
  }
  return depth;
}
