import { DaggrError } from "./errors.ts";

/** What strangers' JSON is read with: throws for what is nested too deeply and for keys that reach a prototype. */
export function checkJson(value: unknown, nesting: number): void {
  if (typeof value !== "object" || value === null) return;
  if (nesting <= 0) throw new DaggrError("TOO_DEEP", "The value is nested too deeply.");
  if (Array.isArray(value)) {
    for (const item of value) checkJson(item, nesting - 1);
    return;
  }
  for (const key of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    if (key === "__proto__" || ((key === "constructor" || key === "prototype") && typeof item === "object"))
      throw new DaggrError("FORBIDDEN_KEY", `A value cannot have the key '${key}'.`);
    checkJson(item, nesting - 1);
  }
}
