import { expect, test } from "vitest";
import { shownPart } from "./long-text.ts";

test("a text of usual length is shown whole, a huge one in part, more of it where it is large", () => {
  expect(shownPart("short", false)).toBe("short");
  const huge = "x".repeat(5_000_000);
  expect(shownPart(huge, false)).toHaveLength(50_000);
  expect(shownPart(huge, true)).toHaveLength(200_000);
});

test("the part ends with a line where that is near, and never within a character", () => {
  expect(shownPart("a line\n".repeat(20_000), false)).toMatch(/a line\n$/);
  expect(shownPart(`x${"😀".repeat(100_000)}`, false)).toMatch(/😀$/u);
});
