import type { Box, Point, Size } from "../layout/geometry.ts";
import { intersects } from "../layout/geometry.ts";
import type { EdgeLook } from "./edge-look.ts";
import { areaOf, type View } from "./mounted.ts";

export interface SketchedCard extends Box {
  readonly name: string;
  readonly status: string;
}

const statusColours: Readonly<Record<string, string>> = {
  running: "--accent",
  queued: "--accent",
  failed: "--bad",
  waiting: "--wait",
  stale: "--stale",
};
const edgeColours = { idle: "--edge", stale: "--line-strong", fresh: "--edge-fresh" } as const;
const headHeight = 45;
/** However far away, a name is written no smaller than this on the screen. */
const leastLetter = 9;
/** A card narrower than this on the screen has no room for a name. */
const leastNamed = 36;

/** Draws cards that are not in the page as a surface, a head and a name; tells whether there were any in sight. */
export function drawCards(
  context: CanvasRenderingContext2D,
  view: View,
  size: Size,
  cards: Iterable<SketchedCard>,
): boolean {
  const style = getComputedStyle(context.canvas);
  const colour = (name: string) => style.getPropertyValue(name);
  const seen = areaOf(view, size);
  const surfaces = new Path2D();
  const heads = new Path2D();
  const marks = new Map<string, Path2D>();
  const named: SketchedCard[] = [];
  for (const card of cards) {
    if (!intersects(card, seen)) continue;
    const { x, y, width, height, status } = card;
    surfaces.roundRect(x, y, width, height, 10);
    if (height > headHeight) heads.rect(x, y + headHeight, width, 1);
    const mark = statusColours[status];
    if (mark !== undefined) {
      if (!marks.has(mark)) marks.set(mark, new Path2D());
      marks.get(mark)!.rect(x, y + headHeight, width, 6);
    }
    named.push(card);
  }
  if (named.length === 0) return false;
  context.fillStyle = colour("--surface");
  context.fill(surfaces);
  context.strokeStyle = colour("--line-strong");
  context.lineWidth = 1 / view.zoom;
  context.stroke(surfaces);
  context.fillStyle = colour("--line");
  context.fill(heads);
  for (const [mark, path] of marks) {
    context.fillStyle = colour(mark);
    context.fill(path);
  }
  writeNames(context, view, named, style);
  return true;
}

function writeNames(
  context: CanvasRenderingContext2D,
  { zoom }: View,
  cards: readonly SketchedCard[],
  style: CSSStyleDeclaration,
): void {
  const letter = Math.max(13, leastLetter / zoom);
  context.font = `600 ${letter}px ${style.getPropertyValue("--font")}`;
  context.fillStyle = style.getPropertyValue("--text");
  context.textBaseline = "middle";
  const room = (width: number) => Math.floor((width - 24) / (letter * 0.58));
  for (const { x, y, width, name } of cards) {
    if (width * zoom < leastNamed) continue;
    const letters = room(width);
    const text = name.length <= letters ? name : `${name.slice(0, Math.max(1, letters - 1))}…`;
    context.fillText(text, x + 12, y + Math.max(headHeight / 2, letter * 0.8));
  }
}

/** Edges of one look as one path. */
export function pathOf(routes: Iterable<readonly Point[] | undefined>): Path2D {
  const path = new Path2D();
  for (const route of routes) {
    route?.forEach(({ x, y }, index) => {
      if (index === 0) path.moveTo(x, y);
      else path.lineTo(x, y);
    });
  }
  return path;
}

export function drawEdges(
  context: CanvasRenderingContext2D,
  { zoom }: View,
  paths: ReadonlyMap<EdgeLook, Path2D>,
): void {
  const style = getComputedStyle(context.canvas);
  context.lineWidth = Math.max(1.6, 0.5 / zoom);
  for (const look of ["idle", "stale", "fresh", "live"] as const) {
    const path = paths.get(look);
    if (path === undefined) continue;
    context.strokeStyle = style.getPropertyValue(look === "live" ? "--accent" : edgeColours[look]);
    context.stroke(path);
  }
}
