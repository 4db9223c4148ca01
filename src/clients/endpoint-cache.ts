import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hashText } from "../base/json.ts";
import type { GradioDescription } from "./gradio-types.ts";

/** Raised whenever what is kept changes its shape. */
const VERSION = 2;

/** What apps offer, one file each. Losing it costs a request, so that no failure here is one. */
export class EndpointCache<T = GradioDescription> {
  readonly #folder: string | false;

  constructor(folder: string | false) {
    this.#folder = folder;
  }

  /** `key` is a Space's or a model's id, or an app's address. */
  async read(key: string): Promise<T | undefined> {
    if (this.#folder === false) return undefined;
    try {
      const { version, description } = JSON.parse(await readFile(this.#file(key), "utf8"));
      return version === VERSION ? description : undefined;
    } catch {
      return undefined;
    }
  }

  async write(key: string, description: T): Promise<void> {
    if (this.#folder === false) return;
    const file = this.#file(key);
    const temporary = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(temporary, JSON.stringify({ version: VERSION, key, description }), { mode: 0o600 });
      await rename(temporary, file);
    } catch {
      // A folder that cannot be written only makes the next start slower.
    }
  }

  #file(key: string): string {
    const readable = key
      .replace(/^https?:\/\//, "")
      .replace(/[^\w.-]+/g, "-")
      .slice(0, 60);
    return join(this.#folder as string, `${readable}-${hashText(key).slice(0, 12)}.json`);
  }
}
