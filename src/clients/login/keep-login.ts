import { DaggrError } from "../../base/errors.ts";
import { type Environment, hubEndpoint } from "../hub-environment.ts";
import { machineToken } from "../tokens.ts";
import type { OAuthTokens } from "./oauth-request.ts";
import { deleteLogin, saveLogin } from "./saved-login.ts";
import { forgetWhoAmI, type HubUser, whoAmI } from "./who-am-i.ts";

/** Asks whose a token is, and keeps it as this machine's login. Throws `TOKEN_REFUSED`, `HUB_UNREACHABLE`, `HUB_OFFLINE`. */
export async function keepLogin(
  { token, refreshToken, expiresAt }: OAuthTokens,
  clientId?: string,
  env: Environment = process.env,
): Promise<HubUser> {
  forgetWhoAmI();
  const user = await whoAmI(token, env);
  const endpoint = hubEndpoint(env);
  await saveLogin({ token, name: user.name, endpoint, clientId, refreshToken, expiresAt }, env);
  return user;
}

/** A token that somebody has pasted. Throws `INVALID_TOKEN`. */
export function checkPasted(token: unknown): string {
  const trimmed = typeof token === "string" ? token.trim() : "";
  if (/^hf_[\w.-]{8,4000}$/.test(trimmed)) return trimmed;
  throw new DaggrError(
    "INVALID_TOKEN",
    "A token of Hugging Face begins with hf_ and has no spaces. Copy all of it.",
  );
}

/** Ends a login of daggr's own; what another tool has saved is not touched. Throws `NOT_LOGGED_IN`, `LOGIN_OF_OTHERS`. */
export async function endLogin(env: Environment = process.env): Promise<void> {
  const wasThere = await deleteLogin(env);
  forgetWhoAmI();
  if (wasThere) return;
  const found = await machineToken(env);
  if (found === undefined) throw new DaggrError("NOT_LOGGED_IN", "Nobody is logged in here.");
  throw new DaggrError(
    "LOGIN_OF_OTHERS",
    found.from === "variable"
      ? `The token is in ${found.place}: take that variable away to log out.`
      : `The token in ${found.place} was saved by another tool, and is not deleted from here. hf auth logout removes it.`,
  );
}
