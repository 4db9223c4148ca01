import { hashText } from "../base/json.ts";
import { type ConnectOptions, connectGradio, type GradioApp, type GradioUpdate } from "../clients/gradio.ts";
import { hubToken } from "../clients/tokens.ts";
import { unlessAborted } from "../clients/unless-aborted.ts";

interface Shared {
  readonly app: Promise<GradioApp>;
  readonly listeners: Set<(update: GradioUpdate) => void>;
  readonly abort: AbortController;
  isOpen: boolean;
}

/** Nodes of the same app, called by the same person, share what was found out about it. */
const apps = new Map<string, Shared>();
/** Those that were made first are made anew when they are needed again: a server has many visitors. */
const MOST_APPS = 500;

/**
 * The app, connected once for the whole process. A connection that fails is tried anew by the next step; one that
 * nobody waits for any more is given up.
 */
export async function sharedApp(
  source: string,
  options: Pick<ConnectOptions, "token" | "auth" | "headers" | "label" | "cacheFolder">,
  signal: AbortSignal,
  onUpdate: (update: GradioUpdate) => void,
): Promise<GradioApp> {
  signal.throwIfAborted();
  // The token itself, not where it comes from: whoever logs in or out meanwhile is somebody else.
  const own = { ...options, token: (await hubToken(options.token)) ?? (false as const) };
  const { HF_ENDPOINT, HF_HOME } = process.env;
  const key = hashText(JSON.stringify([source, own, HF_ENDPOINT, HF_HOME]));
  const shared = apps.get(key) ?? connect(key, source, own);
  if (shared.isOpen) return shared.app;
  shared.listeners.add(onUpdate);
  try {
    return await unlessAborted(shared.app, signal);
  } finally {
    shared.listeners.delete(onUpdate);
    if (shared.listeners.size === 0 && !shared.isOpen) {
      shared.abort.abort();
      if (apps.get(key) === shared) apps.delete(key);
    }
  }
}

function connect(key: string, source: string, options: ConnectOptions): Shared {
  const listeners = new Set<(update: GradioUpdate) => void>();
  const abort = new AbortController();
  const onUpdate = (update: GradioUpdate): void => {
    for (const listener of listeners) listener(update);
  };
  const shared: Shared = {
    app: connectGradio(source, { ...options, signal: abort.signal, onUpdate }),
    listeners,
    abort,
    isOpen: false,
  };
  apps.set(key, shared);
  for (const [oldest, { isOpen }] of apps) {
    if (apps.size <= MOST_APPS) break;
    if (isOpen) apps.delete(oldest);
  }
  shared.app.then(
    () => {
      shared.isOpen = true;
    },
    () => {
      if (apps.get(key) === shared) apps.delete(key);
    },
  );
  return shared;
}
