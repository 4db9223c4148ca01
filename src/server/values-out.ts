import { isFileRef } from "../base/files.ts";
import { fileUrl } from "../protocol/values.ts";

/** The value with every file as its URL under `/files/`; the same object where there is none. */
export function withFileUrls(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isFileRef(value)) return fileUrl(value);
  if (Array.isArray(value)) {
    const items = value.map(withFileUrls);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  let changed: Record<string, unknown> | undefined;
  for (const [key, item] of Object.entries(value)) {
    const mapped = withFileUrls(item);
    if (mapped === item) continue;
    changed ??= { ...value };
    changed[key] = mapped;
  }
  return changed ?? value;
}
