import { type FileRef, isFileRef } from "../../../src/protocol/values.ts";

/** A value in a few words, for a line among others. */
export function shortValue(value: unknown, longest = 120): string {
  const text = inOneLine(value);
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function inOneLine(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (isFileRef(value)) return value.name;
  if (typeof value === "string")
    return value.trim() === "" ? "empty text" : value.replace(/\s+/g, " ").trim();
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) {
    if (value.length === 0) return "empty list";
    return value.every((each) => isFileRef(each) || typeof each !== "object" || each === null)
      ? value.map((each) => inOneLine(each)).join(", ")
      : `${value.length} ${value.length === 1 ? "entry" : "entries"}`;
  }
  return JSON.stringify(value) ?? "nothing";
}

/** The first picture in a value: the file itself, of a gallery the first of it. */
export function pictureOf(value: unknown): FileRef | undefined {
  if (isFileRef(value)) return value.mime.startsWith("image/") ? value : undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : pictureOf(value[0]);
  if (typeof value !== "object" || value === null) return undefined;
  const { image, composite, background } = value as Record<string, unknown>;
  return pictureOf(image ?? composite ?? background);
}
