import type { FileRef } from "../../../../src/protocol/values.ts";

const endings: Readonly<Record<string, string>> = {
  image: "png jpg jpeg gif webp avif bmp svg ico heic heif tif tiff",
  audio: "wav mp3 ogg oga opus flac m4a aac weba aif aiff wma",
  video: "mp4 m4v webm ogv mov mkv avi mpg mpeg wmv",
  text: "txt md csv tsv json jsonl log xml yaml yml html css js ts py srt vtt ini toml",
  model: "glb gltf obj stl ply splat",
};

export function endingOf(name: string): string {
  const at = name.lastIndexOf(".");
  return at < 0 ? "" : name.slice(at + 1).toLowerCase();
}

/** What a file is, by its type or, where that says nothing, by its name's ending: `image`, `audio`, … or `other`. */
export function sortOf(file: {
  readonly name: string;
  readonly type?: string;
  readonly mime?: string;
}): string {
  const ending = endingOf(file.name);
  const byName = Object.keys(endings).find((sort) => endings[sort]!.split(" ").includes(ending));
  if (byName !== undefined) return byName;
  const [sort = ""] = (file.type ?? file.mime ?? "").split("/");
  return sort in endings ? sort : "other";
}

/** Gradio's `fileTypes` (`image`, `.csv`, `text/csv`) and the accept attribute's words (`image/*`), as a list. */
export function acceptedTypes(types: unknown): string[] {
  const list = typeof types === "string" ? types.split(",") : Array.isArray(types) ? types.map(String) : [];
  return list.map((type) => type.trim().toLowerCase()).filter((type) => type !== "" && type !== "file");
}

/** The `accept` attribute for a list of types. */
export function acceptAttribute(types: readonly string[]): string {
  return types
    .map((type) =>
      type.startsWith(".") || type.includes("/") ? type : type === "text" ? "text/*" : `${type}/*`,
    )
    .join(",");
}

/** Why this file is not taken, in a sentence; `null` where it is. */
export function mismatch(
  file: { readonly name: string; readonly type: string },
  types: readonly string[],
): string | null {
  if (types.length === 0 || types.some((type) => fits(file, type))) return null;
  return `${file.name} is not taken here: expected ${sentenceOf(types)}. Choose another file.`;
}

function fits(file: { readonly name: string; readonly type: string }, type: string): boolean {
  if (type.startsWith(".")) return file.name.toLowerCase().endsWith(type);
  const [sort = "", rest = "*"] = type.split("/");
  if (rest === "*") return sortOf(file) === sort || file.type.startsWith(`${sort}/`);
  return file.type === type;
}

const nouns: Readonly<Record<string, string>> = {
  image: "an image",
  audio: "a sound",
  video: "a video",
  text: "a text",
  model: "a 3D model",
};

function sentenceOf(types: readonly string[]): string {
  const words = types.map((type) => nouns[type.replace(/\/\*$/, "")] ?? type);
  return new Intl.ListFormat("en", { type: "disjunction" }).format([...new Set(words)]);
}

export function sortOfRef(file: FileRef): string {
  return sortOf(file);
}
