import { describe, expect, test } from "vitest";
import { checkSpaceName, ownerAmong, parseSpaceName, spaceNameOf } from "./space-name.ts";

describe("a graph's name becomes a Space's", () => {
  test.each([
    ["Loud thoughts", "loud-thoughts"],
    ["Café — été 2!", "cafe-ete-2"],
    ["a__b..c", "a-b-c"],
    ["  ", "daggr-app"],
    ["猫", "daggr-app"],
    ["-x-", "x"],
    ["a".repeat(200), "a".repeat(96)],
    [`${"a".repeat(95)} b`, "a".repeat(95)],
    ["repo.git", "repo-git"],
  ])("%j -> %s", (name, expected) => {
    expect(spaceNameOf(name)).toBe(expected);
    expect(() => checkSpaceName(spaceNameOf(name), "--name")).not.toThrow();
  });
});

test.each([
  ["my app", /may only have letters.*A name that works: my-app/],
  ["-x", /begin or end/],
  ["a--b", /may not have '--'/],
  ["a.git", /end with \.git/],
  ["a".repeat(97), /97 characters/],
  ["a/b/c", /no name of a Space/],
])("the name %j is refused", (name, message) => {
  expect(() => parseSpaceName(name)).toThrow(message);
});

test("a name may have its owner before it, or be the page's address", () => {
  expect(parseSpaceName("x")).toEqual({ name: "x" });
  expect(parseSpaceName("ada/x")).toEqual({ owner: "ada", name: "x" });
  expect(parseSpaceName("https://huggingface.co/spaces/ada/x")).toEqual({ owner: "ada", name: "x" });
});

test("an owner is the user or one of the user's organizations, in whatever case", () => {
  expect(ownerAmong(undefined, "ada", ["Lab"])).toBe("ada");
  expect(ownerAmong("lab", "ada", ["Lab"])).toBe("Lab");
  expect(() => ownerAmong("bob", "ada", ["Lab"])).toThrow(/ada, Lab/);
});
