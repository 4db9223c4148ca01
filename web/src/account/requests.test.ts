import { expect, test } from "vitest";
import { initialsOf } from "./requests.ts";

test.each([
  [{ name: "ada" }, "A"],
  [{ name: "ada-l" }, "AL"],
  [{ name: "x", fullName: "Ada King Lovelace" }, "AL"],
  [{ name: "zoe", fullName: "" }, "Z"],
  [{ name: "7b", fullName: "李 明" }, "李明"],
  [{ name: "---" }, "-"],
])("%o", (user, initials) => {
  expect(initialsOf(user)).toBe(initials);
});
