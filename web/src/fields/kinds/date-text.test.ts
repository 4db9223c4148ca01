import { expect, test } from "vitest";
import { forPicker, nowText, zoneOf } from "./date-text.ts";

test("a picker gets what it can show", () => {
  expect(forPicker("2026-01-31 12:00:00", true)).toBe("2026-01-31T12:00:00");
  expect(forPicker("2026-01-31T12:00:00.250+02:00", true)).toBe("2026-01-31T12:00:00");
  expect(forPicker("2026-01-31", true)).toBe("2026-01-31T00:00:00");
  expect(forPicker("2026-01-31T12:00", true)).toBe("2026-01-31T12:00");
  expect(forPicker("2026-01-31T12:00:00Z", false)).toBe("2026-01-31");
  expect(forPicker(null, true)).toBe("");
});

test("the distance from UTC is what a text ends with, and no part of its date", () => {
  expect(zoneOf("2026-01-31T12:00:00Z")).toBe("Z");
  expect(zoneOf("2026-01-31T12:00:00-05:30")).toBe("-05:30");
  expect(zoneOf("2026-01-31")).toBeUndefined();
  expect(zoneOf("2026-01-31T12:00:00")).toBeUndefined();
});

test("now is what the clock on the wall shows there", () => {
  const now = new Date("2026-01-31T23:30:00Z");
  expect(nowText(now, "Z", true)).toBe("2026-01-31T23:30:00");
  expect(nowText(now, "+02:00", true)).toBe("2026-02-01T01:30:00");
  expect(nowText(now, "Asia/Tokyo", true)).toBe("2026-02-01T08:30:00");
  expect(nowText(now, "Asia/Tokyo", false)).toBe("2026-02-01");
  expect(nowText(now, "No/Where", false)).toMatch(/^2026-/);
});
