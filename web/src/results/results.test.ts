import { expect, test } from "vitest";
import { changedInputs, inputLines, itemInputs } from "./inputs.ts";
import { linkTo, readLink } from "./links.ts";
import { selectionWords } from "./selection.ts";
import { shortValue } from "./short.ts";

test("the inputs that changed against the neighbour come first, also where what is shown of them is the same", () => {
  const entry = (topic: string, seed: number, hash: string) => ({
    inputs: { size: 1, topic, seed },
    inputHashes: { size: "s", topic: hash },
  });
  expect(inputLines(entry("long…", 4, "h1"), entry("long…", 5, "h2"))).toEqual([
    { name: "topic", value: "long…", isChanged: true },
    { name: "seed", value: 4, isChanged: true },
    { name: "size", value: 1, isChanged: false },
  ]);
  expect(inputLines(entry("a", 4, "h1"), undefined).some((line) => line.isChanged)).toBe(false);
  expect(changedInputs(entry("a", 4, "h1"), entry("b", 4, "h2"))).toEqual([
    { name: "topic", first: "a", second: "b" },
  ]);
});

test("an item has its own element of what is scattered", () => {
  expect(itemInputs({ word: ["a", "b"], voice: ["x"] }, new Set(["word"]), 1)).toEqual({
    word: "b",
    voice: ["x"],
  });
});

test("a link leads to a result and keeps what else stands in the address to itself", () => {
  const place = { origin: "http://host:7860", pathname: "/app", search: "?token=secret" };
  const link = { sheet: "s1", node: "draw & write", result: "r-1", port: "image", item: 2 };
  const url = linkTo(place, link);
  expect(url).not.toContain("secret");
  expect(readLink(new URL(url).hash)).toEqual(link);
  expect(readLink("#sheet=s1&node=a")).toBeUndefined();
  expect(readLink("#sheet=<b>&node=a&result=r")).toBeUndefined();
});

test("going back is told in a sentence", () => {
  const label = (address: string) => address;
  const none = { fields: [], variants: [], followed: [], emptied: [] };
  expect(selectionWords(none, label)).toBe("");
  expect(selectionWords({ ...none, fields: ["prompt"], followed: ["a", "b"] }, label)).toBe(
    "prompt restored, 2 steps follow",
  );
  expect(selectionWords({ ...none, fields: ["a", "b", "c"], followed: ["x"], emptied: ["y"] }, label)).toBe(
    "a, b and 1 more restored, 1 step follows, y has no result of it yet",
  );
});

test("values in a few words", () => {
  expect(
    [null, "", " a\n b ", true, [1, "x"], [{ a: 1 }, {}], { a: 1 }].map((value) => shortValue(value)),
  ).toEqual(["nothing", "empty text", "a b", "yes", "1, x", "2 entries", '{"a":1}']);
});
