import type { Exchange } from "../exchange.ts";
import { route } from "../routes.ts";

/** Logging in on a device without a browser of its own (RFC 8628). */
export const deviceRoutes = [
  route("POST", "/oauth/device", (exchange) => {
    const { oauth, url } = exchange.hub;
    const clientId = exchange.form.get("client_id") ?? "";
    const client = oauth.clients.get(clientId);
    if (client === undefined) {
      return exchange.json({ error: "invalid_client", error_description: "Unknown client_id" }, 400);
    }
    const scopes = (exchange.form.get("scope") ?? client.scopes?.join(" ") ?? "openid profile").split(/\s+/);
    const login = oauth.startDevice(clientId, scopes);
    exchange.json({
      device_code: login.deviceCode,
      user_code: login.userCode,
      verification_uri: `${url}/oauth/device`,
      verification_uri_complete: `${url}/oauth/device?user_code=${login.userCode}`,
      expires_in: oauth.device.expiresInSeconds,
      interval: oauth.device.intervalSeconds,
    });
  }),
  route("GET", "/oauth/device", (exchange) => {
    const code = /^[A-Z-]{9}$/.exec(exchange.query.get("user_code") ?? "")?.[0] ?? "";
    exchange.html(
      `<h1>Connect a device</h1><form method="post" action="/oauth/device/answer">` +
        `<label>Code <input name="user_code" value="${code}"></label><button>Authorize</button></form>`,
    );
  }),
  route("POST", "/oauth/device/answer", (exchange) => {
    const { oauth } = exchange.hub;
    if (oauth.user === undefined) return exchange.html("<p>Log in to Hugging Face first</p>", 401);
    const code = exchange.form.get("user_code") ?? "";
    if (oauth.declines) oauth.deny(code);
    else oauth.approve(oauth.user, code);
    exchange.html("<h1>Device connected</h1>");
  }),
];

export function deviceToken(exchange: Exchange): void {
  const { oauth } = exchange.hub;
  const { form } = exchange;
  const refuse = (error: string) => exchange.json({ error }, 400);
  const login = oauth.devices.get(form.get("device_code") ?? "");
  if (login === undefined || login.clientId !== form.get("client_id")) return refuse("invalid_grant");
  if (login.expiresAt <= Date.now()) return refuse("expired_token");
  if (login.state === "denied") return refuse("access_denied");
  // A little early is on time: timers of programs and of this machine differ.
  const isEarly = Date.now() - login.lastPoll < login.interval * 1000 - 50;
  login.lastPoll = Date.now();
  if (isEarly) {
    login.interval += 5;
    return refuse("slow_down");
  }
  if (login.state === "pending") return refuse("authorization_pending");
  oauth.devices.delete(login.deviceCode);
  exchange.json(
    oauth.issue({ account: login.state.account, clientId: login.clientId, scopes: login.scopes }, true),
  );
}
