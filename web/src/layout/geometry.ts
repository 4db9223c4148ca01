/** Shapes shared by layout and routing. All lengths in pixels of the unscaled canvas. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Point, Size {}

/** A card as it was measured: where its ports are, from its own top. */
export interface CardShape extends Size {
  readonly id: string;
  readonly inputs: Readonly<Record<string, number>>;
  readonly outputs: Readonly<Record<string, number>>;
}

export interface LayoutEdge {
  readonly id: string;
  readonly from: { readonly card: string; readonly port: string };
  readonly to: { readonly card: string; readonly port: string };
}

export type Positions = Readonly<Record<string, Point>>;
/** Corner points of each edge, from port to port; all segments are horizontal or vertical. */
export type Routes = Readonly<Record<string, readonly Point[]>>;

/** What holds all boxes. */
export function boundsOf(boxes: Iterable<Point & Partial<Size>>): Box {
  let [left, top] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let [right, bottom] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { x, y, width = 0, height = 0 } of boxes) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  if (left > right) return { x: 0, y: 0, width: 0, height: 0 };
  return { x: left, y: top, width: right - left, height: bottom - top };
}

export function intersects(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Whether an axis-parallel segment runs through the inside of a box that is grown by `margin` on all sides. */
export function segmentCrosses(a: Point, b: Point, box: Box, margin = 0): boolean {
  const left = Math.min(a.x, b.x);
  const right = Math.max(a.x, b.x);
  const top = Math.min(a.y, b.y);
  const bottom = Math.max(a.y, b.y);
  return (
    right > box.x - margin &&
    left < box.x + box.width + margin &&
    bottom > box.y - margin &&
    top < box.y + box.height + margin
  );
}

export function routeCrosses(route: readonly Point[], box: Box, margin = 0): boolean {
  for (let index = 1; index < route.length; index++) {
    if (segmentCrosses(route[index - 1]!, route[index]!, box, margin)) return true;
  }
  return false;
}

/** Drops points that lie on the line between their neighbours. */
export function simplify(route: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (const point of route) {
    const last = kept.at(-1);
    if (last !== undefined && last.x === point.x && last.y === point.y) continue;
    const before = kept.at(-2);
    if (last !== undefined && before !== undefined) {
      const isStraight =
        (before.x === last.x && last.x === point.x) || (before.y === last.y && last.y === point.y);
      if (isStraight) kept.pop();
    }
    kept.push(point);
  }
  return kept;
}
