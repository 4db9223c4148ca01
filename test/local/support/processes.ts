import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll } from "vitest";
import { pythonPath } from "../../support/python.ts";

export const root = resolve(import.meta.dirname, "../../..");

const folders = new Set<string>();
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A folder with these files, gone after the tests of this file. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "daggr-local-test-"));
  folders.add(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Keeps Python on this machine, as the option `env` of `runLocally`. */
export const guarded = {
  PYTHONPATH: join(import.meta.dirname, "../../support/python-guard"),
  PYTHONDONTWRITEBYTECODE: "1",
};

/** The same with a Gradio that starts in no time, for tests of processes. */
export const quick = {
  ...guarded,
  PYTHONPATH: [join(import.meta.dirname, "quick-gradio"), guarded.PYTHONPATH].join(":"),
};

export const python = pythonPath;

/** Every process whose command line names `part`, as `pid command`. */
export async function processesOf(part: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)("ps", ["-eo", "pid=,args="]);
  return stdout
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.includes(part) && !/^\d+ (ps|grep) /.test(line));
}

/** Waits until `look` gives something. */
export async function until<T>(
  look: () => T | Promise<T>,
  what: string,
  ms = 20_000,
): Promise<NonNullable<T>> {
  for (const end = performance.now() + ms; performance.now() < end; ) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found as NonNullable<T>;
    await delay(40);
  }
  throw new Error(`Waited in vain: ${what}`);
}

export const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};
