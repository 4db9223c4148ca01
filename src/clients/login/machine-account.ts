import { DaggrError } from "../../base/errors.ts";
import { type Environment, isHubOffline } from "../hub-environment.ts";
import { isImplicitAllowed, machineToken } from "../tokens.ts";
import { readLogin } from "./saved-login.ts";
import { type HubUser, whoAmI } from "./who-am-i.ts";

/** Who this machine is on Hugging Face. */
export interface MachineAccount {
  readonly user?: HubUser;
  /** Where its token comes from; absent where there is none. */
  readonly from?: "variable" | "login" | "file";
  /** `HF_TOKEN`, or a file. */
  readonly place?: string;
  /** What is wrong with it, and what to do. */
  readonly problem?: { readonly code: string; readonly text: string; readonly advice: string };
}

const ANEW: Readonly<Record<"variable" | "login" | "file", string>> = {
  variable:
    "Put a new one there (https://huggingface.co/settings/tokens), or take it away to use a saved login.",
  login: "Log in again: daggr login, or here.",
  file: "Log in again: hf auth login (any hf command renews a login of its own that can be renewed), or daggr login.",
};

/** Asks for whom this machine's token is; never throws. */
export async function machineAccount(env: Environment = process.env): Promise<MachineAccount> {
  const found = await machineToken(env);
  if (found === undefined) return {};
  const { from, place } = found;
  const isSent = isImplicitAllowed(env);
  const problem = (code: string, text: string, advice: string) => ({
    from,
    place,
    problem: { code, text, advice },
  });
  if (!isSent)
    return problem(
      "TOKEN_NOT_SENT",
      "HF_HUB_DISABLE_IMPLICIT_TOKEN is set: the token of this machine is not sent.",
      "Take the variable away, or give a node its token.",
    );
  const login = from === "login" ? await readLogin(env) : undefined;
  if (isHubOffline(env)) {
    const known = login === undefined ? {} : { user: { id: `name:${login.name}`, name: login.name } };
    return {
      ...problem(
        "HUB_OFFLINE",
        "Offline: the token cannot be checked.",
        "Take HF_HUB_OFFLINE away to check it.",
      ),
      ...known,
    };
  }
  try {
    return { user: await whoAmI(found.token, env), from, place };
  } catch (error) {
    if (!(error instanceof DaggrError)) throw error;
    return error.code === "TOKEN_REFUSED"
      ? problem(
          error.code,
          `The token from ${place} is not accepted: it has expired, was revoked, or is not whole.`,
          ANEW[from],
        )
      : error.code === "INVALID_TOKEN"
        ? problem(error.code, `The token from ${place} cannot be one.`, ANEW[from])
        : problem(error.code, error.sentence, "It is asked again with the next run.");
  }
}
