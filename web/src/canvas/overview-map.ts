import type { Box, Size } from "../layout/geometry.ts";

const padding = 6;

/** How a part of the canvas lies in the map, in its middle. */
export function mapScale(map: Size, area: Size): { scale: number; left: number; top: number } {
  const room = { width: map.width - 2 * padding, height: map.height - 2 * padding };
  const scale = Math.min(room.width / Math.max(1, area.width), room.height / Math.max(1, area.height));
  return {
    scale,
    left: (map.width - area.width * scale) / 2,
    top: (map.height - area.height * scale) / 2,
  };
}

const colours: Readonly<Record<string, string>> = {
  running: "--accent",
  queued: "--accent",
  failed: "--bad",
  waiting: "--wait",
};

/** Draws every card as a spot, and what is in sight as a window: one small picture, however many cards there are. */
export function drawMap(
  canvas: HTMLCanvasElement,
  map: Size,
  area: Box,
  seen: Box,
  cards: ReadonlyMap<string, Box>,
  statusOf: (id: string) => string,
): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const ratio = devicePixelRatio;
  canvas.width = map.width * ratio;
  canvas.height = map.height * ratio;
  const { scale, left, top } = mapScale(map, area);
  context.setTransform(
    ratio * scale,
    0,
    0,
    ratio * scale,
    ratio * (left - area.x * scale),
    ratio * (top - area.y * scale),
  );
  const style = getComputedStyle(canvas);
  const colour = (name: string) => style.getPropertyValue(name);
  const known = new Map<string, string>();
  const least = 1.5 / scale;
  for (const [id, { x, y, width, height }] of cards) {
    const name = colours[statusOf(id)] ?? "--line-strong";
    if (!known.has(name)) known.set(name, colour(name));
    context.fillStyle = known.get(name)!;
    context.fillRect(x, y, Math.max(least, width), Math.max(least, height));
  }
  context.fillStyle = colour("--overview-mask");
  context.beginPath();
  context.rect(
    area.x - map.width / scale,
    area.y - map.height / scale,
    area.width + (2 * map.width) / scale,
    area.height + (2 * map.height) / scale,
  );
  context.rect(seen.x, seen.y, seen.width, seen.height);
  context.fill("evenodd");
  context.strokeStyle = colour("--text-3");
  context.lineWidth = 1 / scale;
  context.strokeRect(seen.x, seen.y, seen.width, seen.height);
}
