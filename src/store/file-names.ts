import { extname } from "node:path";

const LONGEST_BYTES = 120;

/** A file name that is safe on every system: no folders, no control or reserved characters, not hidden, not too long. */
export function safeFileName(name: string): string {
  const last = name.normalize("NFC").split(/[\\/]/).at(-1) ?? "";
  const clean = last
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to go.
    .replace(/[\u0000-\u001f\u007f<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "_")
    .replace(/^[.\s]+|[.\s]+$/g, "");
  const named = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(clean) ? `_${clean}` : clean;
  return shorten(named === "" ? "file" : named);
}

function shorten(name: string): string {
  const extension = extname(name).length <= 12 ? extname(name) : "";
  let stem = name.slice(0, name.length - extension.length);
  while (Buffer.byteLength(stem + extension) > LONGEST_BYTES) stem = [...stem].slice(0, -1).join("");
  return stem + extension;
}
