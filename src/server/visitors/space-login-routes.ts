import { createHash, randomBytes } from "node:crypto";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { DaggrError } from "../../base/errors.ts";
import { redact } from "../../base/redact.ts";
import type { StartedLogin } from "../../clients/login/oauth-code.ts";
import { checkKeys } from "../call-routes.ts";
import { type App, answer, type Request, type RouteContext, send } from "../context.ts";
import { parseJsonObject } from "../json-input.ts";
import { readBody } from "../read-body.ts";
import { refuse } from "../refusal.ts";
import { cookiesOf, LOGIN_COOKIE, loginCookie } from "./cookies.ts";
import { LOGIN_SCRIPT, loginPage } from "./login-pages.ts";
import type { Account } from "./space-session.ts";
import type { SpaceSettings } from "./space-settings.ts";
import type { SpaceVisits } from "./space-visits.ts";

/** A person may take so long at the provider's page. */
const LOGIN_MS = 600_000;
const TICKET_MS = 60_000;
const MOST_LOGINS = 10_000;

interface Pending extends StartedLogin {
  readonly browser: string;
  readonly to: string;
  readonly isPopup: boolean;
  readonly until: number;
}

/** Logging in and out on a Space: OAuth with PKCE, at Hugging Face. */
export function addSpaceLoginRoutes(
  app: App,
  routes: RouteContext,
  visits: SpaceVisits,
  { oauth, origin }: SpaceSettings,
): void {
  const pending = new Map<string, Pending>();
  const tickets = new Map<string, { readonly account: Account; readonly until: number }>();
  const redirectUri = `${origin}/login/callback`;

  app.get("/login", async (request) => {
    if (oauth === undefined) {
      return failed(request, refuse("NO_LOGIN", "This Space has no login: its README needs hf_oauth: true."));
    }
    const { incoming, outgoing } = request.env;
    try {
      const { startLogin } = await import("../../clients/login/oauth-code.ts");
      const started = await startLogin(oauth, redirectUri);
      const kept = cookiesOf(incoming, LOGIN_COOKIE).find((value) => /^[\w-]{43}$/.test(value));
      const browser = kept ?? randomBytes(32).toString("base64url");
      dropOld(pending, MOST_LOGINS);
      pending.set(started.state, {
        ...started,
        browser: hash(browser),
        to: request.req.query("to") === "/app" ? "/app" : "/",
        isPopup: request.req.query("popup") !== undefined,
        until: Date.now() + LOGIN_MS,
      });
      outgoing.appendHeader("set-cookie", loginCookie(browser, LOGIN_MS / 1000));
      outgoing.writeHead(302, { location: started.url, "cache-control": "no-store" }).end();
      return RESPONSE_ALREADY_SENT;
    } catch (error) {
      return failed(request, error);
    }
  });

  app.get("/login/callback", async (request) => {
    const { incoming, outgoing } = request.env;
    try {
      const state = request.req.query("state") ?? "";
      const login = pending.get(state);
      pending.delete(state);
      const isOurs =
        login !== undefined &&
        login.until > Date.now() &&
        cookiesOf(incoming, LOGIN_COOKIE).some((value) => hash(value) === login.browser);
      if (!isOurs || oauth === undefined)
        throw refuse(
          "LOGIN_FAILED",
          "This login was not begun in this browser, or too long ago. Start it again.",
        );
      if (request.req.query("error") === "access_denied")
        throw refuse("LOGIN_DENIED", "The login was declined on Hugging Face. Nothing was changed here.");
      const code = request.req.query("code");
      if (code === undefined)
        throw refuse("LOGIN_FAILED", "Hugging Face gave no code for this login. Start it again.");
      const [{ finishLogin }, { whoAmI }] = await Promise.all([
        import("../../clients/login/oauth-code.ts"),
        import("../../clients/login/who-am-i.ts"),
      ]);
      const { token, expiresAt } = await finishLogin(oauth, redirectUri, code, login);
      const user = await whoAmI(token);
      await visits.logIn(incoming, outgoing, { user, token, expiresAt });
      return sendPage(request, loginPage({ name: user.name, to: login.to, isPopup: login.isPopup }));
    } catch (error) {
      return failed(request, error);
    }
  });

  app.get("/login.js", (request) => send(request, LOGIN_SCRIPT, "text/javascript; charset=utf-8"));

  /** The window that has logged in hands its login to the frame that opened it, which has cookies of its own. */
  app.post("/api/account/ticket", (request) => {
    const account = visits.session(request.env.incoming)?.login;
    if (account === undefined) throw refuse("LOGIN_NEEDED", "Log in first.");
    const ticket = randomBytes(32).toString("base64url");
    dropOld(tickets, MOST_LOGINS);
    tickets.set(hash(ticket), { account, until: Date.now() + TICKET_MS });
    return answer(request, { ticket }, 201);
  });

  app.post("/api/account/claim", async (request) => {
    const { incoming, outgoing } = request.env;
    const body = parseJsonObject(await readBody(incoming, 10_000), routes.limits.nesting);
    checkKeys(body, ["ticket"]);
    const key = hash(String(body.ticket));
    const found = tickets.get(key);
    tickets.delete(key);
    if (found === undefined || found.until < Date.now() || !visits.isCurrent(found.account))
      throw refuse("LOGIN_FAILED", "This login was taken over already, or too late. Start it again.");
    const session = await visits.logIn(incoming, outgoing, found.account);
    return answer(request, await session.account(incoming));
  });

  app.post("/api/account/logout", (request) => {
    visits.logOut(request.env.incoming, request.env.outgoing);
    return answer(request, {});
  });
}

function failed(request: Request, error: unknown): Response {
  if (!(error instanceof DaggrError)) console.error(redact(`daggr: ${(error as Error)?.stack ?? error}`));
  const text = error instanceof DaggrError ? redact(error.sentence) : "Something went wrong in the server.";
  return sendPage(request, loginPage({ problem: text }), 400);
}

function sendPage(request: Request, html: string, status = 200): Response {
  const { outgoing } = request.env;
  outgoing.setHeader("content-security-policy", LOGIN_POLICY);
  outgoing.setHeader("cache-control", "no-store");
  return send(request, html, "text/html; charset=utf-8", status);
}

const LOGIN_POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function dropOld<T extends { readonly until: number }>(entries: Map<string, T>, most: number): void {
  const now = Date.now();
  for (const [key, { until }] of entries) if (until < now || entries.size >= most) entries.delete(key);
}

const hash = (text: string): string => createHash("sha256").update(text).digest("base64url");
