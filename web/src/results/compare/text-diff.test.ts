import { expect, test } from "vitest";
import { changedWords, diffTexts } from "./text-diff.ts";

test("words that changed stand within the lines that did", () => {
  const blocks = diffTexts("one\nthe red fox runs\nthree\n", "one\nthe brown fox runs\nthree\n");
  expect(blocks.map(({ kind }) => kind)).toEqual(["same", "changed", "same"]);
  expect(blocks[1]?.parts).toEqual([
    { kind: "same", text: "the " },
    { kind: "removed", text: "red" },
    { kind: "added", text: "brown" },
    { kind: "same", text: " fox runs\n" },
  ]);
  expect(changedWords(blocks)).toEqual({ added: 1, removed: 1 });
});

test("both texts can be read out of the blocks again", () => {
  const before = "a b c\nd e f\n\ng\nh";
  const after = "a b x c\nd f\nnew line\ng\n";
  const blocks = diffTexts(before, after);
  const without = (kind: string) =>
    blocks
      .flatMap(({ parts }) => parts.filter((part) => part.kind !== kind).map(({ text }) => text))
      .join("");
  expect(without("added")).toBe(before);
  expect(without("removed")).toBe(after);
});

test("long texts of which everything changed take a second or two, not minutes", () => {
  const text = (word: string) =>
    Array.from({ length: 20_000 }, (_, line) => `${word} ${line * 7919} ${word}`).join("\n");
  const started = performance.now();
  const blocks = diffTexts(text("old"), text("new"));
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(changedWords(blocks)).toEqual({ added: 60_000, removed: 60_000 });
});

test("of a long text only the lines that changed are looked at", () => {
  const lines = Array.from({ length: 50_000 }, (_, line) => `line ${line}`);
  const after = lines.with(25_000, "line changed").join("\n");
  const started = performance.now();
  const blocks = diffTexts(lines.join("\n"), after);
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(blocks.map(({ kind, lines: count }) => `${kind} ${count}`)).toEqual([
    "same 25000",
    "changed 1",
    "same 24999",
  ]);
});
