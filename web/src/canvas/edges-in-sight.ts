import { type Box, boundsOf, type Point, type Routes } from "../layout/geometry.ts";

/** Up to so many edges all are drawn: the browser leaves out what is out of sight well enough. */
const cullFrom = 150;

/**
 * The part of the canvas that is drawn: what is in sight and as much around it, in steps, so that it
 * changes rarely while the view moves.
 */
export function drawnArea(view: Point & { zoom: number }, width: number, height: number): Box {
  const step = { x: Math.max(1, width / view.zoom / 2), y: Math.max(1, height / view.zoom / 2) };
  const x = (Math.floor(-view.x / view.zoom / step.x) - 1) * step.x;
  const y = (Math.floor(-view.y / view.zoom / step.y) - 1) * step.y;
  return { x, y, width: step.x * 5, height: step.y * 5 };
}

/** Which of the edges have to be drawn. */
export function edgesInSight<E extends { readonly id: string }>(
  edges: readonly E[],
  routes: Routes,
  area: Box,
): readonly E[] {
  if (edges.length <= cullFrom) return edges;
  return edges.filter(({ id }) => {
    const route = routes[id];
    if (route === undefined) return false;
    const box = boundsOf(route.map((point) => ({ ...point, width: 0, height: 0 })));
    return (
      box.x <= area.x + area.width &&
      box.x + box.width >= area.x &&
      box.y <= area.y + area.height &&
      box.y + box.height >= area.y
    );
  });
}
