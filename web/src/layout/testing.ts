import type { CardShape, LayoutEdge } from "./geometry.ts";

/** A card of tests: one port in, one out. */
export const card = (id: string, height = 160): CardShape => ({
  id,
  width: 296,
  height,
  inputs: { in: 60 },
  outputs: { out: 120 },
});

export const edge = (from: string, to: string): LayoutEdge => ({
  id: `${from}-${to}`,
  from: { card: from, port: "out" },
  to: { card: to, port: "in" },
});
