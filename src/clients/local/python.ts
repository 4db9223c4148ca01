import { execFile } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Environment } from "../tokens.ts";
import { allowedEnvironment } from "./child-environment.ts";

/** An interpreter that answers. */
export interface Python {
  /** What to start. */
  readonly path: string;
  /** `3.11.7` */
  readonly version: string;
}

const isWindows = process.platform === "win32";

/** The interpreter of an environment's folder. */
export function pythonIn(environment: string): string {
  return isWindows ? join(environment, "Scripts", "python.exe") : join(environment, "bin", "python");
}

/** Asks a program for its version; `undefined` where it is none that answers (a shim without an interpreter). */
export async function askPython(path: string, env: Environment = process.env): Promise<Python | undefined> {
  const code = "import sys; print('.'.join(map(str, sys.version_info[:3])))";
  try {
    const { stdout } = await promisify(execFile)(path, ["-c", code], {
      timeout: 15_000,
      env: allowedEnvironment(env),
      windowsHide: true,
    });
    const version = stdout.trim();
    return /^3\.\d+\.\d+$/.test(version) ? { path, version } : undefined;
  } catch {
    return undefined;
  }
}

/** The version of a program that says it with `--version`. */
export async function versionOf(
  program: string,
  env: Environment = process.env,
): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(program, ["--version"], {
      timeout: 15_000,
      env: allowedEnvironment(env),
      windowsHide: true,
    });
    return /\d[\w.]*/.exec(stdout)?.[0];
  } catch {
    return undefined;
  }
}

/** Versions that are tried when no particular one is wanted: the newest that most packages have wheels for first. */
const NAMES = ["python3", "python", "python3.13", "python3.12", "python3.11", "python3.10"];

/** The system's interpreter of a version (`3.10`, `3.10.4`), or of any that Gradio runs on. */
export async function findPython(
  wanted?: string,
  env: Environment = process.env,
): Promise<Python | undefined> {
  const minor = wanted?.split(".").slice(0, 2).join(".");
  const names = minor === undefined ? NAMES : [`python${minor}`, "python3", "python"];
  for (const name of names) {
    const found = await askPython(name, env);
    if (found === undefined) continue;
    if (minor === undefined ? isRecent(found.version) : found.version.startsWith(`${minor}.`)) return found;
  }
  return undefined;
}

const isRecent = (version: string): boolean => Number(version.split(".")[1]) >= 10;

/**
 * The project's own interpreter: of an environment beside the file or in a folder above it, else of the one that is
 * active in the terminal.
 */
export function projectPython(folder: string, env: Environment = process.env): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    for (const name of [".venv", "venv"]) {
      const path = pythonIn(join(at, name));
      if (existsSync(path)) return path;
    }
    if (dirname(at) === at || existsSync(join(at, ".git"))) break;
  }
  for (const name of ["VIRTUAL_ENV", "CONDA_PREFIX"]) {
    const active = env[name];
    if (active === undefined || active === "") continue;
    const path = pythonIn(active);
    if (existsSync(path)) return path;
    // Conda keeps it elsewhere on Windows.
    if (existsSync(join(active, "python.exe"))) return join(active, "python.exe");
  }
  return undefined;
}

/** What the option `python` names: an interpreter, or the folder of an environment. */
export function namedPython(given: string): string {
  return statSync(given, { throwIfNoEntry: false })?.isDirectory() === true ? pythonIn(given) : given;
}
