import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hashText } from "../../base/json.ts";
import type { Environment } from "../tokens.ts";
import { installEnvironment } from "./child-environment.ts";
import { withLock } from "./file-lock.ts";
import { localError } from "./local-errors.ts";
import { localFolder } from "./local-folder.ts";
import { askPython, findPython, type Python, pythonIn, versionOf } from "./python.ts";
import { runKept } from "./run-kept.ts";

/** What an app needs of its Python environment. */
export interface Needs {
  /** `owner/name`, `tools.py`: for messages and for who lists environments. */
  readonly label: string;
  /** Where `-r other.txt` and `./package` in its requirements are looked for. */
  readonly folder: string;
  /** `3.10`; any when absent. */
  readonly python: string | undefined;
  /** Installed before everything else, in a run of their own, as the Hub does it. */
  readonly before: string | undefined;
  /** A requirements file. */
  readonly requirements: string | undefined;
  /** Further requirements of the same run: `gradio==6.31.0`. */
  readonly packages: readonly string[];
}

export interface Preparing {
  readonly env: Environment;
  readonly signal: AbortSignal;
  /** What it is doing, in words. */
  readonly onStep: (text: string) => void;
  readonly onLine: (text: string) => void;
  readonly onWarning: (text: string) => void;
}

/** What is written into an environment once it is whole. */
export interface Stamp {
  readonly python: string;
  readonly madeWith: "uv" | "venv";
  readonly label: string;
  readonly madeAt: string;
}

const STAMP = "daggr-environment.json";

export function environmentsFolder(env: Environment): string {
  return join(localFolder(env), "environments");
}

export async function readStamp(folder: string): Promise<Stamp | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, STAMP), "utf8")) as Stamp;
  } catch {
    return undefined;
  }
}

/**
 * The environment for these needs: one that was made before, also for another app of the same needs, or a new one. A
 * half-made one is made anew. Throws `LOCAL_NO_PYTHON`, `LOCAL_INSTALL_FAILED`.
 */
export async function ensureEnvironment(needs: Needs, preparing: Preparing): Promise<Python> {
  const texts = await Promise.all(
    [needs.before, needs.requirements].map((file) => (file === undefined ? "" : readFile(file, "utf8"))),
  );
  const hash = hashText(JSON.stringify([needs.python ?? null, needs.packages, texts]));
  const folder = join(environmentsFolder(preparing.env), hash.slice(0, 16));
  const ready = await madeBefore(folder, preparing.env);
  if (ready !== undefined) return ready;
  await mkdir(environmentsFolder(preparing.env), { recursive: true });
  const waiting = (): void => preparing.onStep("Waiting: another process makes the same environment");
  return withLock(`${folder}.lock`, preparing.signal, waiting, async () => {
    const meanwhile = await madeBefore(folder, preparing.env);
    return meanwhile ?? make(folder, needs, preparing);
  });
}

async function madeBefore(folder: string, env: Environment): Promise<Python | undefined> {
  // The interpreter that it was made with may be gone.
  return (await readStamp(folder)) === undefined ? undefined : askPython(pythonIn(folder), env);
}

async function make(folder: string, needs: Needs, preparing: Preparing): Promise<Python> {
  await rm(folder, { recursive: true, force: true });
  const uv = (await versionOf("uv", preparing.env)) !== undefined;
  preparing.onStep(`Making a Python environment (${uv ? "uv" : "venv"})`);
  const python = uv
    ? await makeWithUv(folder, needs, preparing)
    : await makeWithVenv(folder, needs, preparing);
  const wanted = needs.python;
  if (wanted !== undefined && !python.version.startsWith(`${wanted.split(".").slice(0, 2).join(".")}.`))
    preparing.onWarning(
      `${needs.label} wants Python ${wanted}, which is not on this machine: Python ${python.version} is tried.`,
    );
  const pip = (...args: string[]): readonly [string, ...string[]] =>
    uv
      ? ["uv", "pip", "install", "--python", python.path, ...args]
      : [python.path, "-m", "pip", "install", "--progress-bar", "off", ...args];
  if (needs.before !== undefined) {
    preparing.onStep("Installing pre-requirements.txt");
    await install(pip("-r", needs.before), needs, preparing);
  }
  preparing.onStep(`Installing ${whatOf(needs)}`);
  const files = needs.requirements === undefined ? [] : ["-r", needs.requirements];
  await install(pip(...files, ...needs.packages), needs, preparing);
  const stamp: Stamp = {
    python: python.version,
    madeWith: uv ? "uv" : "venv",
    label: needs.label,
    madeAt: new Date().toISOString(),
  };
  await writeFile(join(folder, STAMP), JSON.stringify(stamp));
  return python;
}

function whatOf({ packages, requirements }: Needs): string {
  const files = requirements === undefined ? [] : ["requirements.txt"];
  return [...packages, ...files].join(", ") || "nothing";
}

async function makeWithUv(folder: string, needs: Needs, preparing: Preparing): Promise<Python> {
  const make = (version: string | undefined) =>
    run(
      ["uv", "venv", "--no-project", ...(version === undefined ? [] : ["--python", version]), folder],
      preparing,
    );
  let made = await make(needs.python);
  // It could not be had; what is there is tried, and said.
  if (made.code !== 0 && needs.python !== undefined) made = await make(undefined);
  const python = made.code === 0 ? await askPython(pythonIn(folder), preparing.env) : undefined;
  if (python !== undefined) return python;
  throw localError("LOCAL_NO_PYTHON", `uv found no Python to run ${needs.label} with.`, made.log, {
    hint: "Install one: uv python install 3.12",
  });
}

async function makeWithVenv(folder: string, needs: Needs, preparing: Preparing): Promise<Python> {
  const base =
    (await findPython(needs.python, preparing.env)) ?? (await findPython(undefined, preparing.env));
  if (base === undefined) {
    throw localError(
      "LOCAL_NO_PYTHON",
      `There is no Python 3.10 or later on this machine to run ${needs.label} with.`,
      [],
      { hint: "Install Python, or uv, which brings its own: https://docs.astral.sh/uv" },
    );
  }
  const made = await run([base.path, "-m", "venv", folder], preparing);
  const python = made.code === 0 ? await askPython(pythonIn(folder), preparing.env) : undefined;
  if (python !== undefined) return python;
  const isDebian = made.log.some((line) => line.includes("ensurepip"));
  throw localError(
    "LOCAL_NO_PYTHON",
    `Python ${base.version} cannot make an environment for ${needs.label}.`,
    made.log,
    isDebian ? { hint: "On Debian and Ubuntu: apt install python3-venv" } : {},
  );
}

async function install(
  command: readonly [string, ...string[]],
  needs: Needs,
  preparing: Preparing,
): Promise<void> {
  const { code, error, log } = await run(command, preparing, needs.folder);
  if (code === 0) return;
  throw localError(
    "LOCAL_INSTALL_FAILED",
    `The packages of ${needs.label} cannot be installed (${error ?? `${command[0] === "uv" ? "uv" : "pip"} ended with ${code}`}).`,
    log,
  );
}

function run(command: readonly [string, ...string[]], preparing: Preparing, cwd?: string) {
  const { env, signal, onLine } = preparing;
  const at = cwd ?? environmentsFolder(env);
  return runKept(command, { cwd: existsSync(at) ? at : ".", env: installEnvironment(env), signal, onLine });
}
