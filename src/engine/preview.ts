import { isFileRef } from "../base/files.ts";

const LONGEST_TEXT = 300;
const LONGEST_LIST = 12;

/** A value cut short for a list of many: long texts and lists lose their ends, files stay whole. */
export function shorten(value: unknown, depth = 0): unknown {
  if (typeof value === "string")
    return value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}…` : value;
  if (typeof value !== "object" || value === null || isFileRef(value)) return value;
  if (depth > 4) return "…";
  if (Array.isArray(value)) return value.slice(0, LONGEST_LIST).map((item) => shorten(item, depth + 1));
  const entries = Object.entries(value).slice(0, 30);
  return Object.fromEntries(entries.map(([key, item]) => [key, shorten(item, depth + 1)]));
}

/** Whether a value takes more characters than these as JSON. No more of it is looked at than has to be. */
export function isLonger(value: unknown, limit: number): boolean {
  return room(value, limit) < 0;
}

/** What is left of so many characters after the value. */
function room(value: unknown, limit: number): number {
  if (typeof value === "string") return limit - value.length - 2;
  if (typeof value !== "object" || value === null) return limit - 8;
  let left = limit - 2;
  if (Array.isArray(value)) {
    for (const item of value) {
      left = room(item, left - 1);
      if (left < 0) return left;
    }
    return left;
  }
  for (const key of Object.keys(value)) {
    left = room((value as Record<string, unknown>)[key], left - key.length - 4);
    if (left < 0) return left;
  }
  return left;
}

export function shortenAll(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shorten(value)]));
}

/** What an item gave, in a few words. */
export function previewText(outputs: Readonly<Record<string, unknown>>): string | undefined {
  for (const value of Object.values(outputs)) {
    if (value === null || value === undefined) continue;
    const text =
      typeof value === "string" ? value : isFileRef(value) ? value.name : JSON.stringify(shorten(value));
    return text.length > 80 ? `${text.slice(0, 79)}…` : text;
  }
  return undefined;
}
