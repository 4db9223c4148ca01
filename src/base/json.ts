import { hash as digest } from "node:crypto";

/** Any value that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** JSON with sorted keys, so that equal values give equal text. `undefined` entries are left out. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== "object") {
    if (typeof value === "string") return JSON.stringify(value);
    if (typeof value === "number") return Number.isFinite(value) ? String(value) : "null";
    if (typeof value === "boolean") return value ? "true" : "false";
    if (typeof value === "bigint") return `"${value}n"`;
    return "null";
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const own = "toJSON" in value && typeof value.toJSON === "function" ? value.toJSON() : value;
  if (own !== value) return canonicalJson(own);
  const record = value as Record<string, unknown>;
  const parts: string[] = [];
  for (const key of Object.keys(record).sort()) {
    if (record[key] !== undefined) parts.push(`${JSON.stringify(key)}:${canonicalJson(record[key])}`);
  }
  return `{${parts.join(",")}}`;
}

/** SHA-256 of a text, in hex. */
export function hashText(text: string): string {
  return digest("sha256", text, "hex");
}

const remembered = new WeakMap<object, string>();

/** SHA-256 of a value's canonical JSON. Large objects are remembered: do not change one after hashing it. */
export function hashValue(value: unknown): string {
  if (typeof value !== "object" || value === null) return hashText(canonicalJson(value));
  let hash = remembered.get(value);
  if (hash === undefined) {
    hash = hashText(canonicalJson(value));
    remembered.set(value, hash);
  }
  return hash;
}
