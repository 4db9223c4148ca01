import fc from "fast-check";
import { expect, test } from "vitest";
import type { CardShape, LayoutEdge, Point } from "./geometry.ts";
import { edgesUnderCards, routeEdges } from "./router.ts";

const shape = (id: string, width = 296, height = 200): CardShape => ({
  id,
  width,
  height,
  inputs: { a: 60, b: 90 },
  outputs: { x: 120, y: height - 30 },
});
const edge = (id: string, from: string, to: string, fromPort = "x", toPort = "a"): LayoutEdge => ({
  id,
  from: { card: from, port: fromPort },
  to: { card: to, port: toPort },
});

test("an edge goes around a card that stands between its ends", () => {
  const task = {
    cards: [shape("a"), shape("between"), shape("b")],
    positions: { a: { x: 0, y: 0 }, between: { x: 400, y: 0 }, b: { x: 800, y: 0 } },
    edges: [edge("e", "a", "b")],
    previous: {},
  };
  const routes = routeEdges(task);
  expect(edgesUnderCards(task, routes)).toEqual([]);
  expect(routes["e"]!.length).toBeGreaterThan(2);
});

test("an edge back to the left goes around both of its own cards", () => {
  const task = {
    cards: [shape("a"), shape("b")],
    positions: { a: { x: 600, y: 0 }, b: { x: 0, y: 40 } },
    edges: [edge("e", "a", "b")],
    previous: {},
  };
  expect(edgesUnderCards(task, routeEdges(task))).toEqual([]);
});

test("ports at one height are joined by a straight line", () => {
  const task = {
    cards: [shape("a"), shape("b")],
    positions: { a: { x: 0, y: 0 }, b: { x: 400, y: 60 } },
    edges: [edge("e", "a", "b")],
    previous: {},
  };
  expect(routeEdges(task)["e"]).toEqual([
    { x: 296, y: 120 },
    { x: 400, y: 120 },
  ]);
});

test("a card that grew by a line keeps the route of its edges", () => {
  const cards = [shape("a"), shape("b")];
  const positions = { a: { x: 0, y: 0 }, b: { x: 480, y: 200 } };
  const before = routeEdges({ cards, positions, edges: [edge("e", "a", "b")], previous: {} });
  const grown = [{ ...cards[0]!, outputs: { x: 147, y: 170 } }, cards[1]!];
  const after = routeEdges({ cards: grown, positions, edges: [edge("e", "a", "b")], previous: before });
  expect(after["e"]!.map((point) => point.x)).toEqual(before["e"]!.map((point) => point.x));
  expect(after["e"]![0]!.y).toBe(147);
});

test("a way around what is no longer there is given up", () => {
  const cards = [shape("a"), shape("wall", 100, 2400), shape("b")];
  const edges = [edge("e", "a", "b")];
  const between = { a: { x: 0, y: 0 }, wall: { x: 460, y: -1200 }, b: { x: 760, y: 0 } };
  const around = routeEdges({ cards, positions: between, edges, previous: {} });
  const away = { ...between, wall: { x: 460, y: 4000 } };
  const straight = routeEdges({ cards, positions: away, edges, previous: around });
  expect(Math.max(...straight["e"]!.map((point) => Math.abs(point.y)))).toBeLessThan(200);
});

test("edges of different ports do not run on one line", () => {
  const task = {
    cards: [shape("a"), shape("b"), shape("wall", 100, 700), shape("c"), shape("d")],
    positions: {
      a: { x: 0, y: 0 },
      b: { x: 0, y: 300 },
      wall: { x: 460, y: -100 },
      c: { x: 760, y: 0 },
      d: { x: 760, y: 300 },
    },
    edges: [edge("e", "a", "c"), edge("f", "b", "d"), edge("g", "a", "d", "y", "b")],
    previous: {},
  };
  const routes = routeEdges(task);
  expect(edgesUnderCards(task, routes)).toEqual([]);
  const verticals = Object.values(routes).map((route) => pieces(route).filter(([p, q]) => p.x === q.x));
  for (const [index, own] of verticals.entries()) {
    for (const other of verticals.slice(index + 1).flat()) {
      for (const piece of own) {
        const isOverlapping =
          Math.abs(piece[0].x - other[0].x) < 3 &&
          Math.min(Math.max(piece[0].y, piece[1].y), Math.max(other[0].y, other[1].y)) -
            Math.max(Math.min(piece[0].y, piece[1].y), Math.min(other[0].y, other[1].y)) >
            20;
        expect(isOverlapping).toBe(false);
      }
    }
  }
});

test("no route crosses a card, wherever cards stand", () => {
  const scene = fc.record({
    cells: fc.uniqueArray(fc.record({ column: fc.nat(5), row: fc.nat(5) }), {
      minLength: 2,
      maxLength: 14,
      selector: ({ column, row }) => column * 10 + row,
    }),
    shifts: fc.array(
      fc.record({
        x: fc.integer({ min: -40, max: 40 }),
        y: fc.integer({ min: -30, max: 30 }),
        height: fc.integer({ min: 100, max: 230 }),
      }),
      { minLength: 14, maxLength: 14 },
    ),
    links: fc.array(fc.tuple(fc.nat(13), fc.nat(13), fc.boolean()), { minLength: 1, maxLength: 16 }),
  });
  fc.assert(
    fc.property(scene, ({ cells, shifts, links }) => {
      const cards = cells.map((_, index) => shape(`c${index}`, 296, shifts[index]!.height));
      const positions = Object.fromEntries(
        cells.map(({ column, row }, index) => [
          `c${index}`,
          { x: column * 420 + shifts[index]!.x, y: row * 330 + shifts[index]!.y },
        ]),
      );
      const edges = links
        .map(([from, to, second], index) =>
          edge(
            `e${index}`,
            `c${from % cells.length}`,
            `c${to % cells.length}`,
            second ? "y" : "x",
            second ? "b" : "a",
          ),
        )
        .filter(({ from, to }) => from.card !== to.card);
      const task = { cards, positions, edges, previous: {} };
      const routes = routeEdges(task);
      expect(edgesUnderCards(task, routes)).toEqual([]);
      // And after one card was moved, with the routes that were there.
      const moved = { ...positions, c0: { x: positions["c0"]!.x + 37, y: positions["c0"]!.y - 25 } };
      const again = { ...task, positions: moved, previous: routes };
      expect(edgesUnderCards(again, routeEdges(again))).toEqual([]);
    }),
    { numRuns: 120 },
  );
});

test("a hundred cards are routed quickly", () => {
  const cards = Array.from({ length: 100 }, (_, index) => shape(`c${index}`));
  const positions = Object.fromEntries(
    cards.map((card, index) => [card.id, { x: (index % 10) * 400, y: Math.floor(index / 10) * 260 }]),
  );
  const edges = Array.from({ length: 150 }, (_, index) =>
    edge(`e${index}`, `c${(index * 7) % 100}`, `c${(index * 13 + 5) % 100}`),
  ).filter(({ from, to }) => from.card !== to.card);
  const started = performance.now();
  const task = { cards, positions, edges, previous: {} };
  const routes = routeEdges(task);
  expect(performance.now() - started).toBeLessThan(4000);
  expect(edgesUnderCards(task, routes)).toEqual([]);
});

function pieces(route: readonly Point[]): [Point, Point][] {
  return route.slice(1).map((point, index) => [route[index]!, point]);
}
