import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { copyFile, link, mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { basename, extname, join, resolve } from "node:path";
import mime from "mime";
import { DaggrError } from "../base/errors.ts";
import type { FileRef, FileSource, FileStore } from "../base/files.ts";
import { DerivedFiles } from "./derived-files.ts";
import { safeFileName } from "./file-names.ts";
import { readSource } from "./file-sources.ts";
import { toStoreError } from "./store-errors.ts";

/**
 * Files in a folder, by content: `ab/<sha256>/<name>`. A file that comes again under another name is linked, not
 * copied, so that a path always has the name and the extension that its ref says.
 */
export class FolderFileStore implements FileStore {
  readonly folder: string;
  readonly #derived: DerivedFiles;
  #number = 0;

  constructor(folder: string) {
    this.folder = resolve(folder);
    this.#derived = new DerivedFiles(join(this.folder, "derived"));
    try {
      mkdirSync(join(this.folder, "incoming"), { recursive: true });
    } catch (error) {
      throw toStoreError(error, this.folder);
    }
  }

  get reopen(): { readonly module: string; readonly folder: string } {
    return { module: import.meta.url, folder: this.folder };
  }

  async put(source: FileSource, name?: string): Promise<FileRef> {
    const safe = safeFileName(name ?? ("path" in source ? basename(source.path) : "file"));
    const incoming = join(this.folder, "incoming", `${process.pid}-${Date.now()}-${this.#number++}`);
    try {
      const { id, size } = await this.#receive(source, incoming);
      await this.#keep(incoming, id, safe);
      return makeRef(id, safe, size);
    } catch (error) {
      await rm(incoming, { force: true });
      throw "path" in source && (error as NodeJS.ErrnoException).path === source.path
        ? unreadable(source.path, error)
        : toStoreError(error, this.folder);
    }
  }

  async path(ref: FileRef): Promise<string> {
    const folder = this.folderOf(ref.id);
    const kept = await this.#names(ref.id);
    const safe = safeFileName(ref.name);
    if (kept.includes(safe)) return join(folder, safe);
    // Another name with this extension will do: a ref from outside cannot fill the folder with names.
    const similar = kept.find((name) => extname(name) === extname(safe));
    if (similar !== undefined) return join(folder, similar);
    const [first] = kept;
    if (first === undefined) throw missing(ref.name);
    await linkOrCopy(join(folder, first), join(folder, safe));
    return join(folder, safe);
  }

  async find(id: string): Promise<FileRef | undefined> {
    if (!/^[0-9a-f]{64}$/.test(id)) return undefined;
    const [name] = await this.#names(id);
    if (name === undefined) return undefined;
    const { size } = await stat(join(this.folderOf(id), name));
    return makeRef(id, name, size);
  }

  derive(ref: FileRef, name: string, make: (path: string) => Promise<void>): Promise<string> {
    return this.#derived.find(ref.id, name, make);
  }

  /** Removes files that `isReferenced` does not know and that nobody has put within `graceMs`; returns how many. */
  async removeUnreferenced(isReferenced: (id: string) => boolean, graceMs: number): Promise<number> {
    let removed = 0;
    for (const shelf of await readdir(this.folder)) {
      if (!/^[0-9a-f]{2}$/.test(shelf)) continue;
      for (const id of await readdir(join(this.folder, shelf))) {
        if (isReferenced(id) || !(await isOlder(this.folderOf(id), graceMs))) continue;
        await rm(this.folderOf(id), { recursive: true, force: true });
        removed++;
      }
    }
    await this.#derived.removeWithout(async (id) => (await this.#names(id)).length > 0);
    for (const name of await readdir(join(this.folder, "incoming"))) {
      const path = join(this.folder, "incoming", name);
      if (await isOlder(path, Math.max(graceMs, 60_000))) await rm(path, { force: true });
    }
    return removed;
  }

  /** Where the content with this id is, or would be. */
  folderOf(id: string): string {
    return join(this.folder, id.slice(0, 2), id);
  }

  async #names(id: string): Promise<readonly string[]> {
    return (await readdir(this.folderOf(id)).catch(() => [])).sort();
  }

  async #receive(
    source: FileSource,
    incoming: string,
  ): Promise<{ readonly id: string; readonly size: number }> {
    const hash = createHash("sha256");
    let size = 0;
    const chunks = readSource(source);
    const handle = await open(incoming, "wx");
    try {
      for await (const chunk of chunks) {
        hash.update(chunk);
        size += chunk.byteLength;
        await handle.writeFile(chunk);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    return { id: hash.digest("hex"), size };
  }

  async #keep(incoming: string, id: string, name: string): Promise<void> {
    const folder = this.folderOf(id);
    await mkdir(folder, { recursive: true });
    // The age of the folder is what keeps a file that nothing refers to yet from being collected.
    const now = new Date();
    await utimes(folder, now, now);
    const [kept] = await this.#names(id);
    if (kept === undefined) await rename(incoming, join(folder, name));
    else {
      await linkOrCopy(join(folder, kept), join(folder, name));
      await rm(incoming, { force: true });
    }
    await syncFolder(folder);
  }
}

/** How a file with this name is told; its type is never taken on trust. */
export function makeRef(id: string, name: string, size: number): FileRef {
  return { $daggr: "file", id, name, mime: mime.getType(name) ?? "application/octet-stream", size };
}

function missing(name: string): DaggrError {
  return new DaggrError("FILE_MISSING", `The file '${name}' is not kept any more.`);
}

function unreadable(path: string, cause: unknown): DaggrError {
  return new DaggrError("FILE_MISSING", `'${path}' cannot be read: ${(cause as Error).message}.`, { cause });
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return;
    await copyFile(from, `${to}.copy`);
    await rename(`${to}.copy`, to);
  }
}

async function isOlder(path: string, ms: number): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  return info !== undefined && info.mtimeMs <= Date.now() - ms;
}

/** Makes a rename survive a power cut; where folders cannot be synced (Windows) there is nothing to do. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

/** Opens the store of another thread or process once more. */
export function openFiles(folder: string): FileStore {
  return new FolderFileStore(folder);
}
