import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { Socket } from "node:net";
import type { DaggrError } from "../../base/errors.ts";
import { rememberSecret } from "../../base/redact.ts";
import { createAccess, createToken } from "../access.ts";
import { answerBroken, createGate } from "../gate.ts";
import type { Limits } from "../limits.ts";
import { listen } from "../listen.ts";
import { refuse } from "../refusal.ts";

/** A tunnel's link lasts for a week, and so does the cookie. */
const COOKIE_SECONDS = 7 * 24 * 60 * 60;

/**
 * The entrance for a tunnel: a port of its own on 127.0.0.1, where every request needs the token, whatever Host it
 * names. The owner's own address stays as it is, and nobody can pass for the owner by a header.
 */
export interface Door {
  readonly port: number;
  readonly token: string;
  /** What the outside calls it; `undefined` while there is no tunnel. Returns the link with the token. */
  setAddress(url: string | undefined): string | undefined;
  close(): Promise<void>;
}

export interface DoorOptions {
  /** That port or none; 0: any. */
  readonly port?: number;
  /** That of an earlier door, so that a link that was given away goes on working. */
  readonly token?: string;
}

export interface DoorParts {
  readonly limits: Limits;
  /** What serves a request that was let in. */
  readonly next: RequestListener;
  /** Takes the handshakes of sockets. */
  attach(server: Server, check: (request: IncomingMessage) => DaggrError | undefined): void;
}

const through = new WeakSet<Socket>();

/** Whether a request came in through a tunnel's door. */
export function isThroughDoor({ socket }: IncomingMessage): boolean {
  return through.has(socket);
}

export async function openDoor(options: DoorOptions, { limits, next, attach }: DoorParts): Promise<Door> {
  const token = options.token ?? createToken();
  rememberSecret(token);
  const server = createHttpServer(limits);
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    through.add(socket);
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const port = await listen(server, "127.0.0.1", options.port ?? 0, true);
  const [hosts, origins] = [new Set<string>(), new Set<string>()];
  let [isOpen, isSecure] = [false, false];
  const rules = { port, host: "127.0.0.1", token, trustProxy: true };
  const access = createAccess({ ...rules, allowedHosts: hosts, allowedOrigins: origins });
  const check = (request: IncomingMessage) =>
    isOpen ? access(request) : refuse("FOREIGN_HOST", "This is not shared just now.");
  const cookie = { port, token, maxAge: COOKIE_SECONDS, isSecure: () => isSecure };
  const gate = createGate({ check, next, cookie });
  server.on("request", gate);
  server.on("checkExpectation", gate);
  server.on("clientError", answerBroken);
  attach(server, check);
  return {
    port,
    token,
    setAddress(url) {
      hosts.clear();
      origins.clear();
      const address = url === undefined ? null : URL.parse(url);
      isOpen = address !== null;
      if (address === null) {
        // Also those whose socket is open, and whatever a tunnel of the script's own does when it is told to close.
        for (const socket of sockets) socket.destroy();
        return undefined;
      }
      hosts.add(address.host.toLowerCase());
      origins.add(address.origin);
      isSecure = address.protocol === "https:";
      const link = new URL("/", address);
      link.searchParams.set("token", token);
      return link.href;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** With the limits that hold for everybody who comes. */
export function createHttpServer(limits: Limits): Server {
  const server = createServer({
    keepAliveTimeout: 65_000,
    headersTimeout: limits.headMs,
    connectionsCheckingInterval: Math.min(5_000, limits.headMs),
    requestTimeout: 300_000,
    maxHeaderSize: 16_384,
    // The gate answers for both, as it does for everything else.
    requireHostHeader: false,
  });
  server.maxRequestsPerSocket = 0;
  return server;
}
