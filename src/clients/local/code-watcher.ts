import { type FSWatcher, watch } from "node:fs";

/** An editor writes in several steps. */
const SETTLE_MS = 100;

/** Tells that something happened in one of its folders; whoever hears it looks at what. Keeps no process alive. */
export class CodeWatcher {
  readonly #onChange: () => void;
  readonly #folders = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  watch(folders: readonly string[]): void {
    for (const [folder, watcher] of this.#folders) {
      if (folders.includes(folder)) continue;
      watcher.close();
      this.#folders.delete(folder);
    }
    for (const folder of folders) {
      if (this.#folders.has(folder)) continue;
      try {
        const watcher = watch(folder, { persistent: false }, (_, name) => this.#heard(name));
        watcher.on("error", () => this.#folders.delete(folder));
        this.#folders.set(folder, watcher);
      } catch {
        // The code is looked at before each call, too.
      }
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#folders.values()) watcher.close();
    this.#folders.clear();
  }

  #heard(name: string | null): void {
    if (name !== null && !/\.py$|requirements\.txt$|^README\.md$/.test(name)) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onChange, SETTLE_MS).unref();
  }
}
