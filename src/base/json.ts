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
  // What JSON would call {}: two different ones must not count as equal.
  if (value instanceof Map || value instanceof Set) return canonicalJson([...value]);
  if (value instanceof RegExp) return JSON.stringify(String(value));
  const own = "toJSON" in value && typeof value.toJSON === "function" ? value.toJSON() : value;
  if (own !== value) return canonicalJson(own);
  const record = value as Record<string, unknown>;
  const parts: string[] = [];
  for (const key of Object.keys(record).sort()) {
    if (record[key] !== undefined) parts.push(`${JSON.stringify(key)}:${canonicalJson(record[key])}`);
  }
  return `{${parts.join(",")}}`;
}

/**
 * Plain data only: what a worker thread, a database and a browser can carry alike. Big integers and what a value is
 * called by are texts. Throws for what contains itself; `onLost` hears of what JSON has nothing of (a Map, a promise).
 */
export function plainValue(value: unknown, onLost?: (lost: object) => void): unknown {
  if (typeof value === "bigint" || typeof value === "function" || typeof value === "symbol")
    return String(value);
  if (typeof value !== "object" || value === null) return value ?? null;
  const text = JSON.stringify(value, (_, item) => {
    if (typeof item === "bigint") return String(item);
    if (onLost !== undefined && isLost(item)) onLost(item);
    return item;
  });
  return text === undefined ? null : JSON.parse(text);
}

/** An object of a class that keeps everything inside. */
function isLost(item: unknown): item is object {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return false;
  const prototype = Object.getPrototypeOf(item);
  return prototype !== Object.prototype && prototype !== null && Object.keys(item).length === 0;
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
