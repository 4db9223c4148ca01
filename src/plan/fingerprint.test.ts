import { expect, test } from "vitest";
import { baseOf, fingerprint, hashInput, itemFingerprint, withDrawn } from "./fingerprint.ts";

const id = "a".repeat(64);
const file = { $daggr: "file" as const, id, name: "cat.png", mime: "image/png", size: 3 };

test("a file counts by its content, whatever it is called and however deep it is", () => {
  const renamed = { ...file, name: "dog.jpg", mime: "image/jpeg", size: 4 };
  expect(hashInput(renamed)).toBe(hashInput(file));
  expect(hashInput({ list: [1, renamed] })).toBe(hashInput({ list: [1, file] }));
  expect(hashInput({ ...file, id: "b".repeat(64) })).not.toBe(hashInput(file));
  expect(itemFingerprint("", [renamed])).toBe(itemFingerprint("", [file]));
});

test("the order of keys does not matter, that of items does", () => {
  expect(hashInput({ a: 1, b: 2 })).toBe(hashInput({ b: 2, a: 1 }));
  expect(hashInput([1, 2])).not.toBe(hashInput([2, 1]));
});

test("definition, port and value all count, and do not run into each other", () => {
  const all = [
    fingerprint("id", { a: hashInput("x") }),
    fingerprint("other", { a: hashInput("x") }),
    fingerprint("id", { b: hashInput("x") }),
    fingerprint("id", { a: hashInput("y") }),
    fingerprint("id", { a: hashInput("x"), b: hashInput("x") }),
    fingerprint("id", {}),
  ];
  expect(new Set(all).size).toBe(all.length);
  expect(itemFingerprint("s", ["a\nb"])).not.toBe(itemFingerprint("s", ["a", "b"]));
});

test("what was drawn stands apart from the rest", () => {
  const base = fingerprint("id", {});
  expect(withDrawn(base, {})).toBe(base);
  expect(withDrawn(base, { seed: 1 })).not.toBe(withDrawn(base, { seed: 2 }));
  expect(baseOf(withDrawn(base, { seed: 1 }))).toBe(base);
});
