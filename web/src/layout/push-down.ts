import type { Positions, Size } from "./geometry.ts";

const leastGap = 28;

/**
 * Where cards stand when some have grown since they were laid out: what is below is pushed down just
 * enough. Cards that the user placed stay.
 */
export function pushDown(
  base: Positions,
  sizes: ReadonlyMap<string, Size>,
  isPlaced: (id: string) => boolean,
): Positions {
  const result: Record<string, { x: number; y: number }> = {};
  const settled: { id: string; left: number; right: number; top: number; bottom: number }[] = [];
  const settle = (id: string, y: number) => {
    const { x } = base[id]!;
    const size = sizes.get(id) ?? { width: 0, height: 0 };
    result[id] = { x, y };
    settled.push({ id, left: x, right: x + size.width, top: y, bottom: y + size.height });
  };
  const ids = Object.keys(base).sort((a, b) => base[a]!.y - base[b]!.y);
  for (const id of ids) {
    if (isPlaced(id)) {
      settle(id, base[id]!.y);
      continue;
    }
    const { x } = base[id]!;
    const size = sizes.get(id) ?? { width: 0, height: 0 };
    let y = base[id]!.y;
    for (const other of [...settled].sort((a, b) => a.top - b.top)) {
      const isBeside = other.right <= x || other.left >= x + size.width;
      if (isBeside || other.bottom + leastGap <= y || other.top >= y + size.height + leastGap) continue;
      if (isPlaced(other.id)) continue;
      y = other.bottom + leastGap;
    }
    settle(id, y);
  }
  return result;
}
