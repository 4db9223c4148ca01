import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** The folder of this package. */
export const packageRoot = dirname(findUpwards(import.meta.dirname, "package.json") ?? import.meta.dirname);

/** This package's own entry: built, or its source where it runs unbuilt. */
export const packageEntry = pathToFileURL(
  join(import.meta.dirname, `../index${import.meta.filename.slice(-3)}`),
).href;

export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as {
    version: string;
  };
  return version;
}

/** The nearest file of this name in a folder or above it. */
export function findUpwards(folder: string, name: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, name);
    if (existsSync(path)) return path;
    if (dirname(at) === at) return undefined;
  }
}

/** The types of the apps that a project calls; `daggr add` writes them. */
export const ENV_FILE = "daggr-env.d.ts";
