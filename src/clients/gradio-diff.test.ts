import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyChanges, applyOutputChanges } from "./gradio-diff.ts";

type Change = [string, (string | number)[], unknown];

/** How Gradio's server writes down what changed between two values. */
function changesBetween(before: unknown, after: unknown): Change[] {
  const changes: Change[] = [];
  const compare = (a: unknown, b: unknown, path: (string | number)[]): void => {
    if (Object.is(a, b)) return;
    if (typeof a === "string" && typeof b === "string" && b.startsWith(a))
      changes.push(["append", path, b.slice(a.length)]);
    else if (Array.isArray(a) && Array.isArray(b)) {
      const common = Math.min(a.length, b.length);
      for (let index = 0; index < common; index++) compare(a[index], b[index], [...path, index]);
      for (let index = common; index < a.length; index++) changes.push(["delete", [...path, common], null]);
      for (let index = common; index < b.length; index++) changes.push(["add", [...path, index], b[index]]);
    } else if (isRecord(a) && isRecord(b)) {
      for (const key of Object.keys(a)) {
        if (Object.hasOwn(b, key)) compare(a[key], b[key], [...path, key]);
        else changes.push(["delete", [...path, key], null]);
      }
      for (const key of Object.keys(b))
        if (!Object.hasOwn(a, key)) changes.push(["add", [...path, key], b[key]]);
    } else changes.push(["replace", path, b]);
  };
  compare(before, after, []);
  return changes;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const json = fc
  .jsonValue({ maxDepth: 4 })
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll("__proto__", "proto")) as unknown);

describe("a partial result that says only what changed", () => {
  it("gives the whole value, and leaves the one before as it was", () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        const copy = structuredClone(before);
        expect(applyChanges(before, changesBetween(before, after) as never)).toEqual(after);
        expect(before).toEqual(copy);
      }),
    );
  });

  it("changes each output on its own", () => {
    expect(
      applyOutputChanges(["a", [1], null], [[["append", [], "b"]], [], [["replace", [], { x: 1 }]]]),
    ).toEqual(["ab", [1], { x: 1 }]);
  });

  it.each([
    [{ a: 1 }, ["replace", ["b", "c"], 1]],
    [[1], ["replace", [3, "x"], 1]],
    [[1], ["add", [5], 1]],
    [1, ["append", [], "x"]],
    ["x", ["grow", [], 1]],
    [{}, ["add", ["__proto__", "polluted"], 1]],
    [{}, ["append", ["constructor", "name"], "x"]],
  ])("that does not fit %j is refused: %j", (value, change) => {
    expect(() => applyChanges(value, [change as never])).toThrow();
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
