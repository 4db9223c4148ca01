/**
 * Follows a Dockerfile's own steps without a Docker engine: each instruction is carried out in a folder that stands for
 * the image's root, `USER` and `COPY --chown` included. An instruction that it does not know ends the test.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, matchesGlob, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The user of a Space. Where the tests run as nobody special, that user stands for it. */
const isRoot = process.getuid?.() === 0;
const SPACE_USER = isRoot ? 1000 : process.getuid!();
const HOME = "/home/node";

export interface Image {
  /** The folder in which the app lies. */
  readonly folder: string;
  readonly port: number;
  readonly uid: number;
  readonly steps: readonly string[];
  /** Starts its command as a Space does. */
  start(env: Readonly<Record<string, string>>): ChildProcess;
}

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

export function parseDockerfile(text: string): Instruction[] {
  return text
    .replace(/\\\n/g, " ")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, name = "", rest = ""] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
      return { name, rest };
    });
}

/** Builds the Dockerfile of a folder. `env` is what every step knows of the network: a registry for one. */
export async function buildImage(context: string, env: NodeJS.ProcessEnv): Promise<Image> {
  const root = mkdtempSync(join(tmpdir(), "daggr-image-"));
  chmodSync(root, 0o755);
  const inImage = (path: string): string => (path.startsWith("/") ? join(root, path) : path);
  const mapped = (text: string): string => text.replaceAll(HOME, join(root, HOME));
  own(mkdirSync(join(root, HOME), { recursive: true })!, "root");
  own(join(root, HOME));
  const state = { env: {} as Record<string, string>, folder: root, user: "root", port: 0, base: "" };
  const steps: string[] = [];
  let command: string[] | undefined;
  for (const { name, rest } of parseDockerfile(readFileSync(join(context, "Dockerfile"), "utf8"))) {
    steps.push(`${name} ${rest}`);
    if (name === "FROM") state.base = rest;
    else if (name === "ENV")
      for (const [, key = "", value = ""] of rest.matchAll(/(\w+)=("[^"]*"|\S+)/g))
        state.env[key] = mapped(value);
    else if (name === "USER") state.user = rest;
    else if (name === "WORKDIR") {
      state.folder = inImage(rest);
      // An engine makes it as root where it is not there, and then the app cannot write into it.
      if (statSync(state.folder, { throwIfNoEntry: false }) === undefined)
        mkdirSync(state.folder, { recursive: true });
    } else if (name === "EXPOSE") state.port = Number(rest);
    else if (name === "CMD") command = JSON.parse(rest);
    else if (name === "COPY") copy(context, state.folder, rest);
    else if (name === "RUN") {
      const text = mapped(rest).replaceAll("-o 1000 -g 1000", `-o ${SPACE_USER} -g ${SPACE_USER}`);
      await run("sh", ["-ec", text], { cwd: state.folder, env: environment(), ...identity(state.user) });
    } else throw new Error(`The image has an instruction that is not followed: ${name} ${rest}`);
  }
  if (state.base !== "node:24-slim" || command === undefined) throw new Error("The image is another one.");
  if (state.user !== "node") throw new Error("A Space does not run as root.");
  const [program = "", ...args] = command;

  function environment(): NodeJS.ProcessEnv {
    const path = `${dirname(process.execPath)}:${process.env["PATH"]}`;
    const home = join(root, HOME);
    return { ...env, npm_config_cache: join(home, ".npm"), ...state.env, HOME: home, PATH: path };
  }

  return {
    folder: state.folder,
    port: state.port,
    uid: SPACE_USER,
    steps,
    start(more) {
      const { npm_config_registry: _, ...own } = environment();
      return spawn(program, args, {
        cwd: state.folder,
        env: { ...own, ...more },
        stdio: ["ignore", "pipe", "pipe"],
        ...identity("node"),
      });
    },
  };
}

const identity = (user: string) => (isRoot && user === "node" ? { uid: SPACE_USER, gid: SPACE_USER } : {});

function own(path: string, user = "node"): void {
  chmodSync(path, 0o755);
  if (isRoot && user === "node") chownSync(path, SPACE_USER, SPACE_USER);
}

/** `COPY --chown=1000:1000 from… to`, in both of its forms. */
function copy(context: string, folder: string, rest: string): void {
  const [, owner, words = ""] = /^(?:--chown=(\S+)\s+)?(.*)$/.exec(rest) ?? [];
  const all: string[] = words.startsWith("[") ? JSON.parse(words) : words.split(/\s+/);
  const to = all.pop()!;
  for (const from of all) {
    const files =
      from === "."
        ? globSync("**/*", { cwd: context, exclude: () => false }).concat(dotFiles(context))
        : [from];
    for (const file of new Set(files)) {
      const source = join(context, file);
      if (!statSync(source).isFile() || isIgnored(context, file)) continue;
      const target = to.endsWith("/") || from === "." ? resolve(folder, to, file) : resolve(folder, to);
      for (
        let made = mkdirSync(dirname(target), { recursive: true });
        made?.startsWith(folder);
        made = dirname(made)
      )
        if (owner === "1000:1000") own(made);
      cpSync(source, target);
      if (owner === "1000:1000" && isRoot) chownSync(target, SPACE_USER, SPACE_USER);
    }
  }
}

const dotFiles = (context: string): string[] => globSync(["**/.*", "**/.*/**"], { cwd: context });

function isIgnored(context: string, file: string): boolean {
  const patterns = readFileSync(join(context, ".dockerignore"), "utf8").split("\n").filter(Boolean);
  return patterns.some((pattern) => matchesGlob(file, pattern) || file.startsWith(`${pattern}/`));
}
