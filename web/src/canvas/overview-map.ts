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

interface Look {
  readonly colour: string;
  /** Also told by shape: what has no result is an outline, what is old a dotted one. */
  readonly shape: "filled" | "outline" | "dotted";
  /** A cross failed, a ring runs, a bar waits for somebody. */
  readonly sign?: "cross" | "ring" | "bar";
}

const plain: Look = { colour: "--line-strong", shape: "filled" };
const looks: Readonly<Record<string, Look>> = {
  idle: { colour: "--line-strong", shape: "outline" },
  blocked: { colour: "--line-strong", shape: "outline" },
  stale: { colour: "--stale", shape: "dotted" },
  interrupted: { colour: "--stale", shape: "dotted" },
  queued: { colour: "--accent", shape: "outline" },
  running: { colour: "--accent", shape: "filled", sign: "ring" },
  failed: { colour: "--bad", shape: "filled", sign: "cross" },
  waiting: { colour: "--wait", shape: "filled", sign: "bar" },
};

/** The sign of a state in the middle of its card, as large whatever the card's size. */
function drawSign(context: CanvasRenderingContext2D, sign: Look["sign"], box: Box, size: number): void {
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  context.beginPath();
  if (sign === "ring") context.arc(x, y, size, 0, 2 * Math.PI);
  else if (sign === "bar") {
    context.moveTo(x, y - size);
    context.lineTo(x, y + size);
  } else {
    context.moveTo(x - size, y - size);
    context.lineTo(x + size, y + size);
    context.moveTo(x + size, y - size);
    context.lineTo(x - size, y + size);
  }
  context.stroke();
}

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
  const ofName = (name: string) => {
    if (!known.has(name)) known.set(name, colour(name));
    return known.get(name)!;
  };
  context.lineCap = "round";
  for (const [id, box] of cards) {
    const look = looks[statusOf(id)] ?? plain;
    const [width, height] = [Math.max(least, box.width), Math.max(least, box.height)];
    // On a card that is a dot here there is no room for more than its colour.
    const isSmall = Math.min(width, height) * scale < 6;
    context.fillStyle = context.strokeStyle = ofName(look.colour);
    context.lineWidth = 1.2 / scale;
    if (look.shape === "filled" || isSmall) context.fillRect(box.x, box.y, width, height);
    else {
      context.setLineDash(look.shape === "dotted" ? [1 / scale, 2.4 / scale] : []);
      context.strokeRect(box.x, box.y, width, height);
      context.setLineDash([]);
    }
    if (look.sign === undefined || isSmall) continue;
    context.strokeStyle = ofName("--surface");
    context.lineWidth = 1.5 / scale;
    drawSign(context, look.sign, box, 2.5 / scale);
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
