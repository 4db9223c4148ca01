import { expect, test } from "vitest";
import { requestPath } from "./request-path.ts";

test.each([
  ["/", []],
  ["/app", ["app"]],
  ["/app?x=/../", ["app"]],
  ["/files/abc/cat%20one.png", ["files", "abc", "cat one.png"]],
  ["/files/abc/100%25.png", ["files", "abc", "100%.png"]],
  ["/a/", ["a", ""]],
])("reads %s", (target, segments) => {
  expect(requestPath(target)).toEqual(segments);
});

test.each([
  "",
  "*",
  "x",
  "http://evil.example/",
  "//x",
  "/a//b",
  "/../x",
  "/a/./b",
  "/%2e%2e/x",
  "/a%2fb",
  "/a%5cb",
  "/a\\b",
  "/%00",
  "/%zz",
  "/%ff",
  "/ü",
  "/a b",
  "/a#b",
])("refuses %s", (target) => {
  expect(requestPath(target)).toBeUndefined();
});
