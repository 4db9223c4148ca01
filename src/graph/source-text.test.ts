import { expect, test } from "vitest";
import { normalizedSource, readParameters } from "./source-text.ts";

const fn = (source: string) => new Function(`return (${source})`)() as (...values: never[]) => unknown;

test("comments and layout do not count, what the text says does", () => {
  expect(normalizedSource(fn("(a) => { /* one */ return a + 1 }"))).toBe(
    normalizedSource(fn("( a )=>{\n  return a+1\n}")),
  );
  expect(normalizedSource(fn("(a) => { return a + 1 }"))).not.toBe(
    normalizedSource(fn("(a) => { return a + 2 }")),
  );
});

test("a line break that ends a statement counts", () => {
  expect(normalizedSource(fn('() => { return "x" }'))).not.toBe(
    normalizedSource(fn('() => { return\n"x" }')),
  );
});

test.each([
  [
    "({ a, b = 1 }) => a + b",
    [
      ["a", false],
      ["b", true],
    ],
    true,
  ],
  ["({ a, ...rest }) => a", [["a", false]], false],
  [
    "function (input) { return input.a + input['b'] }",
    [
      ["a", false],
      ["b", false],
    ],
    true,
  ],
  ["(input) => JSON.stringify(input)", [], false],
  ["() => 1", [], true],
])("parameters of %s", (source, parameters, complete) => {
  const read = readParameters(fn(source));
  expect(read?.parameters.map(({ name, optional }) => [name, optional])).toEqual(parameters);
  expect(read?.complete).toBe(complete);
});
