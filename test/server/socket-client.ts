import { once } from "node:events";
import { WebSocket } from "ws";
import type { ServerMessage } from "../../src/protocol/messages.ts";
import { PROTOCOL_VERSION } from "../../src/protocol/version.ts";

export interface SocketClient {
  readonly ws: WebSocket;
  readonly messages: ServerMessage[];
  /** The first message (from now on, or already here and not yet taken) that fits. */
  next<T extends ServerMessage["type"]>(type: T): Promise<Extract<ServerMessage, { type: T }>>;
  /** Sends a message and gives the `reply` or `refused` with its number. */
  ask(
    message: Readonly<Record<string, unknown>>,
  ): Promise<Extract<ServerMessage, { type: "reply" | "refused" }>>;
  hello(more?: Readonly<Record<string, unknown>>): Promise<void>;
  close(): void;
}

/** A page without a page: speaks the protocol over a real socket. */
export async function connectSocket(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<SocketClient> {
  const ws = new WebSocket(url.replace(/^http/, "ws").replace(/\/?(\?.*)?$/, "/ws$1"), { headers });
  const messages: ServerMessage[] = [];
  const waiting = new Set<() => void>();
  const taken = new Set<ServerMessage>();
  ws.on("message", (data) => {
    messages.push(JSON.parse(String(data)));
    for (const wake of waiting) wake();
  });
  ws.on("close", () => {
    for (const wake of waiting) wake();
  });
  await once(ws, "open");
  let request = 0;
  const find = async (fits: (message: ServerMessage) => boolean): Promise<ServerMessage> => {
    for (;;) {
      const message = messages.find((candidate) => !taken.has(candidate) && fits(candidate));
      if (message !== undefined) {
        taken.add(message);
        return message;
      }
      if (ws.readyState !== ws.OPEN) throw new Error("The socket is closed.");
      await new Promise<void>((resolve) => {
        const wake = () => {
          waiting.delete(wake);
          resolve();
        };
        waiting.add(wake);
      });
    }
  };
  const client: SocketClient = {
    ws,
    messages,
    next: (type) => find((message) => message.type === type) as never,
    ask(message) {
      request += 1;
      const number = request;
      ws.send(JSON.stringify({ request: number, ...message }));
      return find(
        (answer) => (answer.type === "reply" || answer.type === "refused") && answer.request === number,
      ) as never;
    },
    async hello(more = {}) {
      await client.ask({ type: "hello", version: PROTOCOL_VERSION, ...more });
    },
    close: () => ws.close(),
  };
  return client;
}
