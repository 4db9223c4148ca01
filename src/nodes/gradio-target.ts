import { join } from "node:path";
import { DaggrError } from "../base/errors.ts";
import { EndpointCache } from "../clients/endpoint-cache.ts";
import {
  describeGradio,
  type GradioApp,
  type GradioDescription,
  type GradioUpdate,
} from "../clients/gradio.ts";
import type { LocalApp } from "../clients/local/local-apps.ts";
import { hubDataFolder } from "../clients/tokens.ts";
import type { Caller } from "../graph/step.ts";
import { sharedApp } from "./gradio-apps.ts";
import type { NodesLocalApp } from "./gradio-local.ts";
import type { GradioNodeOptions } from "./gradio-options.ts";

/** What a node calls: an app by its source, on this machine where it says so. */
export interface Target {
  /** As messages call it. */
  readonly source: string;
  readonly options: GradioNodeOptions<any, any>;
  readonly local: NodesLocalApp | undefined;
}

/** The app for one call. */
export interface Reached {
  readonly app: GradioApp;
  release(): Promise<void>;
}

type Credentials = Pick<GradioNodeOptions<any, any>, "token" | "auth" | "headers">;

/** A token that the script names comes before the caller's. */
export function connectOptions(options: Target["options"], caller: Caller = {}): Credentials {
  const token = options.token ?? caller.token;
  return { token, auth: options.auth, headers: options.headers } as Credentials;
}

/** Reaches the app, which is started first where it runs on this machine. */
export async function reach(
  target: Target,
  caller: Caller,
  signal: AbortSignal,
  tell: (update: GradioUpdate) => void,
): Promise<Reached> {
  const { source, options, local } = target;
  if (local !== undefined) {
    try {
      return await reachHere(local.app, options, signal, tell);
    } catch (error) {
      if (!local.fallsBack || !(error instanceof DaggrError) || signal.aborted) throw error;
      const text = `${error.sentence.split("\n")[0]} The Space on the Hub is used instead.`;
      tell({ type: "log", level: "warning", text });
    }
  }
  const app = await sharedApp(source, connectOptions(options, caller), signal, tell);
  return { app, release: async () => {} };
}

async function reachHere(
  local: LocalApp,
  options: Target["options"],
  signal: AbortSignal,
  tell: (update: GradioUpdate) => void,
): Promise<Reached> {
  const lease = await local.use(signal, {
    onStep: (text) => tell({ type: "progress", value: null, text }),
    onLine: (text) => tell({ type: "log", level: "info", text }),
    onWarning: (text) => tell({ type: "log", level: "warning", text }),
  });
  try {
    const { auth, headers } = options;
    // Its address is another one each time it is started, so that nothing of it is kept on the disk.
    const access = { token: false, auth, headers, label: local.label, cacheFolder: false } as const;
    return { app: await sharedApp(lease.url, access, signal, tell), release: lease.release };
  } catch (error) {
    await lease.release();
    throw error;
  }
}

/** What an app on this machine offers, as far as it is known without starting it. */
export async function knownHere(
  local: LocalApp,
  options: Target["options"],
): Promise<GradioDescription | undefined> {
  const cache = new EndpointCache(join(hubDataFolder(), "gradio"));
  const identity = await local.identity();
  const cached = await cache.read(local.key);
  if (cached?.space?.commit === identity) return cached;
  const lease = local.useRunning();
  if (lease === undefined) return undefined;
  try {
    const { auth, headers } = options;
    const access = { token: false, auth, headers, label: local.label, cacheFolder: false } as const;
    const described = await describeGradio(lease.url, access);
    await cache.write(local.key, { ...described, space: { id: local.label, commit: identity } });
    return described;
  } finally {
    await lease.release();
  }
}
