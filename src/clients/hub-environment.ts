import { homedir } from "node:os";
import { join } from "node:path";
import { DaggrError } from "../base/errors.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** A switch as `huggingface_hub` reads it. */
export function isSwitchedOn(value: string | undefined): boolean {
  return value !== undefined && ["1", "ON", "YES", "TRUE"].includes(value.toUpperCase());
}

/** `HF_HOME`, else `huggingface` in the user's cache folder, as Python's `huggingface_hub` has it. */
export function hubHome(env: Environment = process.env): string {
  const cache = () => env["XDG_CACHE_HOME"] ?? join(homeFolder(env), ".cache");
  return expandPath(env["HF_HOME"] ?? join(cache(), "huggingface"), env);
}

/** Where daggr keeps what it learned from the Hub and from Spaces. */
export function hubDataFolder(env: Environment = process.env): string {
  return join(hubHome(env), "daggr");
}

/** Where `huggingface_hub` keeps the token of its login. */
export function hubTokenPath(env: Environment = process.env): string {
  return expandPath(env["HF_TOKEN_PATH"] ?? join(hubHome(env), "token"), env);
}

/** The Hub's address, without a slash at the end. */
export function hubEndpoint(env: Environment = process.env): string {
  return (env["HF_ENDPOINT"] || "https://huggingface.co").replace(/\/+$/, "");
}

/** The address of a path on the Hub. Throws `INVALID_OPTION` where `HF_ENDPOINT` is no address. */
export function hubUrl(path: string, env: Environment = process.env): URL {
  const endpoint = hubEndpoint(env);
  const url = /^https?:\/\//i.test(endpoint) ? URL.parse(`${endpoint}${path}`) : null;
  if (url !== null) return url;
  throw new DaggrError(
    "INVALID_OPTION",
    `HF_ENDPOINT must be the address of a Hub ('https://huggingface.co'), got '${endpoint.slice(0, 100)}'.`,
  );
}

export function isHubOffline(env: Environment = process.env): boolean {
  // An empty variable is none; one that says no outweighs the other library's.
  return isSwitchedOn(env["HF_HUB_OFFLINE"] || env["TRANSFORMERS_OFFLINE"]);
}

function homeFolder(env: Environment): string {
  return env["HOME"] ?? homedir();
}

/** `~` and variables in a path, as Python's `os.path` reads them; what is not known stays as it stands. */
function expandPath(path: string, env: Environment): string {
  const isInHome = path === "~" || path.startsWith("~/");
  const inHome = isInHome ? `${homeFolder(env).replace(/\/+$/, "")}${path.slice(1)}` || "/" : path;
  return inHome.replace(/\$(?:(\w+)|\{([^}]*)\})/g, (text, plain, braced) => env[plain ?? braced] ?? text);
}
