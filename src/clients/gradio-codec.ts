import type { Json } from "../base/json.ts";

/** A file as it travels. */
export interface FileData {
  readonly path: string | null;
  readonly url?: string | null;
  readonly orig_name?: string | null;
  readonly size?: number | null;
  readonly mime_type?: string | null;
  readonly is_stream?: boolean | null;
  readonly meta?: { readonly _type: string };
}

/** A returned file that is still on the server. */
export class RemoteFile {
  readonly data: FileData;
  /** Of an editor's picture: what it is put together from. */
  readonly drawing: RemoteDrawing | undefined;
  constructor(data: FileData, drawing?: RemoteDrawing) {
    this.data = data;
    this.drawing = drawing;
  }
}

export interface RemoteDrawing {
  readonly background: RemoteFile | null;
  readonly layers: readonly RemoteFile[];
}

/** A value does not have the shape its component needs. */
export class ShapeError extends Error {
  readonly expected: string;
  constructor(expected: string) {
    super(`expected ${expected}`);
    this.expected = expected;
  }
}

/** Uploads a file of daggr's; throws a {@link ShapeError} for what is none. */
export interface EncodeFile {
  (value: unknown): Promise<unknown>;
  /** Whether a value is certainly a file. */
  isFile(value: unknown): boolean;
}

/** How one component's value travels. Neither side sees null. */
export interface Codec {
  decode(value: unknown, schema: Json): unknown;
  encode?(value: unknown, file: EncodeFile, schema: Json): unknown;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A file as Gradio marks it, or `undefined`. Images may come as a URL alone. */
export function remoteFile(value: unknown): RemoteFile | undefined {
  if (!isRecord(value)) return undefined;
  const { path, url, meta } = value;
  const isMarked = isRecord(meta) && meta["_type"] === "gradio.FileData";
  const isOld = meta === undefined && typeof path === "string" && "orig_name" in value;
  if (!isMarked && !isOld) return undefined;
  return typeof path === "string" || typeof url === "string"
    ? new RemoteFile(value as unknown as FileData)
    : undefined;
}

export function listOf(value: unknown, expected: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new ShapeError(expected);
  return value;
}
