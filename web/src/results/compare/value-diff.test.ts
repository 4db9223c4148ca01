import { expect, test } from "vitest";
import { diffValues } from "./value-diff.ts";

test("tells what was added, removed and changed, and where", () => {
  expect(diffValues({ a: 1, b: { c: [1, 2] }, d: "x" }, { a: 2, b: { c: [1, 3] }, e: null })).toEqual([
    { path: "a", kind: "changed", before: 1, after: 2 },
    { path: "b.c[2]", kind: "changed", before: 2, after: 3 },
    { path: "d", kind: "removed", before: "x" },
    { path: "e", kind: "added", after: null },
  ]);
  expect(diffValues(1, 1)).toEqual([]);
  expect(diffValues([1], { a: 1 })).toEqual([{ path: "", kind: "changed", before: [1], after: { a: 1 } }]);
});

test("an entry that was put in front is one change, not one for each that moved", () => {
  expect(diffValues(["b", "c"], ["a", "b", "c"])).toEqual([{ path: "[1]", kind: "added", after: "a" }]);
});

test("a table is told by row and column, and a long one is quick", () => {
  const table = (price: number) => ({
    headers: ["name", "price"],
    data: [
      ["tea", 1],
      ["pie", price],
    ],
  });
  expect(diffValues(table(2), table(3))).toEqual([
    { path: "row 2, price", kind: "changed", before: 2, after: 3 },
  ]);
  const long = (shift: number) => Array.from({ length: 5_000 }, (_, row) => ({ row: row + shift }));
  expect(diffValues(long(0), long(1))).toHaveLength(5_000);
});

test("files are the same when they have the same content", () => {
  const file = (id: string, name: string) => ({ $daggr: "file", id, name, mime: "image/png", size: 3 });
  expect(diffValues([file("a".repeat(64), "x.png")], [file("a".repeat(64), "y.png")])).toEqual([]);
});
