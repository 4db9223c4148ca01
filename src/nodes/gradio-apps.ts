import { hashText } from "../base/json.ts";
import { type ConnectOptions, connectGradio, type GradioApp, type GradioUpdate } from "../clients/gradio.ts";
import { unlessAborted } from "../clients/unless-aborted.ts";

interface Shared {
  readonly app: Promise<GradioApp>;
  readonly listeners: Set<(update: GradioUpdate) => void>;
  readonly abort: AbortController;
  isOpen: boolean;
}

/** Nodes of the same app, called by the same person, share what was found out about it. */
const apps = new Map<string, Shared>();

/**
 * The app, connected once for the whole process. A connection that fails is tried anew by the next step; one that
 * nobody waits for any more is given up.
 */
export async function sharedApp(
  source: string,
  options: Pick<ConnectOptions, "token" | "auth" | "headers">,
  signal: AbortSignal,
  onUpdate: (update: GradioUpdate) => void,
): Promise<GradioApp> {
  signal.throwIfAborted();
  const { HF_TOKEN, HF_ENDPOINT, HF_HOME } = process.env;
  const key = hashText(JSON.stringify([source, options, HF_TOKEN, HF_ENDPOINT, HF_HOME]));
  const shared = apps.get(key) ?? connect(key, source, options);
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
