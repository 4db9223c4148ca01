import { type Box, intersects, type Point, type Size } from "../layout/geometry.ts";

/** Up to so many cards all are in the page: the browser's own search finds them, and it is quick enough. */
export const cullFrom = 60;
/** From so many on their sizes are estimated, for drawing each of them once would take seconds. */
export const estimateFrom = 200;

/** How far around the view, as a share of it, cards are made ready before they come into sight. */
const ahead = 0.25;
/** How far around the view cards stay that were in sight: somebody who goes back and forth makes none anew. */
const kept = 0.5;

/** Below this zoom a large graph is only looked over: its cards are drawn as pictures of themselves. */
export const farZoom = 0.45;

export type View = Point & { readonly zoom: number };

/** What is in sight, in the canvas's own units, and as much around it. */
export function areaOf(view: View, size: Size, around = 0): Box {
  const width = size.width / view.zoom;
  const height = size.height / view.zoom;
  return {
    x: -view.x / view.zoom - width * around,
    y: -view.y / view.zoom - height * around,
    width: width * (1 + 2 * around),
    height: height * (1 + 2 * around),
  };
}

/**
 * Which cards have to be in the page now, and which soon: those can wait until the page has nothing better to do.
 * @param mustStay - Asked about each card that is in the page and would go.
 */
export function cardsInSight(
  boxes: ReadonlyMap<string, Box>,
  view: View,
  size: Size,
  mounted: ReadonlySet<string>,
  mustStay: (id: string) => boolean,
): { readonly now: ReadonlySet<string>; readonly soon: readonly string[] } {
  const seen = areaOf(view, size);
  const near = areaOf(view, size, ahead);
  const far = areaOf(view, size, kept);
  const now = new Set<string>();
  const soon: string[] = [];
  for (const [id, box] of boxes) {
    if (intersects(box, seen) || (mounted.has(id) && (intersects(box, far) || mustStay(id)))) now.add(id);
    else if (intersects(box, near)) soon.push(id);
  }
  return { now, soon };
}
