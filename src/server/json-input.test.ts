import { expect, test } from "vitest";
import { parseJsonObject } from "./json-input.ts";

const nested = (depth: number): string => `{"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;

test("an empty body is an empty object", () => {
  expect(parseJsonObject("", 100)).toEqual({});
});

test("nesting is allowed up to the limit", () => {
  expect(() => parseJsonObject(nested(100), 100)).not.toThrow();
  expect(() => parseJsonObject(nested(101), 100)).toThrow("nested too deeply");
});

test.each(['{"__proto__":1}', '{"a":{"constructor":{"prototype":{}}}}', '{"a":[{"prototype":{}}]}'])(
  "refuses %s",
  (text) => {
    expect(() => parseJsonObject(text, 100)).toThrow("cannot have the key");
  },
);

test("words that are only words are let in", () => {
  expect(parseJsonObject('{"constructor":"Ferrari"}', 100)).toEqual({ constructor: "Ferrari" });
});
