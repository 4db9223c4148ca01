/**
 * A file inside a value, as everything but user functions sees it: by id, never by path.
 * The marker keeps it apart from a user's own objects.
 */
export interface FileRef {
  readonly $daggr: "file";
  /** SHA-256 of the content, in hex. */
  readonly id: string;
  /** File name with extension, without folders. */
  readonly name: string;
  /** MIME type. */
  readonly mime: string;
  /** Bytes. */
  readonly size: number;
  /** Of a picture that was drawn on: what it was put together from, to go on drawing. */
  readonly drawing?: Drawing;
}

/** The parts of a drawn picture, as Gradio's ImageEditor has them; the picture itself is their composite. */
export interface Drawing {
  readonly background: FileRef | null;
  /** From the lowest to the topmost. */
  readonly layers: readonly FileRef[];
}

/** The same picture with its drawing, every file of which is replaced; what is no drawing is left out. */
export async function keepDrawing(
  picture: FileRef,
  drawing: unknown,
  replace: (ref: FileRef) => Promise<FileRef>,
): Promise<FileRef> {
  if (typeof drawing !== "object" || drawing === null) return picture;
  const { background, layers } = drawing as Partial<Drawing>;
  if (!Array.isArray(layers) || !layers.every(isFileRef)) return picture;
  return {
    ...picture,
    drawing: {
      background: isFileRef(background) ? await replace(background) : null,
      layers: await Promise.all(layers.map(replace)),
    },
  };
}

/** What a new file is made from. */
export type FileSource =
  | { readonly path: string }
  | { readonly bytes: Uint8Array }
  | { readonly stream: AsyncIterable<Uint8Array> };

/** Where files are kept, by content. Written to a temporary name, synced, then renamed. */
export interface FileStore {
  /** Copies a file in. `name` gives name and type; without it the path's own. Throws `FILE_MISSING` when there is none. */
  put(source: FileSource, name?: string): Promise<FileRef>;
  /** A path that may be read, with the ref's own extension. Throws `FILE_MISSING` when the content is not kept. */
  path(ref: FileRef): Promise<string>;
  /** The ref of a kept file, or `undefined`. */
  find(id: string): Promise<FileRef | undefined>;
  /**
   * The path of what is made from a kept file, such as a thumbnail: by `make`, which writes to the path it is given, the
   * first time only, however many ask. Removed with the file. Rejects as `make` does, and then keeps nothing.
   */
  derive?(ref: FileRef, name: string, make: (path: string) => Promise<void>): Promise<string>;
  /** How a worker thread opens the same store: `module` (a URL) exports `openFiles(folder)`. */
  readonly reopen?: { readonly module: string; readonly folder: string };
}

export function isFileRef(value: unknown): value is FileRef {
  return (
    typeof value === "object" &&
    value !== null &&
    (value as { $daggr?: unknown }).$daggr === "file" &&
    typeof (value as { id?: unknown }).id === "string" &&
    /^[0-9a-f]{64}$/.test((value as FileRef).id)
  );
}

/** Replaces every file in a value, however deep; everything else is kept as it is (the same object where nothing changed). */
export async function mapFileRefs(
  value: unknown,
  replace: (ref: FileRef) => Promise<unknown>,
): Promise<unknown> {
  if (typeof value !== "object" || value === null) return value;
  if (isFileRef(value)) return replace(value);
  if (Array.isArray(value)) {
    let changed = false;
    const items = await Promise.all(
      value.map(async (item) => {
        const mapped = await mapFileRefs(item, replace);
        if (mapped !== item) changed = true;
        return mapped;
      }),
    );
    return changed ? items : value;
  }
  let changed = false;
  const record: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const mapped = await mapFileRefs(item, replace);
    if (mapped !== item) changed = true;
    record[key] = mapped;
  }
  return changed ? record : value;
}

/** Every file in a value. */
export function fileRefsIn(value: unknown, found: FileRef[] = []): FileRef[] {
  if (isFileRef(value)) {
    found.push(value);
    if (value.drawing !== undefined) fileRefsIn(value.drawing, found);
  } else if (Array.isArray(value)) for (const item of value) fileRefsIn(item, found);
  else if (typeof value === "object" && value !== null)
    for (const item of Object.values(value)) fileRefsIn(item, found);
  return found;
}
