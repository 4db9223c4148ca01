import { expect, test } from "vitest";
import { layoutInColumns } from "./columns.ts";
import { boundsOf, type CardShape, intersects, type LayoutEdge } from "./geometry.ts";
import { card, edge } from "./testing.ts";

const boxes = (cards: readonly CardShape[], edges: readonly LayoutEdge[]) => {
  const positions = layoutInColumns(cards, edges);
  return cards.map(({ id, width, height }) => ({ id, ...positions[id]!, width, height }));
};

test("cards without connections fill a screen, in their order, and none covers another", () => {
  const cards = Array.from({ length: 40 }, (_, index) => card(`${index}`, 120 + ((index * 53) % 7) * 40));
  const placed = boxes(cards, []);
  const { width, height } = boundsOf(placed);
  expect(width / height).toBeGreaterThan(1.2);
  expect(width / height).toBeLessThan(2.4);
  for (const one of placed)
    expect(placed.filter((other) => other !== one && intersects(one, other))).toEqual([]);
  expect(placed[0]).toMatchObject({ x: 0, y: 0 });
  expect(placed[1]!.y).toBe(0);
});

test("connected cards stay as they were laid out; parts stand side by side, single cards below", () => {
  const cards = ["a", "b", "c", "d", "e", "f", "alone"].map((id) => card(id, 600));
  const edges = [edge("a", "b"), edge("c", "d"), edge("e", "f")];
  const [a, b, c, d, , , alone] = boxes(cards, edges);
  expect(b!.x - a!.x).toBe(d!.x - c!.x);
  expect([b!.y, d!.y - c!.y]).toEqual([a!.y, 0]);
  expect(c!.x).toBeGreaterThan(b!.x + b!.width);
  expect(alone!.y).toBe(Math.max(...boxes(cards, edges).map(({ y }) => y)));
});

test("a graph in one piece stays where it is", () => {
  const placed = boxes([card("a"), card("b"), card("c")], [edge("a", "b"), edge("a", "c")]);
  expect(placed.map(({ x }) => x)).toEqual([0, 400, 400]);
});
