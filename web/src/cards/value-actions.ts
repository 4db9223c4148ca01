import { fileUrl, isFileRef } from "../../../src/protocol/values.ts";

/** What "copy" puts on the clipboard: text as it is, everything else as JSON. */
export function copyText(value: unknown): string {
  if (typeof value === "string") return value;
  if (isFileRef(value)) return new URL(fileUrl(value), location.href).href;
  return JSON.stringify(value, null, 2);
}

const extensions: Readonly<Record<string, string>> = {
  code: "txt",
  markdown: "md",
  html: "html",
  textbox: "txt",
  textarea: "txt",
};

/** Saves a value as a file: a file under its own name, everything else as text or JSON. */
export function download(value: unknown, kind: string, label: string): void {
  const link = document.createElement("a");
  if (isFileRef(value)) {
    link.href = fileUrl(value);
    link.download = value.name;
    link.click();
    return;
  }
  const isText = typeof value === "string";
  const blob = new Blob([copyText(value)], { type: isText ? "text/plain" : "application/json" });
  link.href = URL.createObjectURL(blob);
  link.download = `${label.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "") || "value"}.${isText ? (extensions[kind] ?? "txt") : "json"}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
