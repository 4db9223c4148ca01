import type { FileRef } from "../base/files.ts";

export type { ErrorData } from "../base/errors.ts";
export type { FileRef } from "../base/files.ts";
export { isFileRef } from "../base/files.ts";
export type { Json } from "../base/json.ts";

/** The colour family of a port. */
export type ValueType = "text" | "number" | "boolean" | "image" | "audio" | "video" | "file" | "json" | "any";

/** Where the page finds a file; the server answers only for files that the user owns. */
export function fileUrl(ref: FileRef): string {
  return `/files/${ref.id}/${encodeURIComponent(ref.name)}`;
}
