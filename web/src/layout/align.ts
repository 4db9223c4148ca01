import type { Box, Point } from "./geometry.ts";

const gap = 28;

/**
 * Boxes in line by their left or top edges, at the outermost one. Those that would then lie on each other are moved
 * along the line just enough, in the order in which they stood.
 */
export function aligned(boxes: ReadonlyMap<string, Box>, side: "left" | "top"): Record<string, Point> {
  const [across, along, length] =
    side === "left" ? (["x", "y", "height"] as const) : (["y", "x", "width"] as const);
  const line = Math.min(...[...boxes.values()].map((box) => box[across]));
  const moved: Record<string, Point> = {};
  let from = Number.NEGATIVE_INFINITY;
  for (const [id, box] of [...boxes].sort(([, a], [, b]) => a[along] - b[along])) {
    const at = Math.max(box[along], from);
    moved[id] = side === "left" ? { x: line, y: at } : { x: at, y: line };
    from = at + box[length] + gap;
  }
  return moved;
}
