import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { looksLikeToken, redact } from "../../base/redact.ts";
import { whoAmI } from "../../clients/login/who-am-i.ts";
import type { Engine } from "../../engine/engine.ts";
import type { ServerContext, SharedContext } from "../context.ts";
import { refuse } from "../refusal.ts";
import { adoptSheets } from "./adopt-sheets.ts";
import { cookiesOf, SESSION_COOKIE, sessionCookie } from "./cookies.ts";
import type { Room, Rooms } from "./rooms.ts";
import { type Account, ipTokenOf, SpaceSession } from "./space-session.ts";
import { StrangerQuota } from "./stranger-quota.ts";
import type { Visits } from "./visitor.ts";

/** A stranger's things go when no page of theirs was open for so long. */
const STRANGER_MS = 3_600_000;
/** Somebody who does not come back for so long logs in again. */
const SESSION_MS = 30 * 86_400_000;
const LOOK_MS = 60_000;
const MOST_SESSIONS = 20_000;

export interface SpaceVisitsOptions {
  readonly shared: SharedContext;
  readonly rooms: Rooms;
  /** For those who have logged in. */
  readonly engine: Engine;
  /** For everybody else: it keeps nothing. */
  readonly strangers: Engine;
  readonly canLogIn: boolean;
}

/** Everybody who visits a Space, each apart: by cookie, or by a token of Hugging Face (`Authorization: Bearer hf_…`). */
export class SpaceVisits implements Visits {
  readonly #options: SpaceVisitsOptions;
  readonly #sessions = new Map<string, SpaceSession>();
  /** Cookies for sockets that somebody new comes in by. */
  readonly #cookies = new WeakMap<IncomingMessage, string>();
  readonly #timer: NodeJS.Timeout;
  readonly #quota = new StrangerQuota();
  readonly #never = new AbortController().signal;

  constructor(options: SpaceVisitsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#lookAround(), LOOK_MS).unref();
  }

  of(request: IncomingMessage, response?: ServerResponse): ServerContext | Promise<ServerContext> {
    const token = tokenIn(request);
    if (token !== undefined) return this.#byToken(token);
    const session = this.session(request) ?? this.#welcome(request, response);
    session.note(request);
    return session.context;
  }

  /** The session that a request's cookie names. */
  session(request: IncomingMessage): SpaceSession | undefined {
    for (const id of cookiesOf(request, SESSION_COOKIE)) {
      const session = this.#sessions.get(id);
      if (session !== undefined) return session;
    }
    return undefined;
  }

  cookieFor(request: IncomingMessage): string | undefined {
    return this.#cookies.get(request);
  }

  /** Somebody has proven who they are: what they have made as a stranger becomes theirs. */
  async logIn(request: IncomingMessage, response: ServerResponse, account: Account): Promise<SpaceSession> {
    const { engine, rooms, shared, canLogIn } = this.#options;
    const before = this.session(request);
    // A new id: one that somebody else may have set before is worth nothing.
    const session = new SpaceSession(shared, rooms.of(engine, `hf:${account.user.id}`), account, canLogIn);
    const strange = before === undefined ? undefined : strangersRoom(before);
    if (strange !== undefined) {
      const sheets = await adoptSheets(strange, session.context).catch((error: unknown) => {
        console.error(redact(`daggr: the sheets of a visitor who logs in could not be taken over: ${error}`));
        return ["all sheets"];
      });
      if (sheets.length > 0) session.leftBehind = { room: strange, sheets };
    }
    this.#add(session);
    response.appendHeader("set-cookie", sessionCookie(session.id, SESSION_MS / 1000));
    if (before !== undefined) this.#end(before, session.leftBehind !== undefined);
    return session;
  }

  /** Also where the same login was handed on to: the window of a frame has a cookie of its own. */
  logOut(request: IncomingMessage, response: ServerResponse): void {
    const session = this.session(request);
    if (session?.login === undefined) throw refuse("NOT_LOGGED_IN", "Nobody is logged in here.");
    const { room } = session.leftBehind ?? {};
    this.#end(session, room !== undefined);
    for (const each of [...this.#sessions.values()]) if (each.login === session.login) this.#end(each);
    if (room === undefined) return void response.appendHeader("set-cookie", sessionCookie("", 0));
    const stranger = this.#stranger(room);
    response.appendHeader("set-cookie", sessionCookie(stranger.id, SESSION_MS / 1000));
  }

  /** Whether nobody has logged out of it. */
  isCurrent(account: Account): boolean {
    for (const { login } of this.#sessions.values()) if (login === account) return true;
    return false;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#sessions.clear();
  }

  #welcome(request: IncomingMessage, response: ServerResponse | undefined): SpaceSession {
    const { rooms, strangers } = this.#options;
    const user = `visit:${randomUUID()}`;
    const room = rooms.of(strangers, user);
    const session = this.#stranger({ ...room, files: this.#quota.files(user, room.files) });
    const cookie = sessionCookie(session.id, SESSION_MS / 1000);
    if (response === undefined) this.#cookies.set(request, cookie);
    else if (!response.headersSent) response.appendHeader("set-cookie", cookie);
    return session;
  }

  #stranger(room: Room): SpaceSession {
    const { shared, canLogIn } = this.#options;
    const take = (bytes: number) => this.#quota.take(room.scope.user, bytes);
    const session = new SpaceSession(shared, room, undefined, canLogIn, take);
    this.#add(session);
    return session;
  }

  #add(session: SpaceSession): void {
    this.#sessions.set(session.id, session);
    if (this.#sessions.size <= MOST_SESSIONS) return;
    for (const oldest of this.#sessions.values()) {
      if (oldest.isInUse || oldest.login !== undefined) continue;
      return this.#end(oldest);
    }
  }

  /** @param keeps - What it made as a stranger belongs to another session from here on. */
  #end(session: SpaceSession, keeps = false): void {
    this.#sessions.delete(session.id);
    session.end();
    const strange = strangersRoom(session);
    if (strange === undefined || keeps) return;
    const { scope, engine } = strange;
    this.#options.rooms.forget(scope.user);
    engine
      .forget(scope)
      .then(() => this.#quota.forget(scope.user))
      .catch((error: unknown) => console.error(redact(`daggr: ${error}`)));
  }

  #lookAround(): void {
    const now = Date.now();
    for (const session of [...this.#sessions.values()]) {
      const lasts = session.login === undefined ? STRANGER_MS : SESSION_MS;
      if (!session.isInUse && now > session.seenAt + lasts) this.#end(session);
    }
  }

  async #byToken(token: string): Promise<ServerContext> {
    // Anything else would be remembered as a secret: a stranger's word would be taken out of everybody's texts.
    if (!looksLikeToken(token))
      throw refuse("TOKEN_REFUSED", "A token of Hugging Face is needed here: Authorization: Bearer hf_…");
    const { shared, rooms, engine } = this.#options;
    const user = await whoAmI(token);
    return {
      ...shared,
      ...rooms.of(engine, `hf:${user.id}`),
      visitor: {
        left: this.#never,
        isElsewhere: true,
        caller: (request) => {
          const ipToken = request === undefined ? undefined : ipTokenOf(request);
          return { token, ...(ipToken === undefined ? {} : { ipToken }) };
        },
        account: async () => ({
          at: "space",
          user: { name: user.name, ...(user.fullName === undefined ? {} : { fullName: user.fullName }) },
          login: [],
          canLogOut: false,
          isKept: true,
        }),
      },
    };
  }
}

/** Where what somebody has made without a login is. */
function strangersRoom(session: SpaceSession): Room | undefined {
  return session.login === undefined ? session.context : session.leftBehind?.room;
}

/** The proxy of a private Space takes the first for itself. */
function tokenIn({ headers }: IncomingMessage): string | undefined {
  for (const value of [headers.authorization, headers["x-hf-authorization"]])
    if (typeof value === "string" && /^Bearer /i.test(value)) return value.slice(7).trim();
  return undefined;
}
