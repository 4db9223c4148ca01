import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { clientError, networkReason } from "../client-errors.ts";
import { readText, send } from "../http.ts";
import { askForTokens, type OAuthTokens } from "./oauth-request.ts";

/** The application that a Space is on Hugging Face. */
export interface OAuthApplication {
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  /** Space-separated, as the Space was given them. */
  readonly scopes: string;
  /** Who logs people in, without a slash at the end. */
  readonly provider: string;
}

/** A login on its way: kept here, while the person is at the provider's page. */
export interface StartedLogin {
  readonly url: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

const metadata = z.looseObject({ authorization_endpoint: z.string(), token_endpoint: z.string() });
const known = new Map<string, Promise<{ readonly authorize: URL; readonly token: URL }>>();

/** Where to send a person, by the authorization code flow with PKCE. Throws `LOGIN_FAILED`, `HUB_UNREACHABLE`. */
export async function startLogin(app: OAuthApplication, redirectUri: string): Promise<StartedLogin> {
  const { authorize } = await endpointsOf(app.provider);
  const [state, nonce, verifier] = [random(), random(), random()];
  const url = new URL(authorize);
  url.search = new URLSearchParams({
    response_type: "code",
    client_id: app.clientId,
    redirect_uri: redirectUri,
    scope: app.scopes,
    state,
    nonce,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  }).toString();
  return { url: url.href, state, nonce, verifier };
}

/** Exchanges the code that came back. Throws `LOGIN_FAILED`, `HUB_UNREACHABLE`. */
export async function finishLogin(
  app: OAuthApplication,
  redirectUri: string,
  code: string,
  { nonce, verifier }: Pick<StartedLogin, "nonce" | "verifier">,
): Promise<OAuthTokens> {
  const { token } = await endpointsOf(app.provider);
  const form = {
    grant_type: "authorization_code",
    code,
    redirect_uri: redirectUri,
    client_id: app.clientId,
    code_verifier: verifier,
  };
  const basic =
    app.clientSecret === undefined
      ? undefined
      : Buffer.from(`${app.clientId}:${app.clientSecret}`).toString("base64");
  const answer = await askForTokens(token, form, basic === undefined ? {} : { basic });
  if (!("tokens" in answer)) {
    const why = answer.error ?? `HTTP ${answer.status}`;
    throw clientError(
      "LOGIN_FAILED",
      `${token.origin} ended the login: ${why}${answer.text === "" ? "" : ` (${answer.text})`}.`,
    );
  }
  checkIdToken(answer.tokens.idToken, app, nonce);
  return answer.tokens;
}

/** It came from the provider itself, over TLS: what is in it needs no signature to be believed (OpenID Connect 3.1.3.7). */
function checkIdToken(
  idToken: string | undefined,
  { clientId, scopes }: OAuthApplication,
  nonce: string,
): void {
  if (idToken === undefined && !/\bopenid\b/.test(scopes)) return;
  const claims = claimsOf(idToken ?? "");
  const audience = claims?.["aud"];
  const isForUs = audience === clientId || (Array.isArray(audience) && audience.includes(clientId));
  if (claims?.["nonce"] === nonce && isForUs) return;
  throw clientError("LOGIN_FAILED", "What came back belongs to another login. Start it again.");
}

function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  } catch {
    return undefined;
  }
}

function endpointsOf(provider: string): Promise<{ readonly authorize: URL; readonly token: URL }> {
  let endpoints = known.get(provider);
  if (endpoints === undefined) {
    endpoints = discover(provider);
    known.set(provider, endpoints);
    endpoints.catch(() => known.delete(provider));
  }
  return endpoints;
}

async function discover(provider: string): Promise<{ readonly authorize: URL; readonly token: URL }> {
  const url = new URL(`${provider}/.well-known/openid-configuration`);
  let json: unknown;
  try {
    json = JSON.parse(await readText(await send(url, { timeoutMs: 20_000 }), 1_000_000));
  } catch (error) {
    throw clientError(
      "HUB_UNREACHABLE",
      `${url.origin} does not say how to log in: ${networkReason(error)}.`,
      {
        cause: error,
      },
    );
  }
  const read = metadata.safeParse(json);
  const authorize = URL.parse(read.data?.authorization_endpoint ?? "");
  const token = URL.parse(read.data?.token_endpoint ?? "");
  // The application's secret goes to the second, a person to the first: nowhere but to the provider.
  if (authorize?.origin === url.origin && token?.origin === url.origin) return { authorize, token };
  throw clientError("LOGIN_FAILED", `${url.origin} does not say how to log in.`);
}

const random = (): string => randomBytes(32).toString("base64url");
