import type { CardView, EdgeView, GraphView, PortView } from "../../../src/protocol/view.ts";

/** A graph with the look-ups that the page needs; built once for each graph. */
export interface GraphIndex {
  readonly view: GraphView;
  readonly cards: ReadonlyMap<string, CardView>;
  /** Cards in an order in which each comes after what it needs. */
  readonly ordered: readonly CardView[];
  readonly steps: readonly CardView[];
  readonly edgesInto: ReadonlyMap<string, readonly EdgeView[]>;
  readonly edgesFrom: ReadonlyMap<string, readonly EdgeView[]>;
  /** Fields that a person fills in, by address. */
  readonly fields: ReadonlyMap<string, { readonly card: CardView; readonly port: PortView }>;
}

export function indexGraph(view: GraphView): GraphIndex {
  const cards = new Map(view.cards.map((card) => [card.id, card]));
  const edgesInto = groupBy(view.edges, (edge) => edge.to.card);
  const edgesFrom = groupBy(view.edges, (edge) => edge.from.card);
  const fields = new Map<string, { card: CardView; port: PortView }>();
  for (const card of view.cards) {
    for (const port of [...card.outputs, ...card.inputs]) {
      if (port.address !== undefined) fields.set(port.address, { card, port });
    }
  }
  const ordered = topological(view, edgesInto, edgesFrom);
  return {
    view,
    cards,
    ordered,
    steps: ordered.filter((card) => card.type === "step"),
    edgesInto,
    edgesFrom,
    fields,
  };
}

/** Input cards come just before the first card that needs them: a list reads like a recipe. */
function topological(
  view: GraphView,
  edgesInto: ReadonlyMap<string, readonly EdgeView[]>,
  edgesFrom: ReadonlyMap<string, readonly EdgeView[]>,
): CardView[] {
  const byId = new Map(view.cards.map((card) => [card.id, card]));
  const ordered: CardView[] = [];
  const seen = new Set<string>();
  const visit = (id: string) => {
    const card = byId.get(id);
    if (card === undefined || seen.has(id)) return;
    seen.add(id);
    for (const edge of edgesInto.get(id) ?? []) visit(edge.from.card);
    ordered.push(card);
  };
  const isInput = (card: CardView) => card.type === "input";
  for (const card of view.cards)
    if (!isInput(card) || (edgesFrom.get(card.id) ?? []).length === 0) visit(card.id);
  for (const card of view.cards) visit(card.id);
  return ordered;
}

function groupBy<T>(list: readonly T[], key: (entry: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const entry of list) {
    const group = groups.get(key(entry));
    if (group === undefined) groups.set(key(entry), [entry]);
    else group.push(entry);
  }
  return groups;
}

/** The step that would have to run for the card to be complete, and everything upstream of it. */
export function ancestors(index: GraphIndex, id: string): Set<string> {
  const found = new Set<string>();
  const visit = (card: string) => {
    for (const edge of index.edgesInto.get(card) ?? []) {
      if (found.has(edge.from.card)) continue;
      found.add(edge.from.card);
      visit(edge.from.card);
    }
  };
  visit(id);
  return found;
}
