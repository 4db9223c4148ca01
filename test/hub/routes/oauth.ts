import type { Account } from "../accounts.ts";
import type { Exchange } from "../exchange.ts";
import type { OAuthClient } from "../oauth.ts";
import { route } from "../routes.ts";
import { avatarUrl } from "./accounts.ts";
import { deviceToken } from "./device.ts";

export const oauthRoutes = [
  route("GET", "/\\.well-known/openid-configuration", (exchange) => {
    const { url } = exchange.hub;
    exchange.json({
      issuer: url,
      authorization_endpoint: `${url}/oauth/authorize`,
      token_endpoint: `${url}/oauth/token`,
      userinfo_endpoint: `${url}/oauth/userinfo`,
      device_authorization_endpoint: `${url}/oauth/device`,
      response_types_supported: ["code"],
      grant_types_supported: ["authorization_code", "refresh_token", DEVICE_GRANT],
      code_challenge_methods_supported: ["S256"],
      scopes_supported: "openid profile email read-repos write-repos manage-repos inference-api".split(" "),
    });
  }),
  route("GET", "/oauth/authorize", authorize),
  route("POST", "/oauth/authorize", authorize),
  route("POST", "/oauth/token", token),
  route("GET", "/oauth/userinfo", userInfo),
];

const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

function authorize(exchange: Exchange): void {
  const { oauth } = exchange.hub;
  const { query } = exchange;
  const client = oauth.clients.get(query.get("client_id") ?? "");
  const redirectUri = query.get("redirect_uri") ?? "";
  if (client === undefined) return exchange.html("<p>Unknown client_id</p>", 400);
  if (!URL.canParse(redirectUri) || client.redirectUris?.includes(redirectUri) === false) {
    return exchange.html("<p>The redirect URI is not registered for this app</p>", 400);
  }
  const back = (answer: Readonly<Record<string, string>>) => {
    const location = new URL(redirectUri);
    for (const [name, value] of Object.entries(answer)) location.searchParams.set(name, value);
    if (query.has("state")) location.searchParams.set("state", query.get("state")!);
    exchange.redirect(location.href, exchange.request.method === "POST" ? 303 : 302);
  };
  if (query.get("response_type") !== "code") return back({ error: "unsupported_response_type" });
  if (oauth.user === undefined) return exchange.html("<p>Log in to Hugging Face first</p>", 401);
  const scopes = (query.get("scope") ?? "openid profile").split(/\s+/);
  if (oauth.asks && exchange.request.method === "GET") {
    const list = scopes.map((scope) => `<li>${scope}</li>`).join("");
    return exchange.html(
      `<h1>Authorize ${client.id}</h1><ul>${list}</ul><form method="post"><button>Authorize</button></form>`,
    );
  }
  if (oauth.declines) {
    return back({ error: "access_denied", error_description: "The user denied the request" });
  }
  const code = oauth.issueCode({
    account: oauth.user,
    clientId: client.id,
    scopes: scopes.filter((scope) => client.scopes?.includes(scope) ?? true),
    redirectUri,
    challenge: query.get("code_challenge") ?? undefined,
    nonce: query.get("nonce") ?? undefined,
  });
  back({ code });
}

/** Whether the request proves to come from the client: a public one only has to name itself. */
function isClient(exchange: Exchange, client: OAuthClient): boolean {
  if (client.secret === undefined) return true;
  const [, basic] = /^Basic (.+)$/.exec(exchange.request.headers.authorization ?? "") ?? [];
  const given = basic === undefined ? undefined : Buffer.from(basic, "base64").toString();
  if (given !== undefined) return given === `${client.id}:${client.secret}`;
  const secret = exchange.form.get("client_secret");
  return secret === null ? exchange.form.has("code_verifier") : secret === client.secret;
}

function token(exchange: Exchange): void {
  const { oauth } = exchange.hub;
  const { form } = exchange;
  const refuse = (error: string, description: string, status = 400) =>
    exchange.json({ error, error_description: description }, status);
  switch (form.get("grant_type")) {
    case "authorization_code": {
      const grant = oauth.redeem(
        form.get("code") ?? "",
        form.get("redirect_uri") ?? "",
        form.get("code_verifier"),
      );
      if (grant === undefined) return refuse("invalid_grant", "The code is not valid, or was used already");
      const client = oauth.clients.get(grant.clientId)!;
      if (!isClient(exchange, client)) return refuse("invalid_client", "Wrong client credentials", 401);
      const idToken = unsigned({ sub: grant.account.id, nonce: grant.nonce, aud: client.id });
      return exchange.json({ ...oauth.issue(grant, false), id_token: idToken });
    }
    case "refresh_token": {
      const grant = oauth.takeRefresh(form.get("refresh_token") ?? "");
      if (grant === undefined) return refuse("invalid_grant", "The refresh token is not valid");
      return exchange.json(oauth.issue(grant, true));
    }
    case DEVICE_GRANT:
      return deviceToken(exchange);
    default:
      return refuse("unsupported_grant_type", "This grant type is not supported");
  }
}

/** An ID token as to its shape; nothing here checks signatures. */
function unsigned(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part(claims)}.`;
}

function userInfo(exchange: Exchange): void {
  const { account } = exchange.signedIn();
  exchange.json({
    sub: account.id,
    name: account.fullName,
    preferred_username: account.name,
    picture: avatarUrl(exchange, account.name),
    profile: `${exchange.hub.url}/${account.name}`,
    isPro: account.options.isPro ?? false,
    canPay: account.options.canPay ?? false,
    orgs: account.organizations.map((name) => organization(exchange, account, name)),
  });
}

function organization(exchange: Exchange, _account: Account, name: string): unknown {
  return {
    sub: `org-${name}`,
    name,
    preferred_username: name,
    picture: avatarUrl(exchange, name),
    isEnterprise: false,
    roleInOrg: "write",
  };
}
