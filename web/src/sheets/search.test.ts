import { expect, test } from "vitest";
import { byNearness } from "./search.ts";

const hit = (title: string) => ({ id: title, title, detail: "" });
const titles = (text: string, ...all: string[]) =>
  byNearness(all.map(hit), text.split(" ").filter(Boolean)).map(({ title }) => title);

test("what begins with the text comes first, then a word that does, then the graph's order", () => {
  expect(titles("s", "host voice", "show_scene", "Episode", "write script", "Samples")).toEqual([
    "show_scene",
    "Samples",
    "write script",
    "host voice",
    "Episode",
  ]);
});

test("without a text the order stays", () => {
  expect(titles("", "b", "a")).toEqual(["b", "a"]);
});
