import { getRequestListener } from "@hono/node-server";
import type { ErrorData } from "../base/errors.ts";
import { rememberSecret } from "../base/redact.ts";
import type { Engine } from "../engine/engine.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import type { Banner } from "../protocol/messages.ts";
import type { Scope } from "../store/store.ts";
import { createAccess, createToken, isLoopback } from "./access.ts";
import { createAddressBook } from "./address-book.ts";
import { createApp } from "./app.ts";
import type { App, RouteContext, SharedContext, UpstreamDoor } from "./context.ts";
import { answerBroken, createGate } from "./gate.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { listen } from "./listen.ts";
import { entryScript } from "./pages.ts";
import { partsOf } from "./parts.ts";
import { createPresence } from "./presence.ts";
import { createHttpServer, type Door, type DoorOptions, openDoor } from "./sharing/door.ts";
import type { Sharing } from "./sharing/share-routes.ts";
import { attachSockets } from "./sockets.ts";
import { checkTheme, type ThemeOption } from "./theme.ts";
import { viewOfGraph } from "./view-of-graph.ts";
import { addMachineLoginRoutes } from "./visitors/account-routes.ts";
import { createMachineVisits } from "./visitors/machine-visits.ts";
import { createRooms } from "./visitors/rooms.ts";
import type { SpaceSettings } from "./visitors/space-settings.ts";
import type { Visits } from "./visitors/visitor.ts";

export interface ServeOptions {
  readonly engine: Engine;
  readonly definition: GraphDefinition;
  /** Default `127.0.0.1`. Anything that is not loopback asks for a token. */
  readonly host?: string;
  /** Default 7860. When it is taken, the next free one of a hundred. 0: any. */
  readonly port?: number;
  /** That port or none. */
  readonly strictPort?: boolean;
  readonly theme?: ThemeOption;
  /** The folder of the built canvas. */
  readonly webRoot?: string;
  readonly limits?: Partial<Limits>;
  /** Believe `X-Forwarded-*`. Only behind a proxy that sets them. */
  readonly trustProxy?: boolean;
  /** `false` leaves the REST API out; the canvas works all the same. */
  readonly api?: boolean;
  /** What a page is greeted with. */
  readonly banner?: () => Banner | null;
  /** Asked for on every request. Made up where one is needed; `false` only where something in front asks who comes. */
  readonly token?: string | false;
  /** Whose data. Default: `local` and the graph's persistKey. */
  readonly scope?: Scope;
  /** A Space: everybody who visits is apart, and logs in with Hugging Face. */
  readonly space?: SpaceSettings & { readonly strangers: Engine };
  /** By node, what is wrong with it before any run. Asked when a page opens. */
  readonly problems?: () => ReadonlyMap<string, ErrorData>;
  /** What has changed of what its nodes use. Only for who may decide about it. */
  readonly upstream?: UpstreamDoor;
}

export interface RunningServer {
  /** Where a person opens it; holds the token, where there is one. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** The port that was asked for is taken. */
  readonly portChanged: boolean;
  readonly token: string | undefined;
  broadcastBanner(banner: Banner | null): void;
  /** Sends the graph's view anew to every page, for example when a Space turned out to be out of reach. */
  refreshView(): Promise<void>;
  /** One more entrance, for a tunnel: a port of its own, where everybody needs its token. Closed with the server. */
  openDoor(options: DoorOptions): Promise<Door>;
  /** What the page is to say of sharing. */
  showShare(sharing: Sharing): void;
  /** Stops listening and ends every connection. The engine is the caller's. */
  close(): Promise<void>;
}

/** Serves canvas and API until closed. */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { engine, definition, host = "127.0.0.1", port = 7860, trustProxy = false } = options;
  checkTheme(options.theme);
  const token = tokenFor(options, host);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const scope = options.scope ?? { user: "local", graph: definition.persistKey || definition.name };
  // Visitors of a Space decide nothing about it.
  const deciding = options.space === undefined ? options.upstream : undefined;
  const shared: SharedContext = {
    definition,
    limits,
    book: createAddressBook(definition),
    parts: partsOf(definition),
    ...(deciding === undefined ? {} : { upstream: deciding }),
  };
  const rooms = createRooms(scope.graph, (files) => {
    const problems = options.problems?.();
    const upstream = deciding?.changes();
    return viewOfGraph(definition, {
      files,
      ...(problems === undefined ? {} : { problems }),
      ...(upstream === undefined ? {} : { upstream }),
    });
  });
  const { space } = options;
  let addLogin: (app: App, context: RouteContext) => void;
  let stopLogins = () => {};
  let visits: Visits;
  if (space === undefined) {
    visits = createMachineVisits(shared, rooms.of(engine, scope.user));
    addLogin = (app, context) => {
      stopLogins = addMachineLoginRoutes(app, context, () => sockets.showAccounts());
    };
  } else {
    const { addSpaceLoginRoutes, SpaceVisits } = await import("./visitors/space.ts");
    const canLogIn = space.oauth !== undefined;
    const apart = new SpaceVisits({ shared, rooms, engine, strangers: space.strangers, canLogIn });
    visits = apart;
    addLogin = (app, context) => addSpaceLoginRoutes(app, context, apart, space);
  }
  const routes: RouteContext = {
    ...shared,
    of: ({ env: { incoming, outgoing } }) => visits.of(incoming, outgoing),
  };
  let door: Door | undefined;
  let sharing: Sharing | undefined;
  const app = createApp(routes, {
    addLogin,
    sharing: () => sharing,
    hasApi: options.api ?? true,
    webRoot: options.webRoot,
    theme: options.theme,
    frameAncestors: trustProxy ? "'self' https://huggingface.co" : "'self'",
  });
  const server = createHttpServer(limits);
  const bound = await listen(server, host, port, options.strictPort ?? false);

  const origins = new Set(space === undefined ? [] : [space.origin]);
  const rules = { host, port: bound, token, trustProxy };
  const check = createAccess({ ...rules, allowedHosts: new Set(), allowedOrigins: origins });
  // A body that is too large is read to its end and thrown away, or the refusal would get lost with the connection.
  const next = getRequestListener(app.fetch, { overrideGlobalObjects: false, autoCleanupIncoming: false });
  const gate = createGate({ check, next, cookie: token === undefined ? undefined : { port: bound, token } });
  server.on("request", gate);
  server.on("checkExpectation", gate);
  server.on("clientError", answerBroken);

  const build = options.webRoot === undefined ? Promise.resolve(undefined) : entryScript(options.webRoot);
  const sockets = attachSockets(server, {
    check,
    limits,
    visits,
    banner: options.banner ?? (() => null),
    share: () => sharing?.view.status,
    presence: createPresence(),
    build: () => build,
  });

  return {
    url:
      space !== undefined
        ? `${space.origin}/`
        : `http://${displayHost(host)}:${bound}/${token === undefined ? "" : `?token=${token}`}`,
    host,
    port: bound,
    portChanged: port !== 0 && bound !== port,
    token,
    broadcastBanner: (banner) => sockets.broadcast({ type: "banner", banner }),
    async refreshView() {
      rooms.refreshViews();
      await sockets.showGraph();
    },
    async openDoor(wanted) {
      door = await openDoor(wanted, { limits, next, attach: sockets.attach });
      return door;
    },
    showShare(shown) {
      sharing = shown;
      sockets.broadcast({ type: "share", status: shown.view.status });
    },
    async close() {
      sockets.close();
      await door?.close();
      stopLogins();
      await visits.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 300).unref();
      await closed;
    },
  };
}

/** Loopback needs none; whoever wants one all the same names it. */
function tokenFor({ token, space }: ServeOptions, host: string): string | undefined {
  // On a Space one logs in instead.
  if (token === false || (space !== undefined && token === undefined)) return undefined;
  const needed = token ?? (isLoopback(host) ? undefined : createToken());
  rememberSecret(needed);
  return needed;
}

/** A wildcard address is no address to open. */
function displayHost(host: string): string {
  if (host === "0.0.0.0" || host === "::" || host === "") return "127.0.0.1";
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}
