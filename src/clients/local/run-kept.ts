import { randomUUID } from "node:crypto";
import { type Exit, KeptProcess } from "./kept-process.ts";

export interface RunKept {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly onLine: (text: string) => void;
}

/** Runs a program to its end. Aborting ends it and all it started; so does the end of this process, however it comes. */
export async function runKept(
  command: readonly [string, ...string[]],
  { cwd, env, signal, onLine }: RunKept,
): Promise<Exit & { readonly log: readonly string[] }> {
  signal.throwIfAborted();
  const log: string[] = [];
  const kept = await KeptProcess.start({ name: randomUUID(), command, cwd, env, about: {} }, (line) => {
    log.push(line);
    onLine(line);
  });
  const end = (): void => void kept.release();
  signal.addEventListener("abort", end, { once: true });
  try {
    if (signal.aborted) end();
    const exit = await kept.exited;
    signal.throwIfAborted();
    return { ...exit, log };
  } finally {
    signal.removeEventListener("abort", end);
    await kept.release();
  }
}
