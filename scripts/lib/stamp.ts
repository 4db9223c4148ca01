import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDir, root } from "./paths.ts";

/** A short hash of the given files' and folders' names, sizes and times, relative to the root. */
export function hashOf(paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths) {
    for (const file of filesUnder(path)) {
      const { size, mtimeMs } = statSync(join(root, file));
      hash.update(`${file}\0${size}\0${mtimeMs}\n`);
    }
  }
  return hash.digest("hex").slice(0, 16);
}

/** A short hash of texts. */
export function hashTexts(...texts: readonly string[]): string {
  return createHash("sha256").update(texts.join("\0")).digest("hex").slice(0, 16);
}

/** Whether the work called `name` was last done for the same `hash`. */
export function isDone(name: string, hash: string): boolean {
  try {
    return readFileSync(stampFile(name), "utf8") === hash;
  } catch {
    return false;
  }
}

/** Remembers that the work called `name` was done for `hash`. */
export function markDone(name: string, hash: string): void {
  mkdirSync(cacheDir, { recursive: true });
  writeFileSync(stampFile(name), hash);
}

/** Forgets the work called `name`, so that an interrupted attempt is not taken for a finished one. */
export function forget(name: string): void {
  rmSync(stampFile(name), { force: true });
}

function stampFile(name: string): string {
  return join(cacheDir, `${name}.stamp`);
}

function filesUnder(path: string): string[] {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (!stat.isDirectory()) return [path];
  return readdirSync(join(root, path), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}
