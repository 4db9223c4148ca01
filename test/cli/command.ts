/** The command as a person starts it: a real process in a folder of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll } from "vitest";

export const root = resolve(import.meta.dirname, "../..");
const command = process.env["TEST_CLI"] ?? join(root, "bin/daggr.js");

const folders = new Set<string>();
const children = new Set<ChildProcess>();

/** Also after a test that was given up and never got to its own cleanup. */
function cleanUp(): void {
  for (const child of children) child.kill("SIGKILL");
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
afterAll(cleanUp);
process.once("exit", cleanUp);

/** A folder that is gone after the tests of this file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "daggr-cli-"));
  folders.add(folder);
  return folder;
}

/** A folder with `daggr` installed and the given files. */
export function makeProject(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/daggr"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFiles(folder, files);
  return folder;
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

export interface Running extends AsyncDisposable {
  readonly process: ChildProcess;
  /** Both outputs so far. */
  output(): string;
  stdout(): string;
  stderr(): string;
  /** Waits until the output, from `from` on, matches. */
  until(pattern: RegExp, from?: number): Promise<RegExpExecArray>;
  /** The address that it printed. */
  url(): Promise<string>;
  exit(): Promise<number | null>;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Another Node. */
  readonly node?: string;
  readonly program?: string;
}

export function daggr(
  args: readonly string[],
  { cwd, env = {}, node = process.execPath, program = command }: CommandOptions,
): Running {
  const child = spawn(node, [program, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = { all: "", stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].on("data", (data) => {
      texts[stream] += data;
      texts.all += data;
    });
  }
  const closed = once(child, "close");
  children.add(child);
  child.once("exit", () => children.delete(child));
  const until = async (pattern: RegExp, from = 0): Promise<RegExpExecArray> => {
    for (let waited = 0; waited < 30_000; waited += 20) {
      const match = pattern.exec(texts.all.slice(from));
      if (match !== null) return match;
      if (child.exitCode !== null || child.signalCode !== null) break;
      await delay(20);
    }
    const match = pattern.exec(texts.all.slice(from));
    if (match !== null) return match;
    throw new Error(`The output never matched ${pattern}:\n${texts.all}`);
  };
  return {
    process: child,
    output: () => texts.all,
    stdout: () => texts.stdout,
    stderr: () => texts.stderr,
    until,
    url: async () => (await until(/http:\/\/[\w.]+:\d+\//))[0],
    exit: async () => {
      await closed;
      return child.exitCode;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      await Promise.race([closed, delay(6000).then(() => child.kill("SIGKILL"))]);
    },
  };
}

/** Runs a command to its end. */
export async function runDaggr(
  args: readonly string[],
  options: CommandOptions,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  await using running = daggr(args, options);
  const code = await running.exit();
  return { code, stdout: running.stdout(), stderr: running.stderr() };
}

/** The processes that a process started, with theirs. */
export async function descendants(pid: number): Promise<number[]> {
  const { execFile } = await import("node:child_process");
  const { promisify } = await import("node:util");
  const { stdout } = await promisify(execFile)("ps", ["-e", "-o", "pid=,ppid="]);
  const rows = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const found = [pid];
  for (const parent of found) found.push(...rows.filter(([, of]) => of === parent).map(([child]) => child));
  return found.slice(1);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until none of the processes is alive; returns those that still are. */
export async function survivors(pids: readonly number[], withinMs: number): Promise<number[]> {
  for (let waited = 0; waited < withinMs && pids.some(isAlive); waited += 50) await delay(50);
  return pids.filter(isAlive);
}
