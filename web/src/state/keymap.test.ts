import { expect, test } from "vitest";
import { chordWords, isChord } from "./keymap.ts";

const press = (
  key: string,
  held: Partial<Record<"ctrlKey" | "metaKey" | "shiftKey" | "altKey", boolean>> = {},
) => ({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held }) as KeyboardEvent;

test("a chord is its key with exactly its modifiers, Ctrl or Cmd", () => {
  expect(isChord(press("z", { ctrlKey: true }), "Mod+Z")).toBe(true);
  expect(isChord(press("z", { metaKey: true }), "Mod+Z")).toBe(true);
  expect(isChord(press("Z", { ctrlKey: true, shiftKey: true }), "Mod+Z")).toBe(false);
  expect(isChord(press("Z", { ctrlKey: true, shiftKey: true }), "Mod+Shift+Z")).toBe(true);
  expect(isChord(press("z"), "Mod+Z")).toBe(false);
  expect(isChord(press("z", { ctrlKey: true, altKey: true }), "Mod+Z")).toBe(false);
  expect(isChord(press("Enter", { shiftKey: true }), "Shift+Enter")).toBe(true);
  expect(isChord(press("Enter", { shiftKey: true }), "Enter")).toBe(false);
});

test("a sign is itself on every keyboard, whether it needs Shift or not", () => {
  expect(isChord(press("?", { shiftKey: true }), "?")).toBe(true);
  expect(isChord(press("+", { shiftKey: true }), "+")).toBe(true);
  expect(isChord(press("+"), "+")).toBe(true);
  expect(isChord(press("+", { ctrlKey: true }), "+")).toBe(false);
  expect(isChord(press("!", { shiftKey: true }), "1")).toBe(false);
});

test("chords are said as they are printed on the keys", () => {
  expect(chordWords("Mod+Shift+Z", false)).toBe("Ctrl Shift Z");
  expect(chordWords("Mod+K", true)).toBe("⌘ K");
  expect(chordWords("+", false)).toBe("+");
  expect(chordWords("Escape", false)).toBe("Esc");
});
