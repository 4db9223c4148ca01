/**
 * The programs that tests call and npm cannot bring: a browser, a voice, a video tool, Python.
 * Debian's packages are installed where this is root; elsewhere the message says what to do.
 */
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { runCommand } from "./lib/command.ts";

interface Program {
  /** What must be there: a command, or a file. */
  readonly found: () => boolean;
  readonly debian: string;
}

const programs: readonly Program[] = [
  { found: () => browserPath() !== undefined, debian: "chromium" },
  { found: () => isCommand("espeak-ng"), debian: "espeak-ng" },
  { found: () => isCommand("ffmpeg"), debian: "ffmpeg" },
  { found: () => isCommand("python3"), debian: "python3" },
  // Debian's own Python has no ensurepip without it; other Pythons bring theirs.
  { found: hasVenv, debian: "python3-venv" },
  { found: hasOpenGl, debian: "libgl1" },
];

/** Installs what is missing; throws a sentence that names it where that is impossible. */
export async function ensureSystem(): Promise<void> {
  const missing = programs.filter((program) => !program.found()).map((program) => program.debian);
  if (missing.length === 0) return;
  const install = `apt-get install --yes --no-install-recommends ${missing.join(" ")}`;
  if (!isCommand("apt-get") || process.getuid?.() !== 0) {
    throw new Error(
      `The tests need ${missing.join(", ")}. Install them with "sudo ${install}" or your system's own packages; ` +
        `a browser elsewhere than on the path is named by CHROMIUM_PATH.`,
    );
  }
  console.log(`Installing ${missing.join(", ")}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await runCommand(["apt-get", "update", "-q"], { env });
  const [file, ...args] = install.split(" ") as [string, ...string[]];
  const { code } = await runCommand([file, ...args, "-q"], { env });
  const still = programs.filter((program) => !program.found()).map((program) => program.debian);
  if (code !== 0 || still.length > 0) {
    throw new Error(`"${install}" ended with ${code}; still missing: ${still.join(", ") || "nothing"}.`);
  }
}

/** The Chromium that browser tests drive: `CHROMIUM_PATH`, else the first one installed. */
export function browserPath(): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== "") return named;
  return ["chromium", "chromium-browser", "google-chrome"]
    .map(commandPath)
    .find((path) => path !== undefined);
}

function isCommand(name: string): boolean {
  return commandPath(name) !== undefined;
}

function commandPath(name: string): string | undefined {
  for (const folder of (process.env.PATH ?? "").split(delimiter).concat("/usr/bin")) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

function hasVenv(): boolean {
  const python = commandPath("python3");
  if (python === undefined) return false;
  if (python !== "/usr/bin/python3") return true;
  return existsSync("/usr/share/python-wheels") || existsSync("/usr/share/doc/python3-venv");
}

/** OpenCV, which the OCR app uses, loads this library. */
function hasOpenGl(): boolean {
  if (process.platform !== "linux") return true;
  return ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"].some(
    (folder) => existsSync(join(folder, "libGL.so.1")),
  );
}

if (import.meta.main) {
  await ensureSystem().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
