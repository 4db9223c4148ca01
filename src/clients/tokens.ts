import { readFile } from "node:fs/promises";
import { DaggrError } from "../base/errors.ts";
import { rememberSecret } from "../base/redact.ts";
import { type Environment, hubTokenPath, isSwitchedOn } from "./hub-environment.ts";
import { currentLogin, loginPath } from "./login/saved-login.ts";

export {
  type Environment,
  hubDataFolder,
  hubEndpoint,
  hubHome,
  hubUrl,
  isHubOffline,
} from "./hub-environment.ts";

/** Where this machine's token comes from: a variable, daggr's own login, or the file of Hugging Face's tools. */
export interface FoundToken {
  readonly token: string;
  readonly from: "variable" | "login" | "file";
  /** The variable's name, or the file. */
  readonly place: string;
}

/** While a server has visitors that are not its owner: nobody gets the owner's token by saying nothing. */
let sharedServers = 0;

/** From now on this machine's token is for nobody who does not name it; returns how to end that. */
export function keepMachineTokenBack(): () => void {
  sharedServers++;
  let isOver = false;
  return () => {
    if (!isOver) sharedServers--;
    isOver = true;
  };
}

/** Whether this server's own questions to the Hub are those of nobody. */
export const isMachineTokenKeptBack = (): boolean => sharedServers > 0;

/**
 * The token to send to the Hub: the given one, else the one of this machine ({@link machineToken}). `false` sends none;
 * without a given token, `HF_HUB_DISABLE_IMPLICIT_TOKEN` sends none either, nor does a server with visitors. Throws
 * `INVALID_TOKEN`.
 */
export async function hubToken(
  given?: string | false,
  env: Environment = process.env,
): Promise<string | undefined> {
  if (given === false) return undefined;
  const token = clean(given) ?? (isImplicitAllowed(env) ? (await machineToken(env))?.token : undefined);
  rememberSecret(token);
  // No header can carry anything else, and what the network says of it would be a riddle.
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    throw new DaggrError(
      "INVALID_TOKEN",
      "The token (of the script, HF_TOKEN, or the saved login) cannot be one: it has a space or a sign in it that no token has. Copy it anew from https://huggingface.co/settings/tokens.",
    );
  return token;
}

/** Whether a token that nobody has named may be sent. */
export function isImplicitAllowed(env: Environment = process.env): boolean {
  return sharedServers === 0 && !isSwitchedOn(env["HF_HUB_DISABLE_IMPLICIT_TOKEN"]);
}

/**
 * This machine's token in `huggingface_hub`'s order: `HF_TOKEN`, `HUGGING_FACE_HUB_TOKEN`, the saved login. A login of
 * daggr's own comes before the file of Hugging Face's tools, and is renewed where it can be.
 */
export async function machineToken(env: Environment = process.env): Promise<FoundToken | undefined> {
  // Python's `or`: the first that is not empty counts, also when nothing but spaces is in it.
  const name = env["HF_TOKEN"] ? "HF_TOKEN" : "HUGGING_FACE_HUB_TOKEN";
  const variable = clean(env[name]);
  if (variable !== undefined) return found(variable, "variable", name);
  const login = await currentLogin(env);
  if (login !== undefined) return found(login.token, "login", loginPath(env));
  const path = hubTokenPath(env);
  const saved = clean(await readFile(path, "utf8").catch(() => undefined));
  return saved === undefined ? undefined : found(saved, "file", path);
}

function found(token: string, from: FoundToken["from"], place: string): FoundToken {
  rememberSecret(token);
  return { token, from, place };
}

function clean(token: string | undefined): string | undefined {
  const trimmed = token?.replace(/[\r\n]/g, "").trim();
  return trimmed === "" ? undefined : trimmed;
}
