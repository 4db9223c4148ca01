import { readdirSync, statSync } from "node:fs";
import { basename, dirname, extname, resolve } from "node:path";
import { didYouMean } from "../base/closest.ts";
import { DaggrError } from "../base/errors.ts";

const extensions = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"];

/** The absolute path of a script that was named on the command line. */
export function findScript(given: string): string {
  const path = resolve(given);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) {
    throw new DaggrError(
      "SCRIPT_NOT_FOUND",
      `${given} is a folder. Name the script in it: ${given.replace(/\/$/, "")}/app.ts`,
    );
  }
  if (stat === undefined) {
    throw new DaggrError(
      "SCRIPT_NOT_FOUND",
      `There is no file ${given}.${didYouMean(basename(path), scriptsIn(dirname(path)))}`,
    );
  }
  if (extname(path) === ".py") {
    throw new DaggrError(
      "SCRIPT_NOT_FOUND",
      `${given} is a Python script. This is daggr for TypeScript; for that one: pip install daggr`,
    );
  }
  if (!extensions.includes(extname(path))) {
    throw new DaggrError(
      "SCRIPT_NOT_FOUND",
      `${given} is no script. Expected a file that ends with ${extensions.join(", ")}.`,
    );
  }
  return path;
}

function scriptsIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => extensions.includes(extname(name)));
  } catch {
    return [];
  }
}
