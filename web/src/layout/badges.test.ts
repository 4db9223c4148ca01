import { expect, test } from "vitest";
import { badgeSpots } from "./badges.ts";

const straight = [
  { x: 0, y: 0 },
  { x: 200, y: 0 },
];

test("a badge stands on the middle of the longest piece", () => {
  const bent = [
    { x: 0, y: 0 },
    { x: 40, y: 0 },
    { x: 40, y: 300 },
    { x: 100, y: 300 },
  ];
  expect(badgeSpots([bent])).toEqual([{ x: 40, y: 150 }]);
});

test("edges on one line tell their numbers beside each other", () => {
  const spots = badgeSpots([straight, straight, straight]);
  expect(spots).toEqual([
    { x: 100, y: 0 },
    { x: 150, y: 0 },
    { x: 50, y: 0 },
  ]);
});

test("where there is no room at all, the middle it is", () => {
  const short = [
    { x: 0, y: 0 },
    { x: 20, y: 0 },
  ];
  expect(badgeSpots([short, short])[1]).toEqual({ x: 10, y: 0 });
});
