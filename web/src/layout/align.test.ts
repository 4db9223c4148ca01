import { expect, test } from "vitest";
import { aligned } from "./align.ts";

const boxes = new Map([
  ["low", { x: 300, y: 50, width: 100, height: 40 }],
  ["high", { x: 100, y: 0, width: 100, height: 100 }],
  ["far", { x: 200, y: 400, width: 100, height: 40 }],
]);

test("left edges come to the leftmost, and nothing lies on anything", () => {
  expect(aligned(boxes, "left")).toEqual({
    high: { x: 100, y: 0 },
    low: { x: 100, y: 128 },
    far: { x: 100, y: 400 },
  });
});

test("top edges come to the topmost", () => {
  expect(aligned(boxes, "top")).toEqual({
    high: { x: 100, y: 0 },
    far: { x: 228, y: 0 },
    low: { x: 356, y: 0 },
  });
});
