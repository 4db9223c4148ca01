import { randomBytes } from "node:crypto";

export type Role = "read" | "write" | "fineGrained";

export interface TokenOptions {
  /** The token itself; a new one unless given. */
  readonly value?: string;
  readonly expired?: boolean;
  /** What a fine-grained token may do, `repo.content.read` for one: on everything of the account… */
  readonly permissions?: readonly string[];
  /** …or on these repositories only. */
  readonly repositories?: readonly string[];
}

export interface AccessToken extends TokenOptions {
  readonly value: string;
  readonly name: string;
  readonly account: Account;
  readonly role: Role;
  /** Issued by OAuth: with what it allows, and until when (milliseconds since 1970). */
  readonly oauth?: { readonly scopes: readonly string[]; readonly expiresAt: number };
}

export interface AccountOptions {
  readonly fullName?: string;
  readonly email?: string;
  readonly isPro?: boolean;
  readonly canPay?: boolean;
  /** Names of the organizations that the account may write to. */
  readonly organizations?: readonly string[];
}

export class Account {
  readonly id = randomBytes(12).toString("hex");
  readonly name: string;
  readonly options: AccountOptions;
  readonly #tokens: Map<string, AccessToken>;

  constructor(name: string, options: AccountOptions, tokens: Map<string, AccessToken>) {
    this.name = name;
    this.options = options;
    this.#tokens = tokens;
  }

  get fullName(): string {
    return this.options.fullName ?? this.name;
  }

  get organizations(): readonly string[] {
    return this.options.organizations ?? [];
  }

  /** A new access token of this account. */
  token(role: Role = "write", options: TokenOptions = {}): string {
    const value = options.value ?? `hf_${randomBytes(17).toString("hex")}`;
    this.#tokens.set(value, {
      ...options,
      value,
      role,
      account: this,
      name: `token ${this.#tokens.size + 1}`,
    });
    return value;
  }

  oauthToken(scopes: readonly string[], expiresAt: number): string {
    const value = `hf_oauth_${randomBytes(24).toString("hex")}`;
    const role = scopes.some((scope) => /^(write|manage)-repos$/.test(scope)) ? "write" : "read";
    this.#tokens.set(value, { value, role, account: this, name: "oauth", oauth: { scopes, expiresAt } });
    return value;
  }

  ownsNamespace(namespace: string): boolean {
    return namespace === this.name || this.organizations.includes(namespace);
  }
}

/** Who may log in, with which tokens. */
export class Accounts {
  readonly #accounts = new Map<string, Account>();
  readonly #tokens = new Map<string, AccessToken>();

  add(name: string, options: AccountOptions = {}): Account {
    const account = new Account(name, options, this.#tokens);
    this.#accounts.set(name, account);
    return account;
  }

  get(name: string): Account | undefined {
    return this.#accounts.get(name);
  }

  find(token: string): AccessToken | undefined {
    return this.#tokens.get(token);
  }

  revoke(token: string): void {
    this.#tokens.delete(token);
  }
}

export function isExpired(token: AccessToken): boolean {
  return token.expired === true || (token.oauth !== undefined && token.oauth.expiresAt <= Date.now());
}

/** Whether the token may write to a repository `owner/name`. */
export function mayWrite(token: AccessToken | undefined, id: string): boolean {
  if (token === undefined || !token.account.ownsNamespace(id.split("/")[0]!)) return false;
  if (token.role !== "fineGrained") return token.role === "write";
  return (token.permissions ?? []).includes("repo.write") && (token.repositories?.includes(id) ?? true);
}

/** Whether the token may read a private repository `owner/name`. */
export function mayRead(token: AccessToken | undefined, id: string): boolean {
  if (token === undefined || !token.account.ownsNamespace(id.split("/")[0]!)) return false;
  if (token.oauth !== undefined) return token.oauth.scopes.some((scope) => scope.endsWith("-repos"));
  if (token.role !== "fineGrained") return true;
  const permissions = token.permissions ?? [];
  return (
    permissions.some((one) => one === "repo.content.read" || one === "repo.write") &&
    (token.repositories?.includes(id) ?? true)
  );
}
