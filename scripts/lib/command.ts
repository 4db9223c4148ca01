import { spawn } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "./paths.ts";

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Where both outputs go. Without it they go to this process's own. */
  readonly logFile?: string;
  readonly timeoutMs?: number;
}

export interface CommandResult {
  /** The exit code, or null where a signal ended the command. */
  readonly code: number | null;
  readonly timedOut: boolean;
}

const running = new Set<number>();
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function endAll(): void {
  for (const pid of running) endGroup(pid, "SIGKILL");
  process.exit(1);
}

/** While a command runs, a signal ends it too; afterwards signals are the caller's own affair. */
function watchSignals(): void {
  for (const signal of signals) {
    process.off(signal, endAll);
    if (running.size > 0) process.on(signal, endAll);
  }
}

/**
 * Runs one command without standard input, in a process group of its own, so that a time-out also ends
 * what the command started.
 */
export function runCommand(
  command: readonly [string, ...string[]],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const [file, ...args] = command;
  const log = options.logFile === undefined ? undefined : openSync(options.logFile, "a");
  if (log !== undefined) writeSync(log, `$ ${command.join(" ")}\n`);
  return new Promise((resolve) => {
    let timedOut = false;
    const child = spawn(file, args, {
      cwd: options.cwd ?? root,
      env: { ...toolEnvironment(), ...options.env },
      stdio: ["ignore", log ?? "inherit", log ?? "inherit"],
      detached: true,
    });
    const timer = setTimeout(() => {
      timedOut = true;
      endGroup(child.pid, "SIGTERM");
      setTimeout(() => endGroup(child.pid, "SIGKILL"), 5000).unref();
    }, options.timeoutMs ?? 600_000);
    let isFinished = false;
    const finish = (code: number | null, note?: string) => {
      // A command that cannot be started both errs and closes.
      if (isFinished) return;
      isFinished = true;
      clearTimeout(timer);
      if (child.pid !== undefined) running.delete(child.pid);
      watchSignals();
      if (log !== undefined) {
        if (note !== undefined) writeSync(log, `${note}\n`);
        if (timedOut) writeSync(log, `ended after ${options.timeoutMs} ms without finishing\n`);
        closeSync(log);
      } else if (note !== undefined) console.error(note);
      resolve({ code, timedOut });
    };
    if (child.pid !== undefined) running.add(child.pid);
    watchSignals();
    child.once("error", (error) => finish(127, error.message));
    child.once("close", (code) => finish(code));
  });
}

/** The environment for tools: this Node and the repository's own tools come first on the path. */
export function toolEnvironment(): Record<string, string | undefined> {
  const path = process.env.PATH ?? "";
  const bin = join(root, "node_modules/.bin");
  return {
    ...process.env,
    PATH: path.split(delimiter).includes(bin) ? path : bin + delimiter + path,
    NO_COLOR: "1",
    FORCE_COLOR: undefined,
  };
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}
