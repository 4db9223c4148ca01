import {
  type Box,
  type CardShape,
  type LayoutEdge,
  type Point,
  type Positions,
  type Routes,
  routeCrosses,
  segmentCrosses,
  simplify,
} from "./geometry.ts";
import { clearance, makeGrid } from "./router-grid.ts";
import { RouteSearch } from "./router-search.ts";

export interface RoutingTask {
  readonly cards: readonly CardShape[];
  readonly positions: Positions;
  readonly edges: readonly LayoutEdge[];
  /** The layout's own bend points, or the routes before something moved: kept where they still fit. */
  readonly previous: Routes;
}

interface Ends {
  readonly edge: LayoutEdge;
  readonly start: Point;
  readonly end: Point;
}

/**
 * Routes every edge from port to port around all cards. A route that still fits is kept with its ends
 * moved, so that a card that grew by a line does not redraw the picture.
 * @param onPart - Told the routes so far now and then, where there are many.
 */
export function routeEdges(
  { cards, positions, edges, previous }: RoutingTask,
  onPart: (routes: Routes) => void = () => {},
): Routes {
  const shapes = new Map(cards.map((card) => [card.id, card]));
  const boxes: Box[] = [];
  for (const card of cards) {
    const position = positions[card.id];
    if (position !== undefined) boxes.push({ ...position, width: card.width, height: card.height });
  }
  const ends: Ends[] = [];
  for (const edge of edges) {
    const start = portAt(shapes.get(edge.from.card), positions, "outputs", edge.from.port);
    const end = portAt(shapes.get(edge.to.card), positions, "inputs", edge.to.port);
    if (start !== undefined && end !== undefined) ends.push({ edge, start, end });
  }
  const routes: Record<string, readonly Point[]> = {};
  const open: Ends[] = [];
  for (const pair of ends) {
    const kept = adapt(previous[pair.edge.id], pair.start, pair.end, boxes);
    if (kept === undefined) open.push(pair);
    else routes[pair.edge.id] = kept;
  }
  if (open.length === 0) return routes;

  const stubs = ends.map(({ start, end }) => [start.x + clearance, end.x - clearance]);
  const grid = makeGrid(
    boxes,
    stubs.flat(),
    ends.flatMap(({ start, end }) => [start.y, end.y]),
  );
  const search = new RouteSearch(grid);
  const owners = new Map<string, number>();
  const ownerOf = (edge: LayoutEdge) => {
    const key = `${edge.from.card}\u0000${edge.from.port}`;
    if (!owners.has(key)) owners.set(key, owners.size + 1);
    return owners.get(key)!;
  };
  for (const { edge } of ends) {
    const route = routes[edge.id];
    if (route !== undefined) search.take(route, ownerOf(edge));
  }
  // Short edges first: they have the fewest ways to go.
  const reach = ({ start, end }: Ends) => Math.abs(end.x - start.x) + Math.abs(end.y - start.y);
  let told = Date.now();
  for (const { edge, start, end } of open.sort((a, b) => reach(a) - reach(b))) {
    if (Date.now() - told > partMs) {
      onPart(routes);
      told = Date.now();
    }
    const inner = search.find(
      { x: start.x + clearance, y: start.y },
      { x: end.x - clearance, y: end.y },
      ownerOf(edge),
    );
    const route = simplify([start, ...inner, end]);
    search.take(route, ownerOf(edge));
    routes[edge.id] = route;
  }
  return routes;
}

function portAt(
  card: CardShape | undefined,
  positions: Positions,
  side: "inputs" | "outputs",
  port: string,
): Point | undefined {
  const position = card === undefined ? undefined : positions[card.id];
  if (card === undefined || position === undefined) return undefined;
  const y = card[side][port] ?? card.height / 2;
  return { x: position.x + (side === "outputs" ? card.width : 0), y: position.y + y };
}

const partMs = 300;
const leastStub = 8;
/** A way that is much longer than it has to be was made for other places of the cards. */
const mostDetour = 300;

function lengthOf(points: readonly Point[]): number {
  let length = 0;
  for (let index = 1; index < points.length; index++) {
    const a = points[index - 1]!;
    const b = points[index]!;
    length += Math.abs(b.x - a.x) + Math.abs(b.y - a.y);
  }
  return length;
}

/** The same route between ends that may have moved, or `undefined` when it would run into a card. */
export function adapt(
  route: readonly Point[] | undefined,
  start: Point,
  end: Point,
  boxes: readonly Box[],
): readonly Point[] | undefined {
  if (route === undefined || route.length < 2) return undefined;
  const points = [...route];
  const last = points.length - 1;
  if (points.length === 2 && start.y !== end.y) return undefined;
  if (points.length > 2) {
    points[1] = { x: points[1]!.x, y: start.y };
    points[last - 1] = { x: points[last - 1]!.x, y: end.y };
  }
  points[0] = start;
  points[last] = end;
  if (points.length === 3) return undefined;
  if (points.length > 3 && (points[1]!.x < start.x + leastStub || points[last - 1]!.x > end.x - leastStub))
    return undefined;
  if (lengthOf(points) > 2 * (Math.abs(end.x - start.x) + Math.abs(end.y - start.y)) + mostDetour)
    return undefined;
  for (let index = 1; index < points.length; index++) {
    const a = points[index - 1]!;
    const b = points[index]!;
    if (a.x !== b.x && a.y !== b.y) return undefined;
    // The first and last pieces touch the cards they belong to.
    const margin = index === 1 || index === last ? 0 : leastStub / 2;
    if (boxes.some((box) => segmentCrosses(a, b, box, margin))) return undefined;
  }
  return simplify(points);
}

/** For tests and doubts: the edges that run under a card. */
export function edgesUnderCards(
  { cards, positions }: Pick<RoutingTask, "cards" | "positions">,
  routes: Routes,
): string[] {
  const boxes = cards.map((card) => ({ ...positions[card.id]!, width: card.width, height: card.height }));
  return Object.entries(routes)
    .filter(([, route]) => boxes.some((box) => routeCrosses(route, box)))
    .map(([id]) => id);
}
