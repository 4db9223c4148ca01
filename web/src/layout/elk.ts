import workerUrl from "elkjs/lib/elk-worker.min.js?url";
import { layoutInColumns } from "./columns.ts";
import { fromElk, type Layout, nodePlacement, toElk } from "./elk-graph.ts";
import type { CardShape, LayoutEdge, Point } from "./geometry.ts";
import { packParts } from "./pack.ts";

const limitMs = 5_000;

/** Lays the cards out in ELK's worker; columns where the graph is too large for it or the time is up. */
export async function layoutCards(
  cards: readonly CardShape[],
  edges: readonly LayoutEdge[],
): Promise<Layout> {
  const fallback = (): Layout => ({ positions: layoutInColumns(cards, edges), routes: {} });
  if (cards.length === 0 || nodePlacement(cards.length) === null) return fallback();
  const { default: Elk } = await import("elkjs/lib/elk-api.js");
  const elk = new Elk({ workerUrl, workerFactory: (url) => new Worker(url ?? workerUrl) });
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), limitMs);
    });
    const root = await Promise.race([elk.layout(toElk(cards, edges)), late]);
    return root === null ? fallback() : packed(fromElk(root), cards, edges);
  } catch (error) {
    console.warn("The layout engine failed; the cards stand in columns.", error);
    return fallback();
  } finally {
    clearTimeout(timer);
    elk.terminateWorker();
  }
}

function packed(
  { positions, routes }: Layout,
  cards: readonly CardShape[],
  edges: readonly LayoutEdge[],
): Layout {
  const moves = packParts(cards, edges, positions);
  if (moves.size === 0) return { positions, routes };
  const moved = ({ x, y }: Point, card: string): Point => {
    const by = moves.get(card) ?? { x: 0, y: 0 };
    return { x: x + by.x, y: y + by.y };
  };
  const sources = new Map(edges.map(({ id, from }) => [id, from.card]));
  return {
    positions: Object.fromEntries(Object.entries(positions).map(([id, at]) => [id, moved(at, id)])),
    routes: Object.fromEntries(
      Object.entries(routes).map(([id, route]) => [id, route.map((at) => moved(at, sources.get(id) ?? ""))]),
    ),
  };
}
