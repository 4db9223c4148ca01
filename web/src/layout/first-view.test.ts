import { expect, test } from "vitest";
import { firstView, leastReadableZoom } from "./first-view.ts";

const margins = { top: 40, right: 40, bottom: 80, left: 40 };
const stage = { width: 800, height: 800 };
const box = (x: number, y: number, width = 300, height = 200) => ({ x, y, width, height });

test("a graph that can be read as a whole stands in the middle, never enlarged", () => {
  expect(firstView([box(0, 0), box(400, 0)], stage, margins)).toEqual({ x: 50, y: 280, zoom: 1 });
  const { zoom } = firstView([box(0, 0), box(600, 0)], stage, margins);
  expect(zoom).toBe(0.8);
});

test("a wide graph starts at its left, large enough to read", () => {
  const view = firstView([box(100, 0), box(3000, 0)], stage, margins);
  expect(view.zoom).toBe(leastReadableZoom);
  expect(100 * view.zoom + view.x).toBe(margins.left);
});

test("a tall graph starts at its top while its first card is seen from there", () => {
  const view = firstView([box(0, 500), box(400, 0), box(400, 3000)], stage, margins);
  expect(view.y).toBe(margins.top);
});

test("else at the top of its leftmost cards", () => {
  const view = firstView([box(0, 1500), box(0, 1800), box(400, 0), box(400, 3000)], stage, margins);
  expect(1500 * view.zoom + view.y).toBeCloseTo(margins.top);
});

test("a tall graph whose first card stands at the bottom shows no empty space below it", () => {
  const view = firstView([box(0, 1800), box(400, 0)], stage, margins);
  expect(2000 * view.zoom + view.y).toBeCloseTo(stage.height - margins.bottom);
});

test("no cards, no view", () => {
  expect(firstView([], stage, margins)).toEqual({ x: 0, y: 0, zoom: 1 });
});
