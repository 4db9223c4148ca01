import { checkJson } from "../base/json-check.ts";
import { refuse } from "./refusal.ts";

/** Reads JSON that a stranger sent: an object, nested no deeper than `nesting`, with no key that reaches a prototype. */
export function parseJsonObject(text: string, nesting: number): Readonly<Record<string, unknown>> {
  if (text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse("MALFORMED_JSON", "The body is no JSON.");
  }
  if (!isObject(value)) throw refuse("MALFORMED_JSON", "The body must be a JSON object.");
  checkJson(value, nesting);
  return value;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
