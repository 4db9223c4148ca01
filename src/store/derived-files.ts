import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** What was made from kept files, in a folder beside them: `ab/<sha256>/<name>`. Losing it costs only time. */
export class DerivedFiles {
  readonly #folder: string;
  readonly #underWay = new Map<string, Promise<string>>();
  #number = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The path of what is called `name`; made by `make` the first time, once for everybody who asks meanwhile. */
  find(id: string, name: string, make: (path: string) => Promise<void>): Promise<string> {
    const path = join(this.#folderOf(id), name);
    let found = this.#underWay.get(path);
    if (found === undefined) {
      found = this.#findOrMake(path, make).finally(() => this.#underWay.delete(path));
      this.#underWay.set(path, found);
    }
    return found;
  }

  /** Removes what was made from files that are no longer kept. */
  async removeWithout(isKept: (id: string) => Promise<boolean>): Promise<void> {
    for (const shelf of await readdir(this.#folder).catch(() => [])) {
      for (const id of await readdir(join(this.#folder, shelf)).catch(() => [])) {
        if (!(await isKept(id))) await rm(this.#folderOf(id), { recursive: true, force: true });
      }
    }
  }

  #folderOf(id: string): string {
    return join(this.#folder, id.slice(0, 2), id);
  }

  async #findOrMake(path: string, make: (path: string) => Promise<void>): Promise<string> {
    // A power cut may leave an empty file: that is none.
    if ((await sizeOf(path)) > 0) return path;
    const incoming = `${path}.${process.pid}-${this.#number++}`;
    await mkdir(join(path, ".."), { recursive: true });
    try {
      await make(incoming);
      await rename(incoming, path);
    } catch (error) {
      await rm(incoming, { force: true });
      throw error;
    }
    return path;
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}
