import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { hashText } from "../../base/json.ts";
import type { Banner } from "../../protocol/messages.ts";
import { ENV_FILE, findUpwards } from "../package-info.ts";
import { style } from "../terminal.ts";

/** Called after each check with the banner to show; with a report where there is something new to say. */
type OnChecked = (banner: Banner | null, report?: string) => void;

const MOST_SHOWN = 8;

/** Runs the project's own `tsc` over the script and what it imports, beside the app. */
export class TypeChecker {
  readonly #script: string;
  readonly #onChecked: OnChecked;
  readonly #command: readonly string[] | undefined;
  #running: ChildProcess | undefined;
  #last = "";

  constructor(script: string, onChecked: OnChecked) {
    this.#script = script;
    this.#onChecked = onChecked;
    this.#command = /\.[cm]?ts$/.test(extname(script)) ? prepare(script) : undefined;
    if (this.#command === undefined && /ts$/.test(script)) {
      onChecked(
        null,
        style(
          "dim",
          "Types are not checked: this project has no typescript (npm install --save-dev typescript).",
        ),
      );
    }
  }

  /** Checks anew; a check that is under way is given up. */
  check(): void {
    this.close();
    if (this.#command === undefined) return;
    // Anew, because types of Spaces may have been added since.
    const child = spawn(process.execPath, prepare(this.#script) ?? this.#command, {
      cwd: dirname(this.#script),
      stdio: ["ignore", "pipe", "ignore"],
    });
    this.#running = child;
    let output = "";
    child.stdout.on("data", (data) => (output += data));
    child.once("error", () => {});
    child.once("close", (code) => {
      if (this.#running !== child) return;
      this.#running = undefined;
      this.#tell(code === 0 ? [] : errorsIn(output));
    });
  }

  close(): void {
    const running = this.#running;
    this.#running = undefined;
    running?.kill();
  }

  #tell(errors: readonly string[]): void {
    const text = shortList(errors);
    const isNew = text !== this.#last;
    this.#last = text;
    if (errors.length === 0)
      return this.#onChecked(null, isNew ? style("green", "Types are right again.") : undefined);
    const title = errors.length === 1 ? "1 type error" : `${errors.length} type errors`;
    const banner: Banner = { kind: "type-error", title, text };
    this.#onChecked(banner, isNew ? `${style("yellow", title)}\n${text}\n` : undefined);
  }
}

/** The arguments for Node.js, or `undefined` where there is no TypeScript. */
function prepare(script: string): readonly string[] | undefined {
  let manifest: string;
  try {
    manifest = createRequire(script).resolve("typescript/package.json");
  } catch {
    return undefined;
  }
  const tsc = join(dirname(manifest), "bin/tsc");
  if (!existsSync(tsc)) return undefined;
  // Beside the project's packages, so that its types are found; a list of files keeps the rest of the project out.
  const folder = join(dirname(dirname(manifest)), ".cache/daggr");
  const config = join(folder, `tsconfig.${hashText(script).slice(0, 12)}.json`);
  const own = findUpwards(dirname(script), "tsconfig.json");
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(config, JSON.stringify(configuration(script, own, folder)));
  } catch {
    return undefined;
  }
  return [tsc, "--project", config, "--pretty", "false"];
}

const DEFAULTS = {
  strict: true,
  target: "esnext",
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
};

/** Where package.json names no `type`, Node.js goes by the syntax of a script; `nodenext` would call it CommonJS. */
function moduleDefaults(script: string): object {
  const manifest = findUpwards(dirname(script), "package.json");
  const isDecided = /\.[cm]ts$/.test(script) || (manifest !== undefined && hasType(manifest));
  return isDecided
    ? { module: "nodenext" }
    : { module: "esnext", moduleResolution: "bundler", moduleDetection: "force" };
}

/** Since TypeScript 6 no types are there unless they are named. */
function typesOfNode(script: string): object {
  try {
    createRequire(script).resolve("@types/node/package.json");
    return { types: ["node"] };
  } catch {
    return {};
  }
}

function hasType(manifest: string): boolean {
  try {
    return "type" in (JSON.parse(readFileSync(manifest, "utf8")) as object);
  } catch {
    return false;
  }
}

function configuration(script: string, own: string | undefined, folder: string): object {
  const compilerOptions = {
    ...(own === undefined ? { ...DEFAULTS, ...moduleDefaults(script), ...typesOfNode(script) } : {}),
    allowImportingTsExtensions: true,
    rewriteRelativeImportExtensions: false,
    skipLibCheck: true,
    noEmit: true,
    composite: false,
    declaration: false,
    declarationMap: false,
    incremental: true,
    tsBuildInfoFile: join(folder, `${hashText(script).slice(0, 12)}.tsbuildinfo`),
  };
  const spaces = findUpwards(dirname(script), ENV_FILE);
  const files = [script, ...(spaces === undefined ? [] : [spaces])];
  return { ...(own === undefined ? {} : { extends: own }), compilerOptions, files, include: [] };
}

/** `app.ts(4,7): error TS2322: …` with the lines that belong to it, as `app.ts:4:7 …`. */
function errorsIn(output: string): string[] {
  const errors: string[] = [];
  for (const line of output.split("\n")) {
    const match = /^(?:(.+?)\((\d+),(\d+)\): )?error (TS\d+): (.*)$/.exec(line);
    if (match !== null) {
      const [, file, row, column, code, message] = match;
      errors.push(
        file === undefined ? `${message} (${code})` : `${file}:${row}:${column} ${message} (${code})`,
      );
    } else if (/^\s+\S/.test(line) && errors.length > 0) errors[errors.length - 1] += `\n${line}`;
  }
  return errors;
}

function shortList(errors: readonly string[]): string {
  const more = errors.length - MOST_SHOWN;
  return [...errors.slice(0, MOST_SHOWN), ...(more > 0 ? [`and ${more} more`] : [])].join("\n");
}
