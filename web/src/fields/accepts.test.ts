import { expect, test } from "vitest";
import { kindFor } from "./accepts.ts";

const file = { $daggr: "file", id: "a".repeat(64), name: "a.png", mime: "image/png", size: 3 };

test("a value that fits is shown by its own kind", () => {
  expect(kindFor("textbox", "hello", {})).toEqual({ kind: "textbox", note: null });
  expect(kindFor("image", file, {})).toEqual({ kind: "image", note: null });
  expect(kindFor("dropdown", ["a"], { multiselect: true })).toEqual({ kind: "dropdown", note: null });
});

test("no value keeps the kind's own empty place", () => {
  expect(kindFor("image", null, {}).kind).toBe("image");
});

test("a value of another type is shown as JSON with a note", () => {
  expect(kindFor("image", { url: "http://x" }, {})).toMatchObject({
    kind: "json",
    note: expect.stringContaining("image"),
  });
  expect(kindFor("label", [1, 2], {}).kind).toBe("json");
  expect(kindFor("chatbot", [["a", "b"]], {}).kind).toBe("chatbot");
  expect(kindFor("chatbot", [{ role: 1 }], {}).kind).toBe("json");
  expect(kindFor("dataframe", { headers: [], data: "x" }, {}).kind).toBe("json");
});

test("an image slider takes two images, and nothing else", () => {
  expect(kindFor("imageslider", [file, file], {}).kind).toBe("imageslider");
  expect(kindFor("imageslider", [file, null], {}).kind).toBe("json");
  expect(kindFor("imageslider", file, {}).kind).toBe("json");
});

test("a kind that has no view yet is shown as JSON", () => {
  expect(kindFor("smell", { mark: "bar" }, {})).toEqual({ kind: "json", note: "smell is shown as JSON" });
  expect(kindFor("constructor", 1, {}).kind).toBe("json");
});
