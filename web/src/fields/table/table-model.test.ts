import { expect, test } from "vitest";
import {
  addColumn,
  blankTable,
  limitsOf,
  putBlock,
  readCell,
  readTsv,
  removeColumn,
  setCell,
  sorted,
  writeTsv,
} from "./table-model.ts";

const table = {
  headers: ["name", "hearts"],
  data: [
    ["Octopus", 3],
    ["Worm", 5],
  ],
};
const free = { rows: limitsOf(undefined, undefined), columns: limitsOf(undefined, undefined) };

test("what a spreadsheet copies comes back cell by cell, line breaks and quotes in a cell too", () => {
  const rows = [
    ["a", "b c"],
    ["two\nlines", 'say "hi"'],
    ["", "x\ty"],
  ];
  expect(readTsv(writeTsv(rows))).toEqual(rows);
  expect(readTsv("a\tb\r\n1\t2\r\n")).toEqual([
    ["a", "b"],
    ["1", "2"],
  ]);
  expect(readTsv('"he said ""no"""\tx')).toEqual([['he said "no"', "x"]]);
  expect(readTsv("one")).toEqual([["one"]]);
});

test("a pasted block grows the table and keeps numbers numbers", () => {
  const next = putBlock(
    table,
    [1],
    1,
    [
      ["7", "x"],
      ["8", "y"],
    ],
    { datatype: ["str", "number"] },
    free,
  );
  expect(next).toEqual({
    headers: ["name", "hearts", "Column 3"],
    data: [
      ["Octopus", 3, ""],
      ["Worm", 7, "x"],
      ["", 8, "y"],
    ],
  });
});

test("a table of a fixed size does not grow", () => {
  const limits = { rows: limitsOf([1, 2], undefined), columns: limitsOf(undefined, [2, "fixed"]) };
  const next = putBlock(
    table,
    [1],
    1,
    [
      ["7", "x"],
      ["8", "y"],
    ],
    {},
    limits,
  );
  expect(next).toEqual({
    headers: ["name", "hearts"],
    data: [
      ["Octopus", 3],
      ["Worm", 7],
    ],
  });
});

test("a text stands for what its column holds, or is refused", () => {
  expect(readCell(" 12.5 ", "number", "")).toBe(12.5);
  expect(readCell("twelve", "number", 1)).toBeUndefined();
  expect(readCell("", "number", 1)).toBeNull();
  expect(readCell("yes", "bool", false)).toBe(true);
  expect(readCell("007", "str", "")).toBe("007");
  expect(readCell("7", "auto", 3)).toBe(7);
  expect(readCell("7", "auto", "")).toBe("7");
});

test("rows sort by number or by text, nothing last, and the data stays as it is", () => {
  const data = [
    ["b10", 2],
    ["b9", null],
    ["a", -1],
  ];
  expect(sorted(data, 0, false)).toEqual([2, 1, 0]);
  expect(sorted(data, 1, false)).toEqual([2, 0, 1]);
  expect(sorted(data, 1, true)).toEqual([0, 2, 1]);
});

test("columns come and go with their header; a short row is filled up", () => {
  const wider = addColumn({ headers: ["a"], data: [[], [1]] }, 1, {});
  expect(wider).toEqual({
    headers: ["a", "Column 2"],
    data: [
      ["", ""],
      [1, ""],
    ],
  });
  expect(removeColumn(wider, 0)).toEqual({ headers: ["Column 2"], data: [[""], [""]] });
  expect(setCell({ headers: ["a", "b"], data: [[]] }, 0, 1, "x").data).toEqual([["", "x"]]);
});

test("a blank table has the headers and the size that the author gave", () => {
  expect(blankTable({ headers: ["a", "b"], rowCount: 2, datatype: ["str", "bool"] })).toEqual({
    headers: ["a", "b"],
    data: [
      ["", false],
      ["", false],
    ],
  });
  expect(blankTable({}).headers).toHaveLength(3);
});
