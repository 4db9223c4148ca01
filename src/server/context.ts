import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context, Hono } from "hono";
import type { FileStore } from "../base/files.ts";
import { redact } from "../base/redact.ts";
import type { Engine } from "../engine/engine.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import type { Scope } from "../store/store.ts";
import type { AddressBook } from "./address-book.ts";
import type { Limits } from "./limits.ts";
import type { Part } from "./parts.ts";
import type { ShownFiles } from "./shown-files.ts";
import type { Thumbnails } from "./thumbnails.ts";

/** What every route works with; made once. */
export interface ServerContext {
  readonly engine: Engine;
  readonly definition: GraphDefinition;
  readonly book: AddressBook;
  readonly parts: readonly Part[];
  readonly limits: Limits;
  readonly scope: Scope;
  /** The user's own. */
  readonly files: FileStore;
  readonly shown: ShownFiles;
  readonly thumbnails: Thumbnails;
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
