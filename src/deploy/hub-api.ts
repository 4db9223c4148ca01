import { z } from "zod";
import type { DaggrError } from "../base/errors.ts";
import { clientError, excerpt, hubTrouble, rateLimited, tokenRefused } from "../clients/client-errors.ts";
import { readText, send } from "../clients/http.ts";
import { hubEndpoint, hubUrl } from "../clients/tokens.ts";

/** The Hub, on behalf of one token. */
export interface Hub {
  readonly endpoint: string;
  readonly token: string;
  readonly signal?: AbortSignal | undefined;
}

export interface HubAnswer {
  readonly status: number;
  readonly json: unknown;
  readonly text: string;
}

/** Throws `INVALID_OPTION` where `HF_ENDPOINT` is no address. */
export function openHub(token: string, signal?: AbortSignal): Hub {
  hubUrl("");
  return { endpoint: hubEndpoint(), token, signal };
}

const HUGGING_FACE = "Hugging Face";
const NOT_TWICE = ": what was done already is not done twice.";

const errorSchema = z.looseObject({ error: z.string().optional(), message: z.string().optional() });

/** One request to the Hub's API. Answers with whatever status it has; `demand` makes a sentence of those that are not wanted. */
export async function askApi(
  hub: Hub,
  method: "GET" | "POST" | "PUT",
  path: string,
  body?: object,
): Promise<HubAnswer> {
  const url = new URL(`${hub.endpoint}${path}`);
  try {
    const response = await send(url, {
      method,
      credentials: { origin: url.origin, headers: { authorization: `Bearer ${hub.token}` } },
      signal: hub.signal,
      timeoutMs: 60_000,
      ...(body === undefined
        ? {}
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    const text = await readText(response);
    const answer = { status: response.status, text, json: parseJson(text) };
    if (response.status === 429) throw rateLimited(HUGGING_FACE, response.headers, NOT_TWICE);
    return answer;
  } catch (error) {
    if (hub.signal?.aborted) throw error;
    throw hubTrouble(error, hub.endpoint);
  }
}

/** The answer of a request that has to succeed; `doing` says what for: `create the Space me/app`. */
export async function demand(
  hub: Hub,
  method: "GET" | "POST" | "PUT",
  path: string,
  doing: string,
  body?: object,
): Promise<HubAnswer> {
  const answer = await askApi(hub, method, path, body);
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw refusal(answer.status, reasonIn(answer), doing);
}

/** What the Hub said, in its own words. */
export function reasonIn({ json, text }: Pick<HubAnswer, "json" | "text">): string {
  const parsed = errorSchema.safeParse(json);
  const said = parsed.success ? (parsed.data.error ?? parsed.data.message) : undefined;
  return excerpt(said ?? text);
}

/** One sentence for a status that was not wanted, with what to do about it. */
export function refusal(status: number, said: string, doing: string): DaggrError {
  const quote = said === "" ? "" : ` It says: ${said.replace(/\.?$/, ".")}`;
  if (status === 429) return rateLimited(HUGGING_FACE, new Headers(), NOT_TWICE);
  if (status === 401) return tokenRefused(said);
  if (status === 402)
    return clientError(
      "HUB_PAYMENT",
      `Hugging Face asks for a payment method or a paid plan to ${doing}.${quote} See https://huggingface.co/settings/billing, or choose --hardware cpu-basic.`,
    );
  if (status === 403)
    return clientError(
      "HUB_FORBIDDEN",
      `Your token may not ${doing}.${quote} It needs the role 'write', or as a fine-grained token the right to write to this owner's repositories: https://huggingface.co/settings/tokens`,
    );
  if (status === 412)
    return clientError(
      "DEPLOY_CONFLICT",
      `Somebody changed the Space while it was being deployed; nothing was sent. Deploy again.${quote}`,
    );
  if (status === 413 || status === 507)
    return clientError("HUB_QUOTA", `It is too large for Hugging Face to ${doing}.${quote}`);
  if (status >= 500)
    return clientError(
      "HUB_UNREACHABLE",
      `Hugging Face has a problem just now (HTTP ${status}) and could not ${doing}.${quote} Try again in a while${NOT_TWICE}`,
    );
  return clientError("HUB_REFUSED", `Hugging Face refused to ${doing} (HTTP ${status}).${quote}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `fetch` for Hugging Face's own library: it says who asks, and takes the token to no other host. */
export function hubFetch(hub: Hub): typeof fetch {
  const { origin } = new URL(hub.endpoint);
  return (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const headers = new Headers(init.headers);
    headers.set("user-agent", "daggr");
    if (url.origin !== origin) headers.delete("authorization");
    const signal = hub.signal === undefined ? {} : { signal: anySignal(init.signal, hub.signal) };
    return fetch(input, { ...init, headers, redirect: "error", ...signal });
  };
}

const anySignal = (one: AbortSignal | null | undefined, other: AbortSignal): AbortSignal =>
  one ? AbortSignal.any([one, other]) : other;
