import type { ClientMessage, ServerMessage } from "../../../src/protocol/messages.ts";
import type { ErrorData } from "../../../src/protocol/values.ts";
import { PROTOCOL_VERSION } from "../../../src/protocol/version.ts";
import { reconnectDelayMs } from "./backoff.ts";
import { FrameQueue } from "./frame-queue.ts";

export type ConnectionStatus = "connecting" | "open" | "lost" | "outdated";

/** A message without its number, which the connection gives. */
export type Request = ClientMessage extends infer M
  ? M extends { request: number }
    ? Omit<M, "request">
    : never
  : never;

/** The server's "no" to a request. */
export class RefusedError extends Error {
  readonly data: ErrorData;
  constructor(data: ErrorData) {
    super(data.message);
    this.data = data;
  }
}

/** The connection went while an answer was awaited. */
export class ConnectionLostError extends Error {
  constructor() {
    super("The connection to the server was lost.");
  }
}

export interface ConnectionEvents {
  onstatus(status: ConnectionStatus, retryAt: number | null): void;
  onmessages(batch: readonly ServerMessage[]): void;
  /** The sheet that is open and the last change seen, to be told only what was missed. */
  resumeFrom(): { sheet?: string; after?: number };
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The page's end of the socket: numbers requests, matches answers, comes back when the line is cut. */
export class Connection {
  #socket: WebSocket | undefined;
  #nextRequest = 1;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;
  #isWelcome = false;
  readonly #pending = new Map<number, Pending>();
  readonly #queue: FrameQueue<ServerMessage>;
  readonly #url: string;
  readonly #events: ConnectionEvents;

  constructor(url: string, events: ConnectionEvents) {
    this.#url = url;
    this.#events = events;
    this.#queue = new FrameQueue((batch) => events.onmessages(batch));
  }

  open(): void {
    clearTimeout(this.#timer);
    this.#events.onstatus(this.#attempt === 0 ? "connecting" : "lost", null);
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#post({ type: "hello", version: PROTOCOL_VERSION, ...this.#events.resumeFrom() });
    });
    socket.addEventListener("message", (event) =>
      this.#receive(JSON.parse(String(event.data)) as ServerMessage),
    );
    socket.addEventListener("close", () => this.#lost(socket));
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  /** Tries again now rather than when the pause is over. */
  retry(): void {
    if (this.#socket?.readyState === WebSocket.OPEN || this.#isClosed) return;
    this.open();
  }

  get isOpen(): boolean {
    return this.#isWelcome;
  }

  /** Asks the server; rejects with {@link RefusedError} or {@link ConnectionLostError}. */
  request<T = unknown>(message: Request): Promise<T> {
    if (!this.#isWelcome) return Promise.reject(new ConnectionLostError());
    return new Promise<T>((resolve, reject) => {
      this.#post(message, { resolve: resolve as (result: unknown) => void, reject });
    });
  }

  #post(message: Request, pending?: Pending): void {
    const request = this.#nextRequest++;
    if (pending !== undefined) this.#pending.set(request, pending);
    this.#socket?.send(JSON.stringify({ ...message, request }));
  }

  #receive(message: ServerMessage): void {
    if (message.type === "reload") {
      this.#isClosed = true;
      this.#events.onstatus("outdated", null);
      return;
    }
    if (message.type === "welcome") {
      this.#isWelcome = true;
      this.#attempt = 0;
      this.#queue.push(message);
      this.#queue.flush();
      this.#events.onstatus("open", null);
      return;
    }
    if (message.type !== "reply" && message.type !== "refused") return this.#queue.push(message);
    // What was said before an answer must be applied before it.
    this.#queue.flush();
    const pending = this.#pending.get(message.request);
    this.#pending.delete(message.request);
    if (message.type === "reply") pending?.resolve(message.result);
    else pending?.reject(new RefusedError(message.error));
  }

  #lost(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    this.#isWelcome = false;
    for (const { reject } of this.#pending.values()) reject(new ConnectionLostError());
    this.#pending.clear();
    if (this.#isClosed) return;
    const delay = reconnectDelayMs(this.#attempt++);
    this.#events.onstatus("lost", Date.now() + delay);
    this.#timer = setTimeout(() => this.open(), delay);
  }
}

/** Where the server listens for this page. */
export function socketUrl(location: Location): string {
  const url = new URL("ws", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.search = location.search;
  url.hash = "";
  return url.href;
}
