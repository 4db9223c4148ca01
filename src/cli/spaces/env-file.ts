import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { DaggrError } from "../../base/errors.ts";
import { NAMED_TYPES } from "../../clients/signature-types.ts";
import { ENV_FILE, findUpwards } from "../package-info.ts";
import { type EnvEntry, writeEntry } from "./env-entry.ts";
import { EnvSyntaxError, readEntries } from "./env-reader.ts";

const HEAD =
  "// Types of the Gradio apps that this project calls, written by `daggr add`, which also brings them up to date.";

/** Beside the nearest `tsconfig.json`, else `package.json`; a file that is there already is the one. */
export function envFilePath(folder: string): string {
  const own = findUpwards(folder, ENV_FILE);
  const beside = findUpwards(folder, "tsconfig.json") ?? findUpwards(folder, "package.json");
  const expected = join(beside === undefined ? folder : dirname(beside), ENV_FILE);
  return own !== undefined && own.length >= expected.length ? own : expected;
}

/** The apps in the file; none when there is no file. Throws `ENV_FILE` for one that was not written by `daggr add`. */
export function readEnvFile(path: string): EnvEntry[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, "utf8").replaceAll("\r\n", "\n");
  const shown = relative(process.cwd(), path) || path;
  if (!text.startsWith(HEAD))
    throw new DaggrError(
      "ENV_FILE",
      `${shown} was not written by daggr add, so it is left alone. Rename it, then add again.`,
    );
  try {
    return readEntries(text);
  } catch (error) {
    if (!(error instanceof EnvSyntaxError)) throw error;
    throw new DaggrError(
      "ENV_FILE",
      `${shown} cannot be read at line ${error.line}: it was changed by hand, or two versions were merged. Mend it, or delete it and add the apps again.`,
    );
  }
}

/** Writes the file whole, sorted; without apps there is none. Returns whether anything changed. */
export function writeEnvFile(path: string, entries: readonly EnvEntry[]): boolean {
  const before = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  if (entries.length === 0) {
    rmSync(path, { force: true });
    return before !== undefined;
  }
  const text = envText(entries);
  if (text === before) return false;
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
  return true;
}

/** The same for the same apps, in whatever order they were added. */
export function envText(entries: readonly EnvEntry[]): string {
  const sorted = entries.toSorted((a, b) => (a.source < b.source ? -1 : 1));
  const members = sorted.map(writeEntry).join("\n");
  const types = members.replace(/\/\*\*.*\*\/|"(?:[^"\\]|\\.)*"/g, "");
  const named = NAMED_TYPES.filter((name) => new RegExp(`\\b${name}\\b`).test(types));
  const imports = named.length === 0 ? "export {};" : `import type { ${named.join(", ")} } from "daggr";`;
  return `${HEAD}\n${imports}\n\ndeclare module "daggr" {\n  interface Spaces {\n${members}\n  }\n}\n`;
}
