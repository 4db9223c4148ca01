import { existsSync } from "node:fs";
import { mkdir, open, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const LOOK_MS = 300;

/** Does the work while no other process does work under the same lock. The lock of a process that is gone counts for nothing. */
export async function withLock<T>(
  path: string,
  signal: AbortSignal,
  onWait: () => void,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  for (let isFirst = true; ; isFirst = false) {
    signal.throwIfAborted();
    try {
      const file = await open(path, "wx");
      await file.write(String(process.pid));
      await file.close();
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (!(await isHeld(path))) {
      await rm(path, { force: true });
      continue;
    }
    if (isFirst) onWait();
    await delay(LOOK_MS, undefined, { signal });
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** Whether another process works under the lock. */
export async function isHeld(path: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  const text = await readFile(path, "utf8").catch(() => "");
  // Just made, and not written yet.
  if (text === "") {
    await delay(LOOK_MS);
    if ((await readFile(path, "utf8").catch(() => "")) === "") return false;
    return true;
  }
  return isAlive(Number(text));
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
