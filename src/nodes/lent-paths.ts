import { type FileRef, type FileStore, isFileRef, mapFileRefs } from "../base/files.ts";

/** Every text in a value. */
export function textsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value === "string") found.add(value);
  else if (Array.isArray(value)) for (const item of value) textsIn(item, found);
  else if (typeof value === "object" && value !== null && !isFileRef(value))
    for (const item of Object.values(value)) textsIn(item, found);
  return found;
}

/** Hands files to a hook as paths, and knows them again in what it returns, wherever they stand. */
export class LentPaths {
  readonly #refs = new Map<string, FileRef>();
  readonly #files: FileStore;

  constructor(files: FileStore) {
    this.#files = files;
  }

  /** The value with paths for its files. */
  lend(value: unknown): Promise<unknown> {
    return mapFileRefs(value, async (ref) => {
      const path = await this.#files.path(ref);
      this.#refs.set(path, ref);
      return path;
    });
  }

  /** The value with files for exactly the paths that were lent. */
  takeBack(value: unknown): unknown {
    if (typeof value === "string") return this.#refs.get(value) ?? value;
    if (Array.isArray(value)) return value.map((item) => this.takeBack(item));
    if (typeof value !== "object" || value === null || isFileRef(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.takeBack(item)]));
  }
}
