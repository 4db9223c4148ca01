/** What a page of the canvas hears, without a browser. */
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { WebSocket } from "ws";
import type { ServerMessage } from "../../src/protocol/messages.ts";
import { PROTOCOL_VERSION } from "../../src/protocol/version.ts";

type Message<Type extends ServerMessage["type"]> = Extract<ServerMessage, { type: Type }>;

export interface TestPage extends AsyncDisposable {
  readonly messages: readonly ServerMessage[];
  /** The first message of this type that fits; waits for it. */
  find<Type extends ServerMessage["type"]>(
    type: Type,
    fits?: (message: Message<Type>) => boolean,
  ): Promise<Message<Type>>;
  ask(type: string, more?: object): Promise<unknown>;
}

/** Connects as a page that opens its first sheet. */
export async function openPage(url: string): Promise<TestPage> {
  const address = new URL(url);
  const socket = new WebSocket(`ws://${address.host}/ws`, { origin: address.origin });
  const messages: ServerMessage[] = [];
  socket.on("message", (data) => messages.push(JSON.parse(String(data)) as ServerMessage));
  await once(socket, "open");
  let request = 0;
  const find = async (type: string, fits: (message: never) => boolean = () => true): Promise<never> => {
    for (let waited = 0; waited < 20_000; waited += 20) {
      const found = messages.find((message) => message.type === type && fits(message as never));
      if (found !== undefined) return found as never;
      await delay(20);
    }
    throw new Error(`No ${type} came. There were: ${JSON.stringify(messages).slice(0, 3000)}`);
  };
  const ask = async (type: string, more: object = {}): Promise<unknown> => {
    const number = request++;
    socket.send(JSON.stringify({ type, request: number, ...more }));
    const answer = (await Promise.race([
      find("reply", (reply: Message<"reply">) => reply.request === number),
      find("refused", (refused: Message<"refused">) => refused.request === number),
    ])) as ServerMessage;
    if (answer.type === "refused") throw new Error(answer.error.message);
    return (answer as Message<"reply">).result;
  };
  socket.send(JSON.stringify({ type: "hello", request: request++, version: PROTOCOL_VERSION }));
  return {
    messages,
    find: find as TestPage["find"],
    ask,
    async [Symbol.asyncDispose]() {
      socket.terminate();
    },
  };
}
