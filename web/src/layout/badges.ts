import type { Point } from "./geometry.ts";

/** How near two badges may come, and how much of a line has to show on each side of one. */
const room = { x: 34, y: 24 };

/**
 * Where the badge of each route stands: on the middle of its longest piece, else on another piece or
 * further along, wherever no earlier badge is in the way.
 */
export function badgeSpots(routes: readonly (readonly Point[])[]): Point[] {
  const spots: Point[] = [];
  for (const route of routes) {
    const wanted = candidates(route);
    const isFree = (spot: Point) =>
      spots.every((other) => Math.abs(other.x - spot.x) >= room.x || Math.abs(other.y - spot.y) >= room.y);
    spots.push(wanted.find(isFree) ?? wanted[0] ?? { x: 0, y: 0 });
  }
  return spots;
}

function candidates(route: readonly Point[]): Point[] {
  const pieces = route.slice(1).map((to, index) => {
    const from = route[index]!;
    return { from, to, length: Math.abs(from.x - to.x) + Math.abs(from.y - to.y) };
  });
  pieces.sort((a, b) => b.length - a.length);
  const along = (part: number) =>
    pieces
      .filter(({ length }) => part === 0.5 || length * Math.min(part, 1 - part) > room.x / 2)
      .map(({ from, to }) => ({ x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }));
  return [0.5, 0.75, 0.25].flatMap(along);
}
