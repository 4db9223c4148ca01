import type { IncomingMessage, ServerResponse } from "node:http";
import type { Caller } from "../../graph/step.ts";
import type { AccountView } from "../../protocol/account.ts";
import type { ServerContext } from "../context.ts";

/** Who comes, beside what is theirs. */
export interface Visitor {
  /**
   * On whose behalf their steps run; `undefined`: this machine's. With a request that it comes from, else that of their
   * page's socket. Throws `LOGIN_EXPIRED`.
   */
  caller(request?: IncomingMessage): Caller | undefined;
  /** How they stand, as their page shows it. */
  account(request: IncomingMessage): Promise<AccountView>;
  /** The server is no machine of theirs, whatever the request looks like. */
  readonly isElsewhere?: true;
  /** What they bring counts so many bytes. Throws `TOO_LARGE`. */
  readonly take?: ((bytes: number) => void) | undefined;
  /** A page of theirs is open, until what is returned is called. */
  enter?(): () => void;
  /** Aborted when they have gone: nothing is told them any more. */
  readonly left: AbortSignal;
}

/** Tells everybody who comes apart. */
export interface Visits {
  /**
   * What a request may see and do; at once where nobody has to be asked. Whoever is new gets a cookie with `response`.
   * Rejects with `TOKEN_REFUSED` and others.
   */
  of(request: IncomingMessage, response?: ServerResponse): ServerContext | Promise<ServerContext>;
  /** A cookie for the handshake of a socket, if that is where somebody new comes in. */
  cookieFor?(request: IncomingMessage): string | undefined;
  close(): Promise<void>;
}
