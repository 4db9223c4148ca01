import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { rememberSecret } from "../base/redact.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

function isTrue(value: string | undefined): boolean {
  return value !== undefined && ["1", "ON", "YES", "TRUE"].includes(value.toUpperCase());
}

function homeFolder(env: Environment): string {
  return env["HOME"] ?? homedir();
}

/** `HF_HOME`, else `huggingface` in the user's cache folder, as Python's `huggingface_hub` has it. */
export function hubHome(env: Environment = process.env): string {
  const home = homeFolder(env);
  const folder = env["HF_HOME"] ?? join(env["XDG_CACHE_HOME"] ?? join(home, ".cache"), "huggingface");
  return folder.startsWith("~") ? join(home, folder.slice(1)) : folder;
}

/** Where daggr keeps what it learned from the Hub and from Spaces. */
export function hubDataFolder(env: Environment = process.env): string {
  return join(hubHome(env), "daggr");
}

/** The Hub's address, without a slash at the end. */
export function hubEndpoint(env: Environment = process.env): string {
  return (env["HF_ENDPOINT"] || "https://huggingface.co").replace(/\/+$/, "");
}

export function isHubOffline(env: Environment = process.env): boolean {
  return isTrue(env["HF_HUB_OFFLINE"]) || isTrue(env["TRANSFORMERS_OFFLINE"]);
}

/**
 * The token to send to the Hub: the given one, else the one of this machine in `huggingface_hub`'s order
 * (`HF_TOKEN`, `HUGGING_FACE_HUB_TOKEN`, the saved login). `false` sends none; without a given token,
 * `HF_HUB_DISABLE_IMPLICIT_TOKEN` sends none either.
 */
export async function hubToken(
  given?: string | false,
  env: Environment = process.env,
): Promise<string | undefined> {
  if (given === false) return undefined;
  const token =
    clean(given) ?? (isTrue(env["HF_HUB_DISABLE_IMPLICIT_TOKEN"]) ? undefined : await savedToken(env));
  rememberSecret(token);
  return token;
}

async function savedToken(env: Environment): Promise<string | undefined> {
  const fromEnvironment = clean(env["HF_TOKEN"]) ?? clean(env["HUGGING_FACE_HUB_TOKEN"]);
  if (fromEnvironment !== undefined) return fromEnvironment;
  try {
    return clean(await readFile(env["HF_TOKEN_PATH"] ?? join(hubHome(env), "token"), "utf8"));
  } catch {
    return undefined;
  }
}

function clean(token: string | undefined): string | undefined {
  const trimmed = token?.replace(/[\r\n]/g, "").trim();
  return trimmed === "" ? undefined : trimmed;
}
