import { expect, test } from "vitest";
import { type Entry, excerpt, find, textOf } from "./search.ts";

const entry = (title: string, kind: Entry["kind"] = "Steps", rest: Partial<Entry> = {}): Entry => ({
  id: title,
  kind,
  title,
  detail: "",
  ...rest,
});
const titles = (entries: readonly Entry[], typed: string, recent: readonly string[] = []) =>
  find(entries, typed, recent).flatMap((group) => group.entries.map(({ title }) => title));

const podcast = [
  entry("host voice"),
  entry("write script"),
  entry("show_scene"),
  entry("Samples", "Ports", { isQuiet: true }),
  entry("Topic", "Inputs"),
  entry("an octopus writes", "Values", { isQuiet: true }),
  entry("Run all", "Commands", { keys: "Ctrl Enter" }),
  entry("Run write script", "Commands", { isQuiet: true }),
  entry("Dark theme", "Commands"),
  entry("Stop", "Commands", { isOff: true }),
];

test("what begins with the text comes first, then a word that does, then letters inside", () => {
  const [first, second] = find(podcast, "s", []);
  expect(first).toMatchObject({ kind: "Steps" });
  expect(first?.entries.map(({ title }) => title)).toEqual(["show_scene", "write script", "host voice"]);
  expect(second?.entries.map(({ title }) => title)).toEqual(["Samples"]);
});

test("what concerns everything comes before the same of one step", () => {
  expect(
    titles([entry("Run a", "Commands", { isQuiet: true }), entry("Run all", "Commands")], "run"),
  ).toEqual(["Run all", "Run a"]);
});

test("letters that begin words find what has them", () => {
  expect(titles(podcast, "ws")).toEqual(["write script", "Run write script"]);
  expect(titles(podcast, "hv")).toEqual(["host voice"]);
  expect(titles(podcast, "dth")).toEqual(["Dark theme"]);
  expect(titles(podcast, "xq")).toEqual([]);
});

test("every word must be found, in the name or around it", () => {
  expect(titles(podcast, "write run")).toEqual(["Run write script"]);
  expect(titles([entry("cover", "Steps", { detail: "owner/flux, failed" })], "cover failed")).toEqual([
    "cover",
  ]);
  expect(titles([entry("cover")], "cover failed")).toEqual([]);
});

test("the text of values is found, after names that fit", () => {
  expect(titles(podcast, "octopus")).toEqual(["an octopus writes"]);
  expect(titles(podcast, "write")[0]).toBe("write script");
  expect(titles(podcast, "write")).toContain("an octopus writes");
});

test("> narrows to commands, and lists all of them", () => {
  expect(new Set(find(podcast, ">", []).map(({ kind }) => kind))).toEqual(new Set(["Commands"]));
  expect(titles(podcast, ">")).toContain("Run write script");
  expect(titles(podcast, ">run")).toEqual(["Run all", "Run write script"]);
});

test("with nothing typed what was used last comes first, once", () => {
  const shown = find(podcast, "", ["Dark theme", "gone", "Stop"]);
  expect(shown[0]).toMatchObject({ kind: "Recent", entries: [{ title: "Dark theme" }] });
  expect(titles(podcast, "", ["Dark theme"]).filter((title) => title === "Dark theme")).toHaveLength(1);
  expect(titles(podcast, "")).not.toContain("Samples");
});

test("of two that fit alike the one that was used lately wins; what cannot be done now goes last", () => {
  expect(titles([entry("tone"), entry("tune")], "t", ["tune"])).toEqual(["tune", "tone"]);
  expect(
    titles([entry("Stop it", "Commands", { isOff: true }), entry("stone wall", "Commands")], "st"),
  ).toEqual(["stone wall", "Stop it"]);
});

test("values are looked through as text: files by name, lists as JSON, nothing as nothing", () => {
  expect(textOf({ $daggr: "file", id: "a".repeat(64), name: "cat.png", mime: "image/png", size: 1 })).toBe(
    "cat.png",
  );
  expect(textOf(["a", 1])).toBe('["a",1]');
  expect(textOf([])).toBe("");
  expect(textOf(null)).toBe("");
  expect(textOf(0)).toBe("0");
  expect(excerpt("far away in a long text\nthere was an octopus", "octopus")).toBe(
    "…g text there was an octopus",
  );
});
