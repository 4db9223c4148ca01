import { fileURLToPath } from "node:url";
import type { ErrorData } from "../base/errors.ts";
import { rememberSecretsOf } from "../base/redact.ts";
import { keepMachineTokenBack } from "../clients/tokens.ts";
import { createEngine } from "../engine/create-engine.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import type { Banner } from "../protocol/messages.ts";
import type { UpstreamChange, UpstreamChoice } from "../protocol/upstream.ts";
import { createInvoker } from "../run/invoker.ts";
import { serve } from "../server/serve.ts";
import type { DoorOptions } from "../server/sharing/door.ts";
import { spaceSettings } from "../server/visitors/space-settings.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { checkNodes } from "./check-nodes.ts";
import type { Launched, LaunchOptions } from "./launch-options.ts";

import { isOnSpace, openStore } from "./open-store.ts";
import { serveServices } from "./serve-services.ts";
import { shareLines } from "./share-lines.ts";
import { type ActiveSharing, checkShare, type HoldShare, startSharing } from "./sharing.ts";

import { type UpstreamNews, watchUpstream } from "./watch-upstream.ts";

/** What the command line adds to the script's own options. */
export interface ServeOptions extends LaunchOptions {
  /** Where it keeps its data. Default: `DAGGR_DB_PATH`, else `.daggr_sessions.db` in the current folder. */
  readonly dbPath?: string;
  /** Exactly this port or an error. */
  readonly strictPort?: boolean;
  /** Say nothing on the terminal. */
  readonly quiet?: boolean;
  /** What a page that opens is greeted with. */
  readonly banner?: () => Banner | null;
  /** Asked for on every request. Default: made up where the host is not loopback. */
  readonly token?: string;
  /** Hears of every step that failed for good. */
  readonly onFailure?: (node: string, error: ErrorData) => void;
  /** Hears of Spaces and models that have changed, and of what was decided. Default: it is said on the terminal. */
  readonly onUpstream?: (news: UpstreamNews) => void;
  /** Those that were decided about already, as `space ada/echo`. */
  readonly ignoredUpstream?: readonly string[];
  /** Who holds the tunnel of `share: true`, and the entrance that it leads to. */
  readonly sharing?: DoorOptions & { readonly hold: HoldShare };
  /** Called as soon as it listens; what the nodes' services say may take longer. */
  readonly onListening?: (served: Served) => void;
}

export interface Served extends Launched {
  readonly port: number;
  /** Set where visitors need one. */
  readonly token: string | undefined;
  /** Shows a banner on every open page, or takes it away. */
  setBanner(banner: Banner | null): void;
  /** Decides about a Space or a model that has changed. */
  chooseUpstream(kind: UpstreamChange["kind"], id: string, choice: UpstreamChoice): Promise<void>;
}

/** The built canvas, from the package or from the sources. */
const webRoot = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../../dist/web/" : "../web/", import.meta.url),
);

/** Opens the store, starts the engine and serves; rejects (and serves no more) when a node is certainly wrong. */
export async function serveGraph(definition: GraphDefinition, options: ServeOptions): Promise<Served> {
  rememberSecretsOf(process.env);
  const upstream = watchUpstream(definition, options, () => server.refreshView());
  await upstream.refuseIfWanted();
  const { store, notice, warning } = openStore(definition, options.dbPath);
  if (warning !== undefined) console.warn(`daggr: ${warning}`);
  const engine = createEngine({
    definition,
    store,
    invoker: createInvoker(definition, store.files),
    ...(options.onFailure === undefined ? {} : { onFailure: options.onFailure }),
  });
  const space = spaceSettings();
  // Whose the Space is gives nobody else their token by having it in the environment.
  const giveTokenFree = space === undefined ? () => {} : keepMachineTokenBack();
  const strangers = space === undefined ? undefined : openStrangers(definition, options.onFailure);
  const {
    host = environmentHost(),
    port = environmentPort(),
    trustProxy = space === undefined ? undefined : true,
  } = options;
  const stop = async (): Promise<void> => {
    await engine.close();
    await strangers?.close();
    await store.close();
    giveTokenFree();
  };
  const problems = new Map<string, ErrorData>();
  const server = await serve({
    engine,
    definition,
    webRoot,
    problems: () => new Map([...engine.problems(), ...problems]),
    // On a Space whoever comes would decide for its owner.
    ...(process.env["SPACE_ID"] === undefined
      ? { upstream: { changes: () => upstream.changes, choose: (...which) => upstream.choose(...which) } }
      : {}),
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(options.strictPort === undefined ? {} : { strictPort: options.strictPort }),
    ...(options.theme === undefined ? {} : { theme: options.theme }),
    ...(options.api === undefined ? {} : { api: options.api }),
    ...(trustProxy === undefined ? {} : { trustProxy }),
    ...(space === undefined || strangers === undefined
      ? {}
      : { space: { ...space, strangers: strangers.engine } }),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    banner: () => options.banner?.() ?? notice,
    ...(options.token === undefined ? {} : { token: options.token }),
  }).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const services = serveServices(
    definition,
    problems,
    () => void server.refreshView().catch(() => {}),
    options.onFailure,
    space !== undefined,
  );
  let sharing: ActiveSharing | undefined;
  const close = async (): Promise<void> => {
    upstream.stop();
    await sharing?.close();
    await server.close();
    await services.close();
    await stop();
  };
  const { url, token } = server;
  const served: Served = {
    url,
    get shareUrl() {
      return sharing?.link;
    },
    port: server.port,
    token,
    close,
    setBanner: (banner) => server.broadcastBanner(banner ?? notice),
    chooseUpstream: (...which) => upstream.choose(...which),
  };
  if (options.quiet !== true) announce(definition.name, server, port ?? 7860);
  options.onListening?.(served);
  services.warm();
  try {
    await checkBeforeUse(definition, problems, () => server.refreshView());
  } catch (error) {
    // What is wrong now may have been right before a Space changed.
    await upstream.start();
    await close();
    throw error;
  }
  void upstream.start();
  const share = isOnSpace() ? undefined : checkShare(options.share, {});
  if (share !== undefined) {
    sharing = await startSharing(server, {
      share,
      ...(share === true ? options.sharing : {}),
      onChange: (view) => {
        if (options.sharing === undefined || share !== true)
          for (const line of shareLines(view)) console.log(line);
      },
    });
    // The command's tunnel outlives this process, and nobody waits for it.
    if (options.sharing === undefined || share !== true) await sharing.settled;
  } else if (options.share !== undefined && options.share !== false) console.log(ON_SPACE);
  if (options.open ?? (process.stdout.isTTY === true && process.env.CI === undefined)) void openBrowser(url);
  return served;
}

/** A Space is reached from outside; its port is the default one. */
function environmentHost(): string | undefined {
  return process.env.DAGGR_HOST ?? process.env.GRADIO_SERVER_NAME ?? (isOnSpace() ? "0.0.0.0" : undefined);
}

/** What those who have not logged in do is in memory, apart from everything that is kept. */
function openStrangers(definition: GraphDefinition, onFailure: ServeOptions["onFailure"]) {
  const store = createMemoryStore();
  const invoker = createInvoker(definition, store.files);
  const engine = createEngine({
    definition,
    store,
    invoker,
    ...(onFailure === undefined ? {} : { onFailure }),
  });
  return {
    engine,
    async close() {
      await engine.close();
      await store.close();
    },
  };
}
const ON_SPACE = "Nothing is shared: on a Space the workflow has an address of its own.";

function environmentPort(): number | undefined {
  const text = process.env.DAGGR_PORT ?? process.env.GRADIO_SERVER_PORT;
  const port = text === undefined ? Number.NaN : Number(text);
  return Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : undefined;
}

/** A mistake that is certain is thrown; what cannot be reached now shows on its card and is asked again when it runs. */
async function checkBeforeUse(
  definition: GraphDefinition,
  problems: Map<string, ErrorData>,
  refresh: () => Promise<void>,
): Promise<void> {
  const { certain, problems: found } = await checkNodes(definition);
  if (certain !== undefined) throw certain;
  for (const problem of found) if (problem.node !== undefined) problems.set(problem.node, problem.toData());
  if (problems.size > 0) await refresh();
}

function announce(
  name: string,
  server: { readonly url: string; readonly port: number; readonly portChanged: boolean },
  asked: number,
): void {
  if (server.portChanged) console.log(`Port ${asked} is taken: using ${server.port}.`);
  console.log(`${name} is on ${server.url} (Ctrl-C stops it)`);
}

async function openBrowser(url: string): Promise<void> {
  try {
    const { default: open } = await import("open");
    await open(url);
  } catch {
    // No browser on this machine: the address was printed.
  }
}
