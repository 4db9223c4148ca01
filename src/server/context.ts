import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context, Hono } from "hono";
import { redact } from "../base/redact.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import type { UpstreamChange, UpstreamChoice } from "../protocol/upstream.ts";
import type { AddressBook } from "./address-book.ts";
import type { Limits } from "./limits.ts";
import type { Part } from "./parts.ts";
import type { Room } from "./visitors/rooms.ts";
import type { Visitor } from "./visitors/visitor.ts";

/** What has changed of the Spaces and models of the graph, and who decides about it. */
export interface UpstreamDoor {
  changes(): readonly UpstreamChange[];
  choose(kind: UpstreamChange["kind"], id: string, choice: UpstreamChoice): Promise<void>;
}

/** What is the same for everybody; made once. */
export interface SharedContext {
  readonly definition: GraphDefinition;
  readonly book: AddressBook;
  readonly parts: readonly Part[];
  readonly limits: Limits;
  readonly upstream?: UpstreamDoor;
}

/** What one visitor's requests work with. */
export interface ServerContext extends SharedContext, Room {
  readonly visitor: Visitor;
}

/** What routes are made with: each asks who comes before it does anything. */
export interface RouteContext extends SharedContext {
  of(request: Request): ServerContext | Promise<ServerContext>;
}

/** Routes that stream write to Node's own response. */
export interface Env {
  Bindings: HttpBindings;
}

export type App = Hono<Env>;
export type Request = Context<Env>;

/** JSON without a secret that this process holds. */
export function answer(request: Request, value: unknown, status = 200): Response {
  return send(request, redact(JSON.stringify(value)), "application/json", status);
}

/** Writes to Node's own response: what Hono would do for us costs more than a whole call. */
export function send(request: Request, text: string, contentType: string, status = 200): Response {
  const { outgoing } = request.env;
  if (!outgoing.headersSent) {
    outgoing.writeHead(status, { "content-type": contentType, "content-length": Buffer.byteLength(text) });
  }
  outgoing.end(text);
  return RESPONSE_ALREADY_SENT;
}
