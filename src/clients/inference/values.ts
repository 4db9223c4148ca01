import { openAsBlob } from "node:fs";
import mime from "mime";
import { DaggrError, describe } from "../../base/errors.ts";
import { type FileRef, type FileStore, isFileRef } from "../../base/files.ts";
import { clientError } from "../client-errors.ts";
import { outside } from "./transport.ts";

/** Where the values of one call come from and go to. */
export interface CallFiles {
  readonly files: FileStore;
  /** Inputs whose texts may be paths and addresses, because the user's own script gave them. */
  readonly trusted: ReadonlySet<string>;
  readonly signal?: AbortSignal;
}

export function wrongValue(port: string, expected: string, value: unknown): DaggrError {
  return new DaggrError("INVALID_VALUE", `Input '${port}' must be ${expected}, got ${describe(value)}.`, {
    port,
    expected,
    got: describe(value),
  });
}

export function textOf(value: unknown, port: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw wrongValue(port, "a text", value);
}

/** A list of texts; one text is taken apart at `separator`. */
export function textsOf(value: unknown, port: string, separator: RegExp): string[] {
  const list = typeof value === "string" ? value.split(separator).map((part) => part.trim()) : value;
  if (!Array.isArray(list)) throw wrongValue(port, "a list of texts", value);
  return list.map((item) => textOf(item, port)).filter((item) => item !== "");
}

/**
 * The content of a file, with its type, which becomes the request's. A text is a path or an address only where the
 * user's own script gave it; a data URL holds what it is.
 */
export async function blobOf(value: unknown, port: string, context: CallFiles): Promise<Blob> {
  const { files, trusted, signal } = context;
  if (isFileRef(value)) return openAsBlob(await files.path(value), { type: value.mime });
  if (typeof value === "string") {
    const inline = dataUrl(value);
    if (inline !== undefined) return inline;
    if (trusted.has(port) && /^https?:\/\//i.test(value)) return fetched(value, port, signal);
    if (trusted.has(port)) return blobOf(await files.put({ path: pathOf(value) }), port, context);
  }
  throw wrongValue(port, "a file", value);
}

function dataUrl(text: string): Blob | undefined {
  const match = /^data:([^,;]*)(?:;[^,;]*)*?(;base64)?,/.exec(text);
  if (match === null) return undefined;
  const body = text.slice(match[0].length);
  const bytes = match[2] === undefined ? Buffer.from(decodeURIComponent(body)) : Buffer.from(body, "base64");
  return new Blob([bytes], { type: match[1] ?? "" });
}

async function fetched(address: string, port: string, signal: AbortSignal | undefined): Promise<Blob> {
  const asked = outside(() => fetch(address, { signal: signal ?? null }));
  const response = await asked.catch((cause: unknown) => {
    throw new DaggrError("FILE_MISSING", `Input '${port}': ${address} cannot be fetched.`, { port, cause });
  });
  if (!response.ok)
    throw new DaggrError(
      "FILE_MISSING",
      `Input '${port}': ${address} answers with HTTP ${response.status}.`,
      {
        port,
      },
    );
  return response.blob();
}

const pathOf = (text: string): string =>
  text.startsWith("file://") ? decodeURIComponent(new URL(text).pathname) : text;

/** For messages: an address as it is where the script gave it, everything else as a data URL. */
export async function addressOf(value: unknown, port: string, context: CallFiles): Promise<string> {
  if (typeof value === "string" && context.trusted.has(port) && /^https?:\/\//i.test(value)) return value;
  const blob = await blobOf(value, port, context);
  return `data:${blob.type || "application/octet-stream"};base64,${await base64(blob)}`;
}

export async function base64(blob: Blob): Promise<string> {
  return Buffer.from(await blob.arrayBuffer()).toString("base64");
}

/** Keeps what a model made; its extension goes by its type, whatever the provider called it. */
export async function keep(blob: Blob, name: string, usual: string, files: FileStore): Promise<FileRef> {
  if (!(blob instanceof Blob) || blob.size === 0)
    throw clientError(
      "INFERENCE_ANSWER",
      `The model answered without ${name === "audio" ? "a sound" : `a ${name}`}.`,
    );
  const type = blob.type.split(";")[0]?.trim().toLowerCase() ?? "";
  if (/^(text\/|application\/json)/.test(type)) {
    throw clientError("INFERENCE_ANSWER", `The model answered with ${type} where a file was expected.`);
  }
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const extension = EXTENSIONS[type] ?? mime.getExtension(type) ?? "bin";
  return files.put({ bytes }, `${name}.${extension === "bin" ? (sniffed(bytes) ?? usual) : extension}`);
}

/** Names that people know, where the registry has several. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  "image/jpeg": "jpg",
  "audio/mpeg": "mp3",
  "audio/wav": "wav",
  "audio/x-wav": "wav",
  "audio/wave": "wav",
  "audio/flac": "flac",
  "audio/x-flac": "flac",
  "audio/ogg": "ogg",
  "video/mp4": "mp4",
};

/** Some providers give no type: the first bytes tell. */
function sniffed(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 16)).toString("latin1");
  if (head.startsWith("\x89PNG")) return "png";
  if (head.startsWith("\xff\xd8\xff")) return "jpg";
  if (head.startsWith("GIF8")) return "gif";
  if (head.startsWith("fLaC")) return "flac";
  if (head.startsWith("OggS")) return "ogg";
  if (head.startsWith("ID3") || /^\xff[\xfb\xf3\xf2]/.test(head)) return "mp3";
  if (head.startsWith("RIFF")) return { WAVE: "wav", WEBP: "webp", "AVI ": "avi" }[head.slice(8, 12)];
  if (head.slice(4, 8) === "ftyp") return "mp4";
  if (head.startsWith("\x1a\x45\xdf\xa3")) return "webm";
  return undefined;
}

/** The columns of a table, each a list of texts: what the Hub's table tasks take. */
export function columnsOf(value: unknown, port: string): Record<string, string[]> {
  const cell = (item: unknown): string => (item === null || item === undefined ? "" : String(item));
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const { headers, data } = value as { headers?: unknown; data?: unknown };
    if (Array.isArray(headers) && Array.isArray(data)) {
      const columns = headers.map((header, index): [string, string[]] => [
        String(header),
        data.map((row: unknown) => cell((row as unknown[])[index])),
      ]);
      return Object.fromEntries(columns);
    }
    const columns = Object.entries(value);
    if (columns.length > 0 && columns.every(([, column]) => Array.isArray(column)))
      return Object.fromEntries(columns.map(([name, column]) => [name, (column as unknown[]).map(cell)]));
  }
  throw wrongValue(port, "a table ({ headers, data }, or a list by column)", value);
}
