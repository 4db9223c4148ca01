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

/** Throws for what is nested too deeply and for keys that reach a prototype. */
export function checkJson(value: unknown, nesting: number): void {
  if (typeof value !== "object" || value === null) return;
  if (nesting <= 0) throw refuse("TOO_DEEP", "The value is nested too deeply.");
  if (Array.isArray(value)) {
    for (const item of value) checkJson(item, nesting - 1);
    return;
  }
  for (const key of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    if (key === "__proto__" || ((key === "constructor" || key === "prototype") && typeof item === "object")) {
      throw refuse("FORBIDDEN_KEY", `A value cannot have the key '${key}'.`);
    }
    checkJson(item, nesting - 1);
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
