import { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import type { WebSocket } from "ws";
import { type SessionContext, startSession } from "./session.ts";

test("a page whose visitor logged out during its handshake is sent away", () => {
  const closed: unknown[] = [];
  const ws = Object.assign(new EventEmitter(), { close: (code: number) => closed.push(code) });
  const visitor = { left: AbortSignal.abort(), caller: () => undefined, account: async () => ({}) };
  startSession(ws as unknown as WebSocket, { visitor } as unknown as SessionContext, {} as IncomingMessage);
  expect(closed).toEqual([4001]);
});
