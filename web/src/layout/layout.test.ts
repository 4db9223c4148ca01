import ElkConstructor from "elkjs";
import { expect, test } from "vitest";
import { layoutInColumns } from "./columns.ts";
import { fromElk, toElk } from "./elk-graph.ts";
import { pushDown } from "./push-down.ts";
import { roundedPath } from "./rounded.ts";
import { edgesUnderCards, routeEdges } from "./router.ts";
import { card, edge } from "./testing.ts";

test("columns go by depth, and an input stands beside what needs it", () => {
  const cards = [card("topic"), card("script"), card("voice"), card("mix"), card("late")];
  const positions = layoutInColumns(cards, [
    edge("topic", "script"),
    edge("script", "voice"),
    edge("voice", "mix"),
    edge("late", "mix"),
  ]);
  expect(positions["topic"]!.x).toBeLessThan(positions["script"]!.x);
  expect(positions["late"]!.x).toBe(positions["voice"]!.x);
});

test("a card that grew pushes down what is below it, and what a user placed stays", () => {
  const base = { a: { x: 0, y: 0 }, b: { x: 0, y: 200 }, c: { x: 0, y: 400 }, d: { x: 500, y: 0 } };
  const sizes = new Map([
    ["a", { width: 296, height: 300 }],
    ["b", { width: 296, height: 100 }],
    ["c", { width: 296, height: 100 }],
    ["d", { width: 296, height: 100 }],
  ]);
  const pushed = pushDown(base, sizes, () => false);
  expect(pushed["b"]!.y).toBe(328);
  expect(pushed["c"]!.y).toBe(456);
  expect(pushed["d"]!.y).toBe(0);
  expect(pushDown(base, sizes, (id) => id === "b")["b"]!.y).toBe(200);
});

test("the layout engine's own bend points are kept as they are", async () => {
  const cards = [card("a"), card("b", 240), card("c", 300), card("d")];
  const edges = [edge("a", "b"), edge("b", "c"), edge("a", "c"), edge("b", "d"), edge("a", "d")];
  const Elk = ElkConstructor as unknown as new () => {
    layout(graph: object): Promise<ReturnType<typeof toElk>>;
  };
  const layout = fromElk(await new Elk().layout(toElk(cards, edges)));
  const routes = routeEdges({ cards, edges, positions: layout.positions, previous: layout.routes });
  expect(edgesUnderCards({ cards, positions: layout.positions }, routes)).toEqual([]);
  const xs = (route: readonly { x: number }[]) => route.map((point) => Math.round(point.x));
  for (const { id } of edges) expect(xs(routes[id]!)).toEqual(xs(layout.routes[id]!));
});

test("corners are rounded no further than their segments are long", () => {
  expect(
    roundedPath([
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 10, y: 4 },
      { x: 30, y: 4 },
    ]),
  ).toBe("M0 0L8 0Q10 0 10 2L10 2Q10 4 12 4L30 4");
});
