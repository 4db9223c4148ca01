import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SqliteStore } from "./sqlite-store.ts";
import type { Store } from "./store.ts";

/** Temporary folders of stores that nobody has closed. */
const folders = new Set<string>();

/**
 * A store that lives as long as the process: SQLite in memory, so that nothing behaves otherwise than when it is kept.
 * Files, which must have paths, are in a temporary folder that `close()` removes.
 */
export function createMemoryStore(options: { readonly graceMs?: number } = {}): Store {
  const folder = mkdtempSync(join(tmpdir(), "daggr-files-"));
  if (folders.size === 0) process.once("exit", removeFolders);
  folders.add(folder);
  return new MemoryStore(folder, options);
}

class MemoryStore extends SqliteStore {
  readonly #folder: string;

  constructor(folder: string, options: { readonly graceMs?: number }) {
    super({ ...options, path: ":memory:", filesFolder: folder, keepRunsMs: 3_600_000 });
    this.#folder = folder;
  }

  override async close(): Promise<void> {
    await super.close();
    rmSync(this.#folder, { recursive: true, force: true });
    folders.delete(this.#folder);
    if (folders.size === 0) process.off("exit", removeFolders);
  }
}

function removeFolders(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
