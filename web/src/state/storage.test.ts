import { expect, test } from "vitest";
import { keptIn } from "./storage.ts";

const forbidden = () => {
  throw new DOMException("Access is denied for this document.", "SecurityError");
};

test("without storage a page remembers for itself, and says that it does not last", () => {
  const kept = keptIn(forbidden);
  expect(kept.getItem("theme")).toBeNull();
  expect(kept.setItem("theme", "dark")).toBe(false);
  expect(kept.getItem("theme")).toBe("dark");
  kept.removeItem("theme");
  expect(kept.getItem("theme")).toBeNull();
});

test("when the room is full the newest is known, and what was there before does not come back", () => {
  const there = new Map([["theme", "light"]]);
  const full = {
    getItem: (key: string) => there.get(key) ?? null,
    setItem: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
    removeItem: (key: string) => void there.delete(key),
  };
  const kept = keptIn(() => full as unknown as Storage);
  expect(kept.setItem("theme", "dark")).toBe(false);
  expect(kept.getItem("theme")).toBe("dark");
  kept.removeItem("theme");
  expect(kept.getItem("theme")).toBeNull();
});
