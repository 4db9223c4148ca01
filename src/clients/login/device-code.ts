import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { DaggrError } from "../../base/errors.ts";
import { clientError, excerpt } from "../client-errors.ts";
import { type Environment, hubUrl } from "../hub-environment.ts";
import { askForTokens, type OAuthTokens, postForm, refuseOffline } from "./oauth-request.ts";

/** What a person is shown, and what is asked with (RFC 8628). */
export interface DeviceCode {
  readonly deviceCode: string;
  /** A few letters that the person compares or types. */
  readonly userCode: string;
  /** Where they are entered. */
  readonly url: string;
  /** The same address with the code in it. */
  readonly completeUrl: string;
  readonly intervalMs: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

const schema = z.looseObject({
  device_code: z.string().min(1),
  user_code: z.string().min(1).max(100),
  verification_uri: z.string(),
  verification_uri_complete: z.string().nullish(),
  interval: z.number().nonnegative().nullish(),
  expires_in: z.number().positive().nullish(),
});

/** The application under which this machine logs in; there is none unless somebody names it. */
export const deviceClientId = (env: Environment = process.env): string | undefined =>
  env["DAGGR_OAUTH_CLIENT_ID"]?.trim() || undefined;

/** Asks the Hub for a code. Throws `LOGIN_FAILED`, `HUB_UNREACHABLE` or `HUB_OFFLINE`. */
export async function requestDeviceCode(
  clientId: string,
  env: Environment = process.env,
): Promise<DeviceCode> {
  refuseOffline(env);
  const url = hubUrl("/oauth/device", env);
  const { status, json, text } = await postForm(url, { client_id: clientId });
  const read = schema.safeParse(json);
  if (!read.success) {
    const refusal = z.looseObject({ error_description: z.string() }).safeParse(json);
    const said = excerpt(refusal.success ? refusal.data.error_description : text);
    throw clientError(
      "LOGIN_FAILED",
      `${url.origin} gives no code to log in with (HTTP ${status}: ${said}). Is DAGGR_OAUTH_CLIENT_ID the id of an application there that may use device codes?`,
    );
  }
  const { device_code, user_code, verification_uri, verification_uri_complete, interval, expires_in } =
    read.data;
  const page = pageOf(verification_uri, url);
  return {
    deviceCode: device_code,
    userCode: user_code,
    url: page,
    completeUrl: verification_uri_complete ? pageOf(verification_uri_complete, url) : page,
    // Five seconds and a quarter of an hour where the Hub does not say.
    intervalMs: (interval ?? 5) * 1000,
    expiresAt: Date.now() + (expires_in ?? 900) * 1000,
  };
}

/** The address is opened by a person: nothing but a page may be behind it. */
function pageOf(address: string, hub: URL): string {
  const url = URL.parse(address, hub.href);
  if (url !== null && /^https?:$/.test(url.protocol)) return url.href;
  throw clientError("LOGIN_FAILED", `${hub.origin} names no page on which to enter the code.`);
}

/** Waits until the person has answered. Throws `LOGIN_DENIED`, `LOGIN_CODE_EXPIRED`, `LOGIN_FAILED`. */
export async function waitForDevice(
  code: DeviceCode,
  clientId: string,
  options: { readonly signal?: AbortSignal; readonly env?: Environment } = {},
): Promise<OAuthTokens> {
  const { signal, env = process.env } = options;
  const url = hubUrl("/oauth/token", env);
  let { intervalMs } = code;
  const form = {
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    device_code: code.deviceCode,
    client_id: clientId,
  };
  for (;;) {
    await sleep(Math.min(intervalMs, Math.max(0, code.expiresAt - Date.now())), undefined, { signal });
    if (Date.now() >= code.expiresAt) throw expired();
    // A cut line or a broken gateway is no answer: the code lives on, and so does the wait.
    const answer = await askForTokens(url, form, { signal }).catch((error: unknown) => {
      if (signal?.aborted || !(error instanceof DaggrError)) throw error;
      return { error: undefined, text: "", status: 0 };
    });
    if ("tokens" in answer) return answer.tokens;
    if (answer.error === undefined || answer.error === "authorization_pending") continue;
    if (answer.error === "slow_down") intervalMs += 5000;
    else if (answer.error === "expired_token") throw expired();
    else if (answer.error === "access_denied")
      throw clientError("LOGIN_DENIED", "The login was declined on Hugging Face. Nothing was changed here.");
    else
      throw clientError(
        "LOGIN_FAILED",
        `${url.origin} ended the login: ${answer.error}${answer.text === "" ? "" : ` (${answer.text})`}.`,
      );
  }
}

const expired = (): DaggrError =>
  clientError("LOGIN_CODE_EXPIRED", "The code has expired before it was entered. Start the login again.");
