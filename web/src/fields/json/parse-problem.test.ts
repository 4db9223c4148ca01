import { expect, test } from "vitest";
import { parseProblem } from "./parse-problem.ts";

test("a text that can be read, or none at all, has no problem", () => {
  for (const text of ["", "  \n", "null", "-0.5e3", '{"a": [1, "b\\n", {}], "c": []}'])
    expect(parseProblem(text), text).toBeUndefined();
});

test.each([
  ['{"a": 1,}', 1, 9, "expected another key after the last ',', got '}'"],
  ['{\n  "a": 1,\n  b: 2\n}', 3, 3, "expected a key in double quotes, got 'b'"],
  ['{"a" 1}', 1, 6, "expected ':' after the key, got '1'"],
  ["[1,\n2", 2, 2, "expected ',' or ']', got the end of the text"],
  ['{"a": tru}', 1, 7, "expected a value, got 't'"],
  ['{\n"a": "abc\n}', 2, 6, "this text has no closing quote"],
  ['["\\x"]', 1, 2, "this text has a character or an escape that JSON does not know"],
  ["[1] x", 1, 5, "expected nothing after the value, got 'x'"],
  ["[01]", 1, 3, "expected ',' or ']', got '1'"],
])("%j: line %i, column %i, %s", (text, line, column, reason) => {
  expect(parseProblem(text)).toMatchObject({ line, column, reason });
});

test("what the browser refuses is refused here, at a place inside the text", () => {
  const parts = ['{"a":1}', "[1,2]", '"x"', "nul", ",", "}", "]", ":", " ", "\\", '"'];
  for (let seed = 0; seed < 500; seed++) {
    const text = Array.from(
      { length: 1 + (seed % 5) },
      (_, n) => parts[(seed * 7 + n * (3 + seed)) % parts.length],
    ).join("");
    let isGood = true;
    try {
      if (text.trim() !== "") JSON.parse(text);
    } catch {
      isGood = false;
    }
    const problem = parseProblem(text);
    expect(problem === undefined, text).toBe(isGood);
    if (problem !== undefined) expect(problem.offset).toBeLessThanOrEqual(text.length);
  }
});
