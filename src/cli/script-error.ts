import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { redact } from "../base/redact.ts";
import { packageEntry } from "./package-info.ts";

/** An error of the user's script, for the terminal, a banner and a page. */
export interface ScriptError {
  /** `app.ts:41`, where it is known. */
  readonly place: string | undefined;
  readonly message: string;
  /** The message with the code and the stack, as far as they are the user's. */
  readonly text: string;
}

const ownFolder = packageEntry.replace(/[^/]*$/, "");

/** What a person needs to know of whatever a script threw: the frames of Node.js and of this package are left out. */
export function describeScriptError(thrown: unknown, folder = process.cwd()): ScriptError {
  if (!(thrown instanceof Error)) {
    return { place: undefined, message: String(thrown), text: redact(`The script threw ${String(thrown)}`) };
  }
  const stack = thrown.stack ?? `${thrown.name}: ${thrown.message}`;
  const lines = stack.split("\n").filter((line) => !isForeignFrame(line));
  const short = lines
    .map((line) => shorten(line, folder))
    .filter((line, index, all) => !all[index + 1]?.startsWith(`${line}:`));
  const imported = / imported from (.+)$/.exec(thrown.message)?.[1];
  const place =
    imported !== undefined
      ? relativePath(imported, folder)
      : short
          .map((line) => /(?:^|\(| at )((?:[A-Za-z]:)?[^\s():]+:\d+)(?::\d+)?\)?$/.exec(line)?.[1])
          .find((found) => found !== undefined);
  const cause =
    thrown.cause instanceof Error ? `\n  because of ${describeScriptError(thrown.cause, folder).text}` : "";
  return {
    place,
    message: redact(thrown.message.split("\n")[0] ?? ""),
    text: redact(
      short
        .join("\n")
        .trim()
        .replace(/^DaggrError: /, "") +
        cause +
        adviceFor(thrown),
    ),
  };
}

/** `npm init` writes `"type": "commonjs"`, and Node.js then says what is wrong, not what to do. */
function adviceFor(thrown: Error): string {
  return /Cannot use import statement outside a module|Unexpected token 'export'/.test(thrown.message)
    ? "\nMake your project's files modules: npm pkg set type=module"
    : "";
}

function isForeignFrame(line: string): boolean {
  if (!/^\s+at /.test(line)) return false;
  return (
    /\(?node:|\/node_modules\/|native\)$|<anonymous>\)?$|at async Promise\.\w+ \(index/.test(line) ||
    line.includes(ownFolder) ||
    line.includes(fileURLToPath(ownFolder))
  );
}

function shorten(line: string, folder: string): string {
  return line
    .replace(/file:\/\/[^\s()]+?(?=:\d|$|\))/g, (url) => relativePath(fileURLToPath(url), folder))
    .replaceAll(`${folder}/`, "");
}

function relativePath(path: string, folder: string): string {
  const short = relative(folder, path);
  return short.startsWith("..") ? path : short;
}
