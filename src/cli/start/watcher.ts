import { createHash } from "node:crypto";
import { type FSWatcher, readFileSync, unwatchFile, watch, watchFile } from "node:fs";
import { basename, dirname, join } from "node:path";

/** An editor writes in several steps, and "save all" several files. */
const SETTLE_MS = 60;

/**
 * Tells when the content of one of its files changed. Folders are watched rather than files, because editors and
 * `git` replace a file by another of the same name.
 */
export class FileWatcher {
  readonly #onChange: (file: string) => void;
  readonly #files = new Map<string, string>();
  readonly #folders = new Map<string, FSWatcher | "polled">();
  #timer: NodeJS.Timeout | undefined;
  #changed: string | undefined;
  #isMissingExpected = false;

  constructor(onChange: (file: string) => void) {
    this.#onChange = onChange;
  }

  add(files: Iterable<string>): void {
    for (const file of files) {
      if (this.#files.has(file)) continue;
      this.#files.set(file, fingerprint(file));
      const folder = dirname(file);
      if (!this.#folders.has(folder)) this.#watchFolder(folder);
      if (this.#folders.get(folder) === "polled") this.#poll(file);
    }
  }

  /** The script did not load: a new file beside it may be the one that it misses. Until the next change. */
  expectMissing(): void {
    this.#isMissingExpected = true;
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#folders.values()) if (watcher !== "polled") watcher.close();
    for (const file of this.#files.keys()) unwatchFile(file);
    this.#folders.clear();
  }

  #watchFolder(folder: string): void {
    try {
      const watcher = watch(folder, (_, name) => this.#look(name === null ? undefined : join(folder, name)));
      watcher.on("error", () => this.#pollFolder(folder));
      this.#folders.set(folder, watcher);
    } catch {
      // The system's limit of watches is reached, or its file system tells nothing.
      this.#pollFolder(folder);
    }
  }

  #pollFolder(folder: string): void {
    this.#folders.set(folder, "polled");
    for (const file of this.#files.keys()) if (dirname(file) === folder) this.#poll(file);
  }

  #poll(file: string): void {
    watchFile(file, { interval: 500 }, () => this.#look(file));
  }

  #look(file: string | undefined): void {
    const isNew = file !== undefined && !this.#files.has(file);
    if (isNew && !(this.#isMissingExpected && /^[^.].*\.([cm]?[jt]s|json)$/.test(basename(file)))) return;
    this.#changed = file ?? this.#changed;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#settled(isNew ? file : undefined), SETTLE_MS);
  }

  #settled(added: string | undefined): void {
    let changed = added;
    for (const [file, before] of this.#files) {
      const now = fingerprint(file);
      // Between two writes a file may be gone or empty for a moment.
      if (now === before || now === "") continue;
      this.#files.set(file, now);
      changed ??= file;
    }
    if (changed === undefined) return;
    this.#isMissingExpected = false;
    this.#onChange(changed);
  }
}

function fingerprint(file: string): string {
  try {
    return createHash("sha1").update(readFileSync(file)).digest("hex");
  } catch {
    return "";
  }
}
