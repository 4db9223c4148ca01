import { type FileRef, fileUrl, isFileRef } from "../../../src/protocol/values.ts";
import { writeText } from "../fields/write-text.ts";

/** What "copy" puts on the clipboard: text as it is, everything else as JSON. */
export function copyText(value: unknown): string {
  if (typeof value === "string") return value;
  if (isFileRef(value)) return new URL(fileUrl(value), location.href).href;
  return JSON.stringify(value, null, 2);
}

/** Puts the value on the clipboard: a picture as one, everything else as text. */
export async function copy(given: unknown): Promise<void> {
  const value = wholeOf(given);
  if (!isPicture(value)) return writeText(copyText(value));
  const { pngOf } = await import("../fields/pictures/png.ts");
  // The blob as a promise: a browser that wants a gesture does not wait for the picture.
  await navigator.clipboard.write([new ClipboardItem({ "image/png": pngOf(fileUrl(value)) })]);
}

export const isPicture = (value: unknown): value is FileRef =>
  isFileRef(value) && value.mime.startsWith("image/");

/** Of a drawn picture in its parts, the whole. */
function wholeOf(value: unknown): unknown {
  const composite =
    typeof value === "object" && value !== null && "composite" in value ? value.composite : null;
  return isPicture(composite) ? composite : value;
}

const extensions: Readonly<Record<string, string>> = {
  code: "txt",
  markdown: "md",
  html: "html",
  textbox: "txt",
  textarea: "txt",
};

/** Saves a value as a file: a file under its own name, everything else as text or JSON. */
export function download(given: unknown, kind: string, label: string): void {
  const value = wholeOf(given);
  const link = document.createElement("a");
  if (isFileRef(value)) {
    link.href = fileUrl(value);
    link.download = value.name;
    link.click();
    return;
  }
  const isText = typeof value === "string";
  const blob = new Blob([copyText(value)], { type: isText ? "text/plain" : "application/json" });
  save(blob, fileName(label, isText ? (extensions[kind] ?? "txt") : "json"));
}

/** `Sold by month` is `Sold-by-month.png`. */
export function fileName(label: string, extension: string): string {
  return `${label.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "") || "value"}.${extension}`;
}

export function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
