import type { AccessToken } from "../accounts.ts";
import type { Exchange } from "../exchange.ts";
import { route } from "../routes.ts";

export const accountRoutes = [
  route("GET", "/api/whoami-v2", whoAmI),
  route("GET", "/api/users/:name/overview", (exchange) => {
    const account = exchange.hub.accounts.get(exchange.params["name"]!);
    if (account === undefined) return exchange.json({ error: "This user does not exist" }, 404);
    exchange.json({
      _id: account.id,
      user: account.name,
      fullname: account.fullName,
      avatarUrl: avatarUrl(exchange, account.name),
      isPro: account.options.isPro ?? false,
      type: "user",
    });
  }),
];

/** The picture that the Hub names for somebody. */
export function avatarUrl(exchange: Exchange, name: string): string {
  return `${exchange.hub.url}/avatars/${name}.svg`;
}

function whoAmI(exchange: Exchange): void {
  const token = exchange.signedIn();
  const { account } = token;
  exchange.json({
    type: "user",
    id: account.id,
    name: account.name,
    fullname: account.fullName,
    email: account.options.email ?? `${account.name}@example.com`,
    emailVerified: true,
    canPay: account.options.canPay ?? false,
    periodEnd: null,
    isPro: account.options.isPro ?? false,
    avatarUrl: avatarUrl(exchange, account.name),
    billingMode: "postpaid",
    orgs: account.organizations.map((name) => ({
      type: "org",
      id: `org-${name}`,
      name,
      fullname: name,
      email: null,
      canPay: false,
      periodEnd: null,
      avatarUrl: avatarUrl(exchange, name),
      roleInOrg: "write",
      isEnterprise: false,
    })),
    auth: authentication(token),
  });
}

function authentication(token: AccessToken): unknown {
  if (token.oauth !== undefined) {
    return { type: "oauth", expiresAt: new Date(token.oauth.expiresAt).toISOString() };
  }
  const scoped = (token.repositories ?? [token.account.name]).map((name) => ({
    entity: { _id: name, type: name.includes("/") ? "space" : "user", name },
    permissions: token.permissions ?? [],
  }));
  return {
    type: "access_token",
    accessToken: {
      displayName: token.name,
      role: token.role,
      createdAt: "2026-01-01T00:00:00.000Z",
      ...(token.role === "fineGrained"
        ? { fineGrained: { canReadGatedRepos: false, global: [], scoped } }
        : {}),
    },
  };
}
