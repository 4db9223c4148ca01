import { expect, test } from "vitest";
import { drawnArea, edgesInSight } from "./edges-in-sight.ts";

const inside = (view: { x: number; y: number; zoom: number }) => {
  const area = drawnArea(view, 1000, 800);
  const left = -view.x / view.zoom;
  const top = -view.y / view.zoom;
  return (
    area.x <= left &&
    area.y <= top &&
    area.x + area.width >= left + 1000 / view.zoom &&
    area.y + area.height >= top + 800 / view.zoom
  );
};

test("what is in sight is always drawn", () => {
  for (const zoom of [0.1, 0.75, 1, 3])
    for (const at of [-12345, -501, -1, 0, 1, 499, 9876]) expect(inside({ x: at, y: -at, zoom })).toBe(true);
});

test("the drawn area stays while the view moves a little", () => {
  expect(drawnArea({ x: -20, y: -20, zoom: 1 }, 1000, 800)).toEqual(
    drawnArea({ x: -400, y: -300, zoom: 1 }, 1000, 800),
  );
});

test("of many edges those out of sight are left out, of few none", () => {
  const many = Array.from({ length: 200 }, (_, index) => ({ id: `e${index}` }));
  const routes = Object.fromEntries(
    many.map(({ id }, index) => [
      id,
      [
        { x: 0, y: index * 100 },
        { x: 300, y: index * 100 },
      ],
    ]),
  );
  const area = { x: 100, y: 1000, width: 10, height: 200 };
  expect(edgesInSight(many, routes, area).map(({ id }) => id)).toEqual(["e10", "e11", "e12"]);
  expect(edgesInSight(many.slice(0, 20), routes, area)).toHaveLength(20);
});
