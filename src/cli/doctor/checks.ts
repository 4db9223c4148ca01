import { execFile } from "node:child_process";
import { closeSync, existsSync, openSync, statSync, unlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { type Kept, keptHere, sizeInWords } from "../../clients/local/kept-here.ts";
import { machineAccount } from "../../clients/login/machine-account.ts";
import { hubHome } from "../../clients/tokens.ts";
import { findUpwards, packageVersion } from "../package-info.ts";

export interface Check {
  readonly name: string;
  /** `missing` is only wanted for some workflows; `bad` keeps daggr from working. */
  readonly state: "good" | "missing" | "bad";
  readonly value: string;
  readonly advice?: string;
}

/** Everything that decides whether workflows run here. No secret in what it tells. */
export async function checks(): Promise<Check[]> {
  return [
    { name: "node", state: "good", value: `${process.versions.node} (${process.execPath})` },
    { name: "daggr", state: "good", value: packageVersion() },
    typescript(),
    await token(),
    folder("Hugging Face cache", resolve(hubHome()), "Made when it is needed. HF_HOME names another."),
    database(),
    await localApps(),
    ...(await Promise.all([
      program("python3", ["--version"], "Needed to start Gradio apps of your own on this machine."),
      program(
        "uv",
        ["--version"],
        "Makes environments for local Gradio apps quicker: https://docs.astral.sh/uv",
      ),
      program(
        "ffmpeg",
        ["-version"],
        "Needed where functions cut or join sound and video. Debian: apt install ffmpeg",
      ),
    ])),
  ];
}

/** What running Spaces and apps here has left on the disk. */
async function localApps(): Promise<Check> {
  const kept = await keptHere();
  const bytes = kept.reduce((sum, each) => sum + each.bytes, 0);
  const count = (what: Kept["what"]): string => {
    const number = kept.filter((each) => each.what === what).length;
    return `${number} ${what === "space" ? "Space" : what}${number === 1 ? "" : "s"}`;
  };
  const value =
    kept.length === 0
      ? "none yet"
      : `${count("space")}, ${count("environment")}, ${sizeInWords(bytes)} (daggr local list)`;
  return { name: "local apps", state: "good", value };
}

function typescript(): Check {
  try {
    const manifest = createRequire(join(process.cwd(), "script.ts"))("typescript/package.json") as {
      version: string;
    };
    return { name: "typescript", state: "good", value: manifest.version };
  } catch {
    return {
      name: "typescript",
      state: "missing",
      value: "not in this project",
      advice: "Scripts run without it; with it their types are checked: npm install --save-dev typescript",
    };
  }
}

/** Only what the Hub itself says of it tells whether it is still good; offline, where it is. */
async function token(): Promise<Check> {
  const name = "Hugging Face account";
  const { user, place, problem } = await machineAccount();
  if (place === undefined) {
    return {
      name,
      state: "missing",
      value: "none",
      advice:
        "Public Spaces work without. For private ones, models and your own quota: daggr login, hf auth login, or HF_TOKEN",
    };
  }
  const from = `token from ${place}`;
  if (problem === undefined) return { name, state: "good", value: `${user?.name} (${from})` };
  return { name, state: "missing", value: `${from}: ${problem.text}`, advice: problem.advice };
}

function folder(name: string, path: string, advice: string): Check {
  if (!existsSync(path)) return { name, state: "missing", value: `${path} (not there yet)`, advice };
  return canWrite(path)
    ? { name, state: "good", value: path }
    : {
        name,
        state: "bad",
        value: `${path} cannot be written`,
        advice: "Give yourself the right to write there, or set HF_HOME.",
      };
}

function database(): Check {
  const path = resolve(process.env["DAGGR_DB_PATH"] ?? ".daggr_sessions.db");
  const isThere = existsSync(path);
  const writable = canWrite(isThere ? path : nearestFolder(path)) && canWrite(nearestFolder(path));
  if (!writable)
    return {
      name: "database",
      state: "bad",
      value: `${path} cannot be written`,
      advice: "Set DAGGR_DB_PATH or --state-db-path to a place that can, or persistKey: false in the script.",
    };
  return { name: "database", state: "good", value: isThere ? path : `${path} (made at the first start)` };
}

function nearestFolder(path: string): string {
  const parent = dirname(path);
  return existsSync(parent) || parent === path ? parent : nearestFolder(parent);
}

/** Tries it: rights alone do not tell of read-only disks. Leaves nothing behind. */
function canWrite(path: string): boolean {
  try {
    if (!statSync(path).isDirectory()) {
      closeSync(openSync(path, "r+"));
      return true;
    }
    const probe = join(path, `.daggr-doctor-${process.pid}`);
    closeSync(openSync(probe, "wx"));
    unlinkSync(probe);
    return true;
  } catch {
    return false;
  }
}

async function program(name: string, args: readonly string[], advice: string): Promise<Check> {
  // A project's own environment comes before the system's.
  const own = name === "python3" ? findUpwards(process.cwd(), ".venv/bin/python") : undefined;
  try {
    const { stdout } = await promisify(execFile)(own ?? name, args, { timeout: 5000 });
    const version =
      stdout
        .split("\n")[0]
        ?.replace(/^(ffmpeg version |Python |uv )/, "")
        .split(" ")[0] ?? "";
    return { name, state: "good", value: own === undefined ? version : `${version} (${own})` };
  } catch {
    return { name, state: "missing", value: "not found", advice };
  }
}
