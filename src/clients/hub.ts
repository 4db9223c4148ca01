import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import {
  clientError,
  excerpt,
  hubDown,
  hubJson,
  hubTrouble,
  rateLimited,
  tokenRefused,
} from "./client-errors.ts";
import { type Credentials, readText, send } from "./http.ts";
import { type Environment, hubEndpoint, hubToken, hubUrl, isHubOffline } from "./tokens.ts";

/** What the Hub says of a Space. */
export interface Space {
  readonly id: string;
  readonly commit: string;
  /** Where its app answers. Only here may the user's token go. */
  readonly host: URL;
  readonly isPrivate: boolean;
  readonly stage: string;
  /** What it says of itself where it does not run. */
  readonly trouble?: string;
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
  runtime: z
    .looseObject({ stage: z.string().nullish(), errorMessage: z.string().nullish().catch(null) })
    .nullish(),
});

/** What a caller makes its own sentence of: not for this token, or not there. */
const ANSWERS = new Set([401, 403, 404]);

function refused(endpoint: string, status: number, text: string): Error {
  const said = excerpt(/"error"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? text);
  const quote = said === "" ? "" : ` It says: ${said.replace(/\.?$/, ".")}`;
  return clientError("HUB_REFUSED", `${endpoint} refuses to answer (HTTP ${status}).${quote}`);
}

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
  const url = hubUrl(path, options.env);
  const credentials: Credentials | undefined =
    token === undefined ? undefined : { origin: url.origin, headers: { authorization: `Bearer ${token}` } };
  try {
    const response = await send(url, { credentials, signal: options.signal, timeoutMs: 20_000 });
    const text = await readText(response);
    if (response.status === 429) {
      const more = token === undefined ? ". With a token (HF_TOKEN) more are allowed." : "";
      throw rateLimited(endpoint, response.headers, more);
    }
    if (response.status >= 500) throw hubDown(endpoint, response.status);
    if (!response.ok && !ANSWERS.has(response.status)) throw refused(endpoint, response.status, text);
    return {
      status: response.status,
      json: response.ok ? hubJson(text, endpoint) : undefined,
      hasToken: token !== undefined,
    };
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw hubTrouble(error, endpoint);
  }
}

/** Throws `SPACE_NOT_FOUND`, `TOKEN_REFUSED`, `HUB_OFFLINE`, `HUB_RATE_LIMIT` or `HUB_UNREACHABLE`. */
export async function findSpace(id: string, options: HubOptions = {}): Promise<Space> {
  const { status, json, hasToken } = await askHub(`/api/spaces/${id}`, options);
  const missing = (why: string) =>
    clientError("SPACE_NOT_FOUND", `Space '${id}' not found on the Hugging Face Hub.${why}`);
  if (status === 401 && hasToken) throw tokenRefused();
  if (status === 401 || status === 403 || status === 404)
    throw await (await import("./hub-search.ts")).notFound("spaces", id, hasToken, options);
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
    ...(runtime?.errorMessage ? { trouble: excerpt(runtime.errorMessage) } : {}),
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
    const { stage, trouble } = space;
    const page = `${hubEndpoint(options.env)}/spaces/${id}`;
    if (stage.startsWith("RUNNING")) return space;
    if (stage === "PAUSED")
      throw clientError(
        "SPACE_PAUSED",
        `Space '${id}' is paused. Only its owner can start it again; others can duplicate it on its page, ${page}, or run it here (runLocally: true).`,
      );
    if (BROKEN.has(stage))
      throw clientError(
        "SPACE_BROKEN",
        `Space '${id}' does not run: its state is ${stage}.${trouble === undefined ? "" : ` It says: ${trouble.replace(/\.?$/, ".")}`} Only its owner can mend it. See ${page}.`,
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
