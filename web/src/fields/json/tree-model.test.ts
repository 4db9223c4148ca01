import { expect, test } from "vitest";
import { branchesOf, find, idOf, linesOf, pathText } from "./tree-model.ts";

const value = { title: "Hearts", parts: [1, { note: "three hearts" }], "odd key": {} };

test("only what is unfolded has lines, each with its place", () => {
  const lines = linesOf(value, (_, depth) => depth === 0);
  expect(lines.map(({ key, depth, size }) => [key, depth, size])).toEqual([
    [null, 0, 3],
    ["title", 1, null],
    ["parts", 1, 2],
    ["odd key", 1, 0],
  ]);
  expect(lines[2]).toMatchObject({ isOpen: false, place: 2, siblings: 3 });
});

test("an empty list or object does not unfold", () => {
  expect(linesOf({}, () => true)).toHaveLength(1);
  expect(branchesOf(value)).toEqual([idOf([]), idOf(["parts"]), idOf(["parts", 1])]);
});

test("keys and values are found in any case, from top to bottom", () => {
  expect(find(value, "HEARTS")).toEqual([["title"], ["parts", 1, "note"]]);
  expect(find(value, "odd")).toEqual([["odd key"]]);
  expect(find(value, "")).toEqual([]);
});

test("a path is what a script would write", () => {
  expect(pathText(["parts", 1, "note"])).toBe("parts[1].note");
  expect(pathText(["odd key", "a"])).toBe('["odd key"].a');
  expect(pathText([2])).toBe("[2]");
});
