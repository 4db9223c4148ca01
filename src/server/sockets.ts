import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocket, WebSocketServer } from "ws";
import type { DaggrError } from "../base/errors.ts";
import type { ServerMessage } from "../protocol/messages.ts";
import type { ServerContext } from "./context.ts";
import type { Limits } from "./limits.ts";
import { refusalBody, refuse, statusOf } from "./refusal.ts";
import { requestPath } from "./request-path.ts";
import type { PageContext, Session } from "./session.ts";
import type { Visits } from "./visitors/visitor.ts";

const PING_MS = 30_000;
const MOST_SOCKETS = 2_000;

export interface Sockets {
  broadcast(message: Extract<ServerMessage, { type: "banner" | "share" }>): void;
  /** Sends every page its view of the graph anew. */
  showGraph(): Promise<void>;
  /** Tells every page how its visitor stands. */
  showAccounts(): void;
  readonly size: number;
  /** Takes the handshakes of one more server. */
  attach(server: Server, check: Check): void;
  close(): void;
}

type Check = (request: IncomingMessage) => DaggrError | undefined;

export interface SocketOptions extends PageContext {
  readonly check: Check;
  readonly limits: Limits;
  readonly visits: Visits;
}

/** `/ws`: one session for each socket. The libraries behind it are loaded with the first one. */
export function attachSockets(server: Server, options: SocketOptions): Sockets {
  const sessions = new Map<WebSocket, Session>();
  const answered = new WeakSet<WebSocket>();
  let loaded:
    | Promise<{ accept: WebSocketServer; start: typeof import("./session.ts").startSession }>
    | undefined;
  const load = async () => {
    const [{ WebSocketServer }, { startSession }] = await Promise.all([import("ws"), import("./session.ts")]);
    const accept = new WebSocketServer({
      noServer: true,
      maxPayload: options.limits.frameBytes,
      perMessageDeflate: false,
      clientTracking: false,
    });
    accept.on("wsClientError", (_error, socket) => {
      refuseUpgrade(socket, refuse("INVALID_UPGRADE", "That is no WebSocket handshake."));
    });
    accept.on("headers", (headers, request) => {
      const cookie = options.visits.cookieFor?.(request);
      if (cookie !== undefined) headers.push(`Set-Cookie: ${cookie}`);
    });
    return { accept, start: startSession };
  };

  const upgrade = (check: Check) => async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const refusal = refusalOf(request, check) ?? (sessions.size >= MOST_SOCKETS ? tooMany() : undefined);
    if (refusal !== undefined) return refuseUpgrade(socket, refusal);
    let visit: ServerContext;
    try {
      visit = await options.visits.of(request);
    } catch (error) {
      return refuseUpgrade(socket, error as DaggrError);
    }
    try {
      loaded ??= load();
      const { accept, start } = await loaded;
      accept.handleUpgrade(request, socket, head, (ws) => {
        answered.add(ws);
        ws.on("pong", () => answered.add(ws));
        ws.on("error", () => ws.terminate());
        ws.on("close", () => {
          sessions.get(ws)?.end();
          sessions.delete(ws);
        });
        const { banner, presence, build, share } = options;
        sessions.set(ws, start(ws, { ...visit, banner, presence, build, share }, request));
      });
    } catch {
      socket.destroy();
    }
  };
  server.on("upgrade", upgrade(options.check));

  const pings = setInterval(() => {
    for (const ws of sessions.keys()) {
      if (!answered.delete(ws)) ws.terminate();
      else ws.ping();
    }
  }, PING_MS);
  pings.unref();

  return {
    broadcast(message) {
      for (const session of sessions.values()) session.tell(message);
    },
    async showGraph() {
      await Promise.all([...sessions.values()].map((session) => session.showGraph()));
    },
    showAccounts() {
      for (const session of sessions.values()) void session.showAccount().catch(() => {});
    },
    attach(other, check) {
      other.on("upgrade", upgrade(check));
    },
    get size() {
      return sessions.size;
    },
    close() {
      clearInterval(pings);
      for (const ws of sessions.keys()) {
        ws.close(1001, "The server stops.");
        setTimeout(() => ws.terminate(), 500).unref();
      }
    },
  };
}

const tooMany = () => refuse("TOO_MANY_SOCKETS", `More than ${MOST_SOCKETS} pages are open.`);

function refusalOf(request: IncomingMessage, check: Check): DaggrError | undefined {
  const path = requestPath(request.url);
  if (path === undefined) return refuse("INVALID_PATH", "That is no path of this server.");
  const refusal = check(request);
  if (refusal !== undefined) return refusal;
  if (path.length !== 1 || path[0] !== "ws") return refuse("NOT_FOUND", "The socket is at /ws.");
  if (request.method !== "GET" || request.headers.upgrade?.toLowerCase() !== "websocket") {
    return refuse("INVALID_UPGRADE", "Only WebSockets are spoken here.");
  }
  return undefined;
}

const REASONS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
};

function refuseUpgrade(socket: Duplex, refusal: DaggrError): void {
  const status = statusOf(refusal);
  const body = JSON.stringify(refusalBody(refusal));
  socket.end(
    `HTTP/1.1 ${status} ${REASONS[status] ?? "Bad Request"}\r\nContent-Type: application/json\r\nX-Content-Type-Options: nosniff\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  setTimeout(() => socket.destroy(), 1_000).unref();
}
