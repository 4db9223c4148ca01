import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { DaggrError } from "../base/errors.ts";
import { clientError, networkReason, tokenRefused } from "./client-errors.ts";
import { type Credentials, readText, send } from "./http.ts";
import { type Environment, hubEndpoint, hubToken, isHubOffline } from "./tokens.ts";

/** What the Hub says of a Space. */
export interface Space {
  readonly id: string;
  readonly commit: string;
  /** Where its app answers. Only here may the user's token go. */
  readonly host: URL;
  readonly isPrivate: boolean;
  readonly stage: string;
}

export interface HubOptions {
  readonly token?: string | false | undefined;
  readonly env?: Environment | undefined;
  readonly signal?: AbortSignal | undefined;
}

const spaceSchema = z.looseObject({
  id: z.string().optional(),
  sha: z.string().nullish(),
  private: z.boolean().nullish(),
  host: z.string().nullish(),
  runtime: z.looseObject({ stage: z.string().nullish() }).nullish(),
});

/** Asks the Hub for a path under `/api`, with the token, which goes nowhere else. */
export async function askHub(
  path: string,
  options: HubOptions = {},
): Promise<{ status: number; json: unknown; hasToken: boolean }> {
  const endpoint = hubEndpoint(options.env);
  if (isHubOffline(options.env)) {
    throw clientError("HUB_OFFLINE", `HF_HUB_OFFLINE is set, so ${endpoint} is not asked.`);
  }
  const token = await hubToken(options.token, options.env);
  const url = new URL(`${endpoint}${path}`);
  const credentials: Credentials | undefined =
    token === undefined ? undefined : { origin: url.origin, headers: { authorization: `Bearer ${token}` } };
  try {
    const response = await send(url, { credentials, signal: options.signal, timeoutMs: 20_000 });
    const text = await readText(response);
    if (response.status === 429) throw rateLimited(endpoint, response.headers, token !== undefined);
    if (response.status >= 500) {
      throw clientError("HUB_UNREACHABLE", `${endpoint} answers with HTTP ${response.status}.`);
    }
    return {
      status: response.status,
      json: response.ok ? JSON.parse(text) : undefined,
      hasToken: token !== undefined,
    };
  } catch (error) {
    if (error instanceof DaggrError || options.signal?.aborted) throw error;
    throw clientError("HUB_UNREACHABLE", `${endpoint} cannot be reached: ${networkReason(error)}.`, {
      cause: error,
    });
  }
}

/** The Hub tells when in `retry-after`, or as `t=` of `ratelimit`. */
function rateLimited(endpoint: string, headers: Headers, hasToken: boolean): DaggrError {
  const told = headers.get("retry-after") ?? /\bt=(\d+)/.exec(headers.get("ratelimit") ?? "")?.[1];
  const seconds = Number(told ?? Number.NaN);
  const when = Number.isFinite(seconds) && seconds > 0 ? `in ${Math.ceil(seconds)} s` : "in some minutes";
  const more = hasToken ? "" : " With a token (HF_TOKEN) more are allowed.";
  return clientError(
    "HUB_RATE_LIMIT",
    `${endpoint} takes no more requests from you just now (HTTP 429). Try again ${when}.${more}`,
  );
}

/** Throws `SPACE_NOT_FOUND`, `TOKEN_REFUSED`, `HUB_OFFLINE`, `HUB_RATE_LIMIT` or `HUB_UNREACHABLE`. */
export async function findSpace(id: string, options: HubOptions = {}): Promise<Space> {
  const { status, json, hasToken } = await askHub(`/api/spaces/${id}`, options);
  const missing = (why: string) =>
    clientError("SPACE_NOT_FOUND", `Space '${id}' not found on the Hugging Face Hub.${why}`);
  if (status === 401 && hasToken) throw tokenRefused();
  if (status === 401 || status === 403 || status === 404) {
    const { sentence } = await (await import("./hub-search.ts")).nearIds("spaces", id, options);
    throw missing(
      hasToken
        ? `${sentence} Check its name (format: 'owner/name'), and that your token may read it if it is private.`
        : `${sentence} Check its name (format: 'owner/name'). If it is private, set HF_TOKEN or log in.`,
    );
  }
  const parsed = spaceSchema.safeParse(json);
  if (!parsed.success)
    throw clientError(
      "HUB_UNREACHABLE",
      `The Hub's answer about Space '${id}' cannot be read (HTTP ${status}).`,
    );
  const { sha, runtime } = parsed.data;
  const url = URL.parse(parsed.data.host || (await findHost(id, options)));
  const stage = runtime?.stage ?? "RUNNING";
  if (stage === "DELETING") throw missing(" It is being deleted.");
  if (url === null || !/^https?:$/.test(url.protocol)) throw missing(" The Hub names no address for it.");
  return {
    id: parsed.data.id ?? id,
    commit: sha ?? "",
    host: url,
    isPrivate: parsed.data.private ?? false,
    stage,
  };
}

/** The address alone, from the route that official clients ask. */
async function findHost(id: string, options: HubOptions): Promise<string> {
  const { json } = await askHub(`/api/spaces/${id}/host`, options);
  const parsed = z.looseObject({ host: z.string() }).safeParse(json);
  return parsed.success ? parsed.data.host : "";
}

const BROKEN = new Set(["NO_APP_FILE", "CONFIG_ERROR", "BUILD_ERROR", "RUNTIME_ERROR"]);

export interface WakeOptions extends HubOptions {
  /** Milliseconds to wait for it to run; 10 minutes unless said otherwise. */
  readonly wakeTimeoutMs?: number | undefined;
  readonly pollMs?: number | undefined;
  /** Told each new stage, in words. */
  readonly onStage?: ((text: string) => void) | undefined;
}

/**
 * The Space once it runs. A sleeping one is woken by one request to its address, then the Hub is asked every few
 * seconds. Throws `SPACE_PAUSED`, `SPACE_BROKEN`, `SPACE_NOT_READY`.
 */
export async function runningSpace(id: string, options: WakeOptions = {}): Promise<Space> {
  const deadline = Date.now() + (options.wakeTimeoutMs ?? 600_000);
  let last = "";
  for (;;) {
    const space = await findSpace(id, options);
    const { stage } = space;
    if (stage.startsWith("RUNNING")) return space;
    if (stage === "PAUSED")
      throw clientError(
        "SPACE_PAUSED",
        `Space '${id}' is paused. Only its owner can start it again; others can duplicate it on its page.`,
      );
    if (BROKEN.has(stage))
      throw clientError(
        "SPACE_BROKEN",
        `Space '${id}' does not run: its state is ${stage}. Only its owner can mend it.`,
      );
    if (stage !== last) {
      options.onStage?.(
        `Space '${id}' is not running yet (${stage.toLowerCase().replaceAll("_", " ")}), waiting for it.`,
      );
      if (last === "") await knock(space, options);
      last = stage;
    }
    if (Date.now() >= deadline)
      throw clientError("SPACE_NOT_READY", `Space '${id}' is still not running: its state is ${stage}.`);
    await sleep(Math.min(options.pollMs ?? 4000, Math.max(1, deadline - Date.now())), undefined, {
      signal: options.signal,
    });
  }
}

/** A request to its address is what wakes a Space; what it answers does not matter. */
async function knock(space: Space, options: WakeOptions): Promise<void> {
  const token = await hubToken(options.token, options.env);
  const headers = token === undefined ? {} : { "x-hf-authorization": `Bearer ${token}` };
  try {
    const credentials = { origin: space.host.origin, headers };
    const response = await send(space.host, { credentials, signal: options.signal, timeoutMs: 3000 });
    await response.body?.cancel();
  } catch {
    // It may well not answer while it starts.
  }
}
