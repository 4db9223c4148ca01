import type { ErrorData } from "../base/errors.ts";
import type { FileRef } from "../base/files.ts";

export type { ErrorData } from "../base/errors.ts";
export type { FileRef } from "../base/files.ts";
export { isFileRef } from "../base/files.ts";
export type { Json } from "../base/json.ts";

/** Which variant of a fallback does or did the work, and why those before it did not. */
export interface FallbackUse {
  /** Its name. */
  readonly variant: string;
  /** Its place among the variants; 0 is tried first. */
  readonly index: number;
  readonly failed: readonly {
    readonly variant: string;
    readonly error: Pick<ErrorData, "code" | "message">;
  }[];
}

/** `made by b, because a failed`; nothing to say of the first variant. */
export function fallbackInWords({ variant, failed }: FallbackUse, verb = "made"): string | undefined {
  if (failed.length === 0) return undefined;
  return `${verb} by ${variant}, because ${failed.map((each) => each.variant).join(" and ")} failed`;
}

/** The colour family of a port. */
export type ValueType = "text" | "number" | "boolean" | "image" | "audio" | "video" | "file" | "json" | "any";

/** Where the page finds a file; the server answers only for files that the user owns. */
export function fileUrl(ref: FileRef): string {
  return `/files/${ref.id}/${encodeURIComponent(ref.name)}`;
}

/** Thumbnails that the server makes: for a row of a list, a picture of a grid, a card; each twice as wide as it is shown. */
export const THUMBNAIL_WIDTHS = [96, 320, 640] as const;

export type ThumbnailWidth = (typeof THUMBNAIL_WIDTHS)[number];

/** What a reader has at once is not worth a second file. */
const SMALL_BYTES = 8_000;

/** A small picture of an image, for everywhere but full screen and download; the image itself where it is small. */
export function thumbnailUrl(ref: FileRef, width: ThumbnailWidth): string {
  return ref.size <= SMALL_BYTES ? fileUrl(ref) : `${fileUrl(ref)}?thumb=${width}`;
}
