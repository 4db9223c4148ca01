import type { HttpBindings } from "@hono/node-server";
import type { Context, Hono } from "hono";
import { redact } from "../base/redact.ts";
import type { Engine } from "../engine/engine.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import type { Scope } from "../store/store.ts";
import type { AddressBook } from "./address-book.ts";
import type { Limits } from "./limits.ts";
import type { Part } from "./parts.ts";

/** What every route works with; made once. */
export interface ServerContext {
  readonly engine: Engine;
  readonly definition: GraphDefinition;
  readonly book: AddressBook;
  readonly parts: readonly Part[];
  readonly limits: Limits;
  readonly scope: Scope;
}

/** Routes that stream write to Node's own response. */
export interface Env {
  Bindings: HttpBindings;
}

export type App = Hono<Env>;
export type Request = Context<Env>;

/** JSON without a secret that this process holds. */
export function answer(
  request: Request,
  value: unknown,
  status: 200 | 201 | 202 | 400 | 404 | 500 = 200,
): Response {
  return request.body(redact(JSON.stringify(value)), status, { "content-type": "application/json" });
}
