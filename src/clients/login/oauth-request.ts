import { z } from "zod";
import { rememberSecret } from "../../base/redact.ts";
import { clientError, excerpt, hubDown, hubTrouble, rateLimited } from "../client-errors.ts";
import { readText, send } from "../http.ts";
import type { Environment } from "../hub-environment.ts";
import { hubEndpoint, isHubOffline } from "../hub-environment.ts";

/** What the Hub gives for a code. */
export interface OAuthTokens {
  readonly token: string;
  readonly refreshToken?: string;
  /** Milliseconds since 1970. */
  readonly expiresAt?: number;
  readonly idToken?: string;
}

const tokensSchema = z.looseObject({
  access_token: z.string().min(1),
  refresh_token: z.string().nullish(),
  expires_in: z.number().positive().nullish(),
  id_token: z.string().nullish(),
});

export type OAuthAnswer =
  | { readonly tokens: OAuthTokens }
  /** `error` as the standard names it; `undefined` where the answer was none of OAuth's. */
  | { readonly error: string | undefined; readonly text: string; readonly status: number };

/** A form posted to one of the Hub's OAuth addresses. Throws `HUB_UNREACHABLE`, `HUB_RATE_LIMIT`. */
export async function postForm(
  url: URL,
  form: Readonly<Record<string, string>>,
  options: { readonly basic?: string; readonly signal?: AbortSignal | undefined } = {},
): Promise<{ readonly status: number; readonly json: unknown; readonly text: string }> {
  const { basic, signal } = options;
  try {
    const response = await send(url, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
      body: new URLSearchParams(form).toString(),
      timeoutMs: 20_000,
      ...(basic === undefined
        ? {}
        : { credentials: { origin: url.origin, headers: { authorization: `Basic ${basic}` } } }),
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await readText(response, 1_000_000);
    if (response.status === 429) throw rateLimited(url.origin, response.headers);
    if (response.status >= 500) throw hubDown(url.origin, response.status);
    return { status: response.status, text, json: parsed(text) };
  } catch (error) {
    if (signal?.aborted) throw error;
    throw hubTrouble(error, url.origin);
  }
}

/** Asks for tokens; a refusal is an answer, not an error. */
export async function askForTokens(
  url: URL,
  form: Readonly<Record<string, string>>,
  options: Parameters<typeof postForm>[2] = {},
): Promise<OAuthAnswer> {
  const askedAt = Date.now();
  const { status, json, text } = await postForm(url, form, options);
  const answer = tokensSchema.safeParse(json);
  if (answer.success) {
    const { access_token: token, refresh_token, expires_in, id_token } = answer.data;
    rememberSecret(token);
    rememberSecret(refresh_token ?? undefined);
    return {
      tokens: {
        token,
        ...(refresh_token ? { refreshToken: refresh_token } : {}),
        ...(expires_in ? { expiresAt: askedAt + expires_in * 1000 } : {}),
        ...(id_token ? { idToken: id_token } : {}),
      },
    };
  }
  const refusal = z
    .looseObject({ error: z.string(), error_description: z.string().nullish() })
    .safeParse(json);
  if (!refusal.success) return { error: undefined, text: excerpt(text), status };
  return { error: refusal.data.error, text: excerpt(refusal.data.error_description ?? ""), status };
}

/** Throws where the Hub may not be asked. */
export function refuseOffline(env: Environment): void {
  if (isHubOffline(env))
    throw clientError("HUB_OFFLINE", `HF_HUB_OFFLINE is set, so ${hubEndpoint(env)} is not asked.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
