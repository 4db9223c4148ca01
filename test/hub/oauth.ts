import { createHash, randomBytes } from "node:crypto";
import type { Account } from "./accounts.ts";

export interface OAuthClient {
  readonly id: string;
  /** Without one the client is public and proves itself by PKCE alone. */
  readonly secret?: string;
  /** Where it may send people back to; anywhere unless said. */
  readonly redirectUris?: readonly string[];
  readonly scopes?: readonly string[];
}

interface Grant {
  readonly account: Account;
  readonly clientId: string;
  readonly scopes: readonly string[];
}

interface Code extends Grant {
  readonly redirectUri: string;
  readonly challenge: string | undefined;
  readonly nonce: string | undefined;
  readonly expiresAt: number;
}

export interface DeviceLogin {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly expiresAt: number;
  interval: number;
  lastPoll: number;
  state: "pending" | "denied" | { readonly account: Account };
}

/** What people and programs log in with. */
export class OAuth {
  readonly clients = new Map<string, OAuthClient>();
  /** Who sits at the browser, logged in at the Hub. */
  user: Account | undefined;
  /** Whether the page asks with a button, rather than sending back at once. */
  asks = false;
  /** Whether they say no. */
  declines = false;
  expiresInSeconds = 28_800;
  /** Seconds between two questions of a device, and until its code is void. */
  device = { intervalSeconds: 1, expiresInSeconds: 900 };
  readonly devices = new Map<string, DeviceLogin>();
  readonly #codes = new Map<string, Code>();
  readonly #refreshTokens = new Map<string, Grant>();

  /** An app that people log in to. */
  client(id: string, options: Omit<OAuthClient, "id"> = {}): OAuthClient {
    const client = { id, ...options };
    this.clients.set(id, client);
    return client;
  }

  issueCode(code: Omit<Code, "expiresAt">): string {
    const value = randomBytes(16).toString("hex");
    this.#codes.set(value, { ...code, expiresAt: Date.now() + 60_000 });
    return value;
  }

  /** What the code was given for; a code works once. */
  redeem(value: string, redirectUri: string, verifier: string | null): Code | undefined {
    const code = this.#codes.get(value);
    this.#codes.delete(value);
    if (code === undefined || code.expiresAt < Date.now() || code.redirectUri !== redirectUri)
      return undefined;
    if (code.challenge === undefined) return code;
    const hash = createHash("sha256")
      .update(verifier ?? "")
      .digest("base64url");
    return hash === code.challenge ? code : undefined;
  }

  startDevice(clientId: string, scopes: readonly string[]): DeviceLogin {
    const letters = [...randomBytes(8)].map((byte) => "BCDFGHJKLMNPQRSTVWXZ"[byte % 20]).join("");
    const login: DeviceLogin = {
      deviceCode: randomBytes(24).toString("hex"),
      userCode: `${letters.slice(0, 4)}-${letters.slice(4)}`,
      clientId,
      scopes,
      expiresAt: Date.now() + this.device.expiresInSeconds * 1000,
      interval: this.device.intervalSeconds,
      lastPoll: 0,
      state: "pending",
    };
    this.devices.set(login.deviceCode, login);
    return login;
  }

  #device(userCode: string | undefined): DeviceLogin {
    const login = [...this.devices.values()].findLast((one) => one.userCode === (userCode ?? one.userCode));
    if (login === undefined) throw new Error(`The Hub stub knows no device with code '${userCode}'.`);
    return login;
  }

  /** Somebody enters the code that a device shows (the last one, unless said) and agrees. */
  approve(account: Account, userCode?: string): void {
    this.#device(userCode).state = { account };
  }

  deny(userCode?: string): void {
    this.#device(userCode).state = "denied";
  }

  issue(grant: Grant, withRefresh: boolean): Record<string, unknown> {
    const expiresAt = Date.now() + this.expiresInSeconds * 1000;
    const refresh = `hf_refresh_${randomBytes(16).toString("hex")}`;
    if (withRefresh) this.#refreshTokens.set(refresh, grant);
    return {
      access_token: grant.account.oauthToken(grant.scopes, expiresAt),
      token_type: "bearer",
      expires_in: this.expiresInSeconds,
      scope: grant.scopes.join(" "),
      ...(withRefresh ? { refresh_token: refresh } : {}),
    };
  }

  /** What a refresh token was given for; it is replaced by its use. */
  takeRefresh(token: string): Grant | undefined {
    const grant = this.#refreshTokens.get(token);
    this.#refreshTokens.delete(token);
    return grant;
  }

  /** No refresh token works any longer. */
  revokeRefreshTokens(): void {
    this.#refreshTokens.clear();
  }
}
