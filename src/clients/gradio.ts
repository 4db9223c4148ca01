import { join } from "node:path";
import { DaggrError } from "../base/errors.ts";
import { EndpointCache } from "./endpoint-cache.ts";
import { findEndpoint } from "./gradio-arguments.ts";
import { callEndpoint } from "./gradio-call.ts";
import { Connection } from "./gradio-connection.ts";
import { parseSource } from "./gradio-source.ts";
import type { ConnectOptions, GradioApp, GradioDescription, GradioEndpoint } from "./gradio-types.ts";
import { findSpace, type Space } from "./hub.ts";
import { hubDataFolder } from "./tokens.ts";

export { clientError, isRetryable } from "./client-errors.ts";
export { checkArguments, findEndpoint } from "./gradio-arguments.ts";
export { parseSource } from "./gradio-source.ts";
export type * from "./gradio-types.ts";

function cacheOf(options: ConnectOptions): EndpointCache {
  return new EndpointCache(options.cacheFolder ?? join(hubDataFolder(options.env), "gradio"));
}

/**
 * Reaches a Gradio app: a Space id (`owner/name`), a Space page's address, or any Gradio address. A sleeping Space is
 * woken. Nothing stays open afterwards.
 */
export async function connectGradio(source: string, options: ConnectOptions = {}): Promise<GradioApp> {
  const connection = await Connection.open(parseSource(source, options.env), options, cacheOf(options));
  const sessions = new Map<string, Promise<unknown>>();
  return {
    get root() {
      return connection.root.href;
    },
    get space() {
      return connection.description.space;
    },
    get endpoints() {
      return connection.description.endpoints;
    },
    call(apiName, args, call) {
      if (call.session === undefined) return callEndpoint(connection, apiName, args, call);
      return inTurn(sessions, call.session, () => callEndpoint(connection, apiName, args, call));
    },
  };
}

/** Two calls at once would take each other's messages: a session has one event stream. */
async function inTurn<T>(
  turns: Map<string, Promise<unknown>>,
  session: string,
  work: () => Promise<T>,
): Promise<T> {
  const turn = (turns.get(session) ?? Promise.resolve()).then(work, work);
  turns.set(session, turn);
  try {
    return await turn;
  } finally {
    if (turns.get(session) === turn) turns.delete(session);
  }
}

/**
 * What an app offers. A Space at a known commit is answered from the disk without waking it, and so is everything
 * while the Hub cannot be asked.
 */
export async function describeGradio(
  source: string,
  options: ConnectOptions = {},
): Promise<GradioDescription> {
  const parsed = parseSource(source, options.env);
  const cache = cacheOf(options);
  if (parsed.type === "space") {
    const cached = await cache.read(parsed.id);
    if (cached !== undefined) {
      const space = await knownSpace(parsed.id, options);
      if (space === undefined || space.commit === cached.space?.commit) return cached;
    }
  }
  return (await Connection.open(parsed, options, cache)).description;
}

async function knownSpace(id: string, options: ConnectOptions): Promise<Space | undefined> {
  try {
    return await findSpace(id, options);
  } catch (error) {
    if (error instanceof DaggrError && error.code.startsWith("HUB_")) return undefined;
    throw error;
  }
}

/** The commit a Space is at, as the Hub says, else as it was when we last knew; `null` for anything else. */
export async function spaceCommit(source: string, options: ConnectOptions = {}): Promise<string | null> {
  const parsed = parseSource(source, options.env);
  if (parsed.type !== "space") return null;
  try {
    return (await findSpace(parsed.id, options)).commit;
  } catch {
    return (await cacheOf(options).read(parsed.id))?.space?.commit ?? null;
  }
}

/** The endpoint to call when the user names none: the only one, else the only documented one, else `/predict`. */
export function defaultEndpoint(endpoints: readonly GradioEndpoint[], app: string): GradioEndpoint {
  if (endpoints.length === 1) return endpoints[0]!;
  const documented = endpoints.filter((endpoint) => endpoint.documented);
  return documented.length === 1 ? documented[0]! : findEndpoint(endpoints, "/predict", app);
}
