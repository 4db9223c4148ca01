import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { HubUser } from "../../clients/login/who-am-i.ts";
import type { Caller } from "../../graph/step.ts";
import type { AccountView } from "../../protocol/account.ts";
import type { ServerContext, SharedContext } from "../context.ts";
import { refuse } from "../refusal.ts";
import { cookiesOf, SESSION_COOKIE } from "./cookies.ts";
import type { Room } from "./rooms.ts";
import type { Visitor } from "./visitor.ts";

/** Somebody who has logged in. The token is in memory only, and gone with the process. */
export interface Account {
  readonly user: HubUser;
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expiresAt?: number | undefined;
}

/** What somebody made as a stranger and could not be moved to their account: it waits where it is. */
export interface LeftBehind {
  readonly room: Room;
  readonly sheets: readonly string[];
}

/** An `x-ip-token` lives for about 170 seconds; one that may be over helps nobody. */
const IP_TOKEN_MS = 150_000;

/** One browser that visits a Space: a stranger, or somebody who has logged in. */
export class SpaceSession implements Visitor {
  readonly id = randomBytes(32).toString("base64url");
  readonly isElsewhere = true;
  readonly login: Account | undefined;
  readonly context: ServerContext;
  readonly take: Visitor["take"];
  readonly #leave = new AbortController();
  readonly #canLogIn: boolean;
  #ipToken: { readonly value: string; readonly at: number } | undefined;
  #pages = 0;
  seenAt = Date.now();
  leftBehind: LeftBehind | undefined;

  constructor(
    shared: SharedContext,
    room: Room,
    account: Account | undefined,
    canLogIn: boolean,
    take?: Visitor["take"],
  ) {
    this.login = account;
    this.take = take;
    this.#canLogIn = canLogIn;
    this.context = { ...shared, ...room, visitor: this };
  }

  get left(): AbortSignal {
    return this.#leave.signal;
  }

  get isInUse(): boolean {
    return this.#pages > 0;
  }

  get isExpired(): boolean {
    const { expiresAt } = this.login ?? {};
    return expiresAt !== undefined && Date.now() >= expiresAt;
  }

  /** A page is open. */
  enter(): () => void {
    this.#pages++;
    return () => {
      this.#pages--;
      this.seenAt = Date.now();
    };
  }

  /** A request came in: ZeroGPU counts by the newest of its tokens. */
  note(request: IncomingMessage): void {
    this.seenAt = Date.now();
    const value = ipTokenOf(request);
    if (value !== undefined) this.#ipToken = { value, at: this.seenAt };
  }

  caller(request?: IncomingMessage): Caller {
    if (this.isExpired) {
      throw refuse(
        "LOGIN_EXPIRED",
        "Your login has expired. Log in again, and run it: what you have made is kept.",
      );
    }
    if (request !== undefined) this.note(request);
    const isFresh = this.#ipToken !== undefined && Date.now() < this.#ipToken.at + IP_TOKEN_MS;
    return {
      // Nobody runs with the token of the Space's owner.
      token: this.login?.token ?? false,
      ...(isFresh ? { ipToken: this.#ipToken!.value } : {}),
    };
  }

  end(): void {
    this.#leave.abort();
  }

  async account(request: IncomingMessage): Promise<AccountView> {
    const { user, expiresAt } = this.login ?? {};
    return {
      at: "space",
      login: this.#canLogIn ? ["oauth"] : [],
      canLogOut: user !== undefined,
      isKept: user !== undefined,
      hasCookie: cookiesOf(request, SESSION_COOKIE).length > 0,
      ...(user === undefined
        ? {}
        : { user: { name: user.name, ...(user.fullName === undefined ? {} : { fullName: user.fullName }) } }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...this.#problem(),
    };
  }

  #problem(): Pick<AccountView, "problem"> {
    if (this.isExpired)
      return {
        problem: {
          code: "LOGIN_EXPIRED",
          text: "Your login has expired.",
          advice: "Log in again: your sheets are kept, and you go on where you are.",
        },
      };
    const { sheets = [] } = this.leftBehind ?? {};
    if (sheets.length === 0) return {};
    const names = sheets.map((name) => `'${name}'`).join(", ");
    return {
      problem: {
        code: "SHEETS_NOT_TAKEN_OVER",
        text: `Made before you logged in, and not copied to your account: ${names}.`,
        advice: "Nothing is lost yet: log in again to try once more, or log out to see and export it.",
      },
    };
  }
}

export function ipTokenOf({ headers }: IncomingMessage): string | undefined {
  const value = headers["x-ip-token"];
  return typeof value === "string" && /^[\w.~+/=-]{1,4000}$/.test(value) ? value : undefined;
}
