import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { didYouMean } from "../base/closest.ts";
import { DaggrError, describe } from "../base/errors.ts";
import type { Place } from "../base/place.ts";
import { rememberSecret } from "../base/redact.ts";
import { isLocalPath, meantSource, spaceIdOf, withoutLogin } from "../clients/gradio-source.ts";
import { type LocalApp, type LocalOptions, localPath, localSpace } from "../clients/local/local-apps.ts";
import type { GradioNodeOptions, RunLocally } from "./gradio-options.ts";

type Options = GradioNodeOptions<any, any>;

/** The app that a node runs on this machine, if it does. */
export interface NodesLocalApp {
  readonly app: LocalApp;
  /** The Space on the Hub may do the work where this one cannot. */
  readonly fallsBack: boolean;
}

const KNOWN: readonly string[] = [
  "revision",
  "fallback",
  "python",
  "env",
  "passToken",
  "startTimeout",
] satisfies (keyof RunLocally)[];

/** Checks what the node says about running locally. Touches neither network nor processes. */
export function localAppOf(
  source: string,
  options: Options,
  place: Place | undefined,
): NodesLocalApp | undefined {
  const isPath = isLocalPath(source);
  const refuse = (message: string) =>
    new DaggrError(
      "INVALID_OPTION",
      `GradioNode '${withoutLogin(source)}': ${message}`,
      place === undefined ? {} : { place },
    );
  const { runLocally, revision } = options;
  if (runLocally === undefined || runLocally === false) {
    if (!isPath) return undefined;
    if (runLocally === false) throw refuse("a path always runs on this machine: leave runLocally out.");
  }
  const given: RunLocally = typeof runLocally === "object" && runLocally !== null ? runLocally : {};
  if (runLocally !== undefined && typeof runLocally !== "boolean" && given !== runLocally)
    throw refuse(`runLocally must be true or an object, got ${describe(runLocally)}.`);
  check(given, refuse);
  if (revision !== undefined && given.revision !== undefined && revision !== given.revision)
    throw refuse(`revision is said twice, '${revision}' and '${given.revision}'.`);
  const wanted = revision ?? given.revision;
  if (wanted !== undefined && (typeof wanted !== "string" || wanted.trim() === ""))
    throw refuse(`revision must be a branch, a tag or a commit, got ${describe(wanted)}.`);
  // What a script gives an app is as secret as what this process holds.
  for (const [name, value] of Object.entries(given.env ?? {}))
    if (/(TOKEN|SECRET|PASSWORD|KEY)$/i.test(name)) rememberSecret(value);
  const folder = place === undefined ? process.cwd() : dirname(place.file.replace(/^\/(?=[A-Za-z]:)/, ""));
  const { env, passToken, startTimeout, fallback } = given;
  const python = given.python === undefined ? undefined : inFolder(folder, given.python);
  const local: LocalOptions = { python, env, passToken, startTimeout, token: options.token };
  if (isPath) {
    if (wanted !== undefined || fallback !== undefined)
      throw refuse(`a path has no ${wanted === undefined ? "fallback" : "revision"}: that is for Spaces.`);
    const path = source.trim();
    return {
      app: localPath(path.startsWith("file:") ? fileURLToPath(path) : resolve(folder, path), local),
      fallsBack: false,
    };
  }
  const id = spaceIdOf(source);
  if (id === undefined) {
    const isAddress = /^https?:/i.test(source.trim());
    throw refuse(
      `runLocally is for Spaces ('owner/name')${isAddress ? ": what has an address runs already" : ", and that names none"}.${meantSource(source)}`,
    );
  }
  if (python !== undefined) throw refuse("python is for paths: a Space gets an environment of its own.");
  return {
    app: localSpace(id, { ...local, revision: wanted }),
    fallsBack: fallback === true || fallback === "remote",
  };
}

/** A program's name (`python3.12`) is looked for on the path, everything else is a place beside the script. */
function inFolder(folder: string, path: string): string {
  return /[\\/]|^\.\w/.test(path) ? resolve(folder, path) : path;
}

function check(given: RunLocally, refuse: (message: string) => DaggrError): void {
  for (const key of Object.keys(given)) {
    if (!KNOWN.includes(key))
      throw refuse(
        `runLocally has no option '${key}'.${didYouMean(key, KNOWN)} It has: ${KNOWN.join(", ")}.`,
      );
  }
  const { fallback, env, passToken, startTimeout, python } = given;
  if (fallback !== undefined && typeof fallback !== "boolean" && fallback !== "remote")
    throw refuse(`fallback must be true, false or "remote", got ${describe(fallback)}.`);
  if (passToken !== undefined && typeof passToken !== "boolean")
    throw refuse(`passToken must be true or false, got ${describe(passToken)}.`);
  if (python !== undefined && (typeof python !== "string" || python === ""))
    throw refuse(`python must be a path, got ${describe(python)}.`);
  if (startTimeout !== undefined && (typeof startTimeout !== "number" || !(startTimeout >= 1)))
    throw refuse(`startTimeout must be a number of at least 1, got ${describe(startTimeout)}.`);
  if (env === undefined) return;
  if (
    typeof env !== "object" ||
    env === null ||
    Object.values(env).some((value) => typeof value !== "string")
  )
    throw refuse("env must be an object of texts.");
}
