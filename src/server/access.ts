import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { DaggrError } from "../base/errors.ts";
import { refuse } from "./refusal.ts";

/** Who may talk to the server. */
export interface AccessRules {
  readonly port: number;
  /** What it is bound to. */
  readonly host: string;
  /** Asked for on every request; `undefined` on a person's own machine. */
  readonly token: string | undefined;
  /** Believe `X-Forwarded-Host` and `X-Forwarded-Proto`. */
  readonly trustProxy: boolean;
  /** Further names under which we are reached, for example of a tunnel. */
  readonly allowedHosts: ReadonlySet<string>;
  /** Our own pages, whatever a Space's proxy or a tunnel makes of their address on the way. */
  readonly allowedOrigins?: ReadonlySet<string>;
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** 256 random bits. */
export function createToken(): string {
  return randomBytes(32).toString("base64url");
}

/** The cookie is named after the port, because a browser does not keep cookies of two ports apart. */
export const cookieName = (port: number): string => `daggr_${port}`;

/** Refuses a request whose Host, Origin or fetch metadata says that it does not come from our own page, or that lacks the token. */
export function createAccess(rules: AccessRules): (request: IncomingMessage) => DaggrError | undefined {
  const own = ownHosts(rules);
  return (request) => {
    const host = hostOf(request, rules.trustProxy);
    if (host === undefined || !isOwnHost(host, own, rules)) {
      return refuse("FOREIGN_HOST", "This server does not answer to that host name.");
    }
    const { origin } = request.headers;
    const ownOrigin = `${schemeOf(request, rules.trustProxy)}://${host}`;
    if (origin !== undefined && origin !== ownOrigin && rules.allowedOrigins?.has(origin) !== true) {
      return refuse("FOREIGN_ORIGIN", "This server answers its own pages only.");
    }
    if (isCrossSite(request)) return refuse("FOREIGN_ORIGIN", "This server answers its own pages only.");
    if (rules.token !== undefined && !holdsToken(request, rules.token, rules.port)) {
      return refuse(
        "TOKEN_REQUIRED",
        "An access token is needed: open the address that was printed at the start.",
      );
    }
    return undefined;
  };
}

function ownHosts({ host, port }: AccessRules): ReadonlySet<string> {
  const names = new Set([
    "127.0.0.1",
    "localhost",
    "[::1]",
    host.includes(":") ? `[${host.replace(/^\[|\]$/g, "")}]` : host,
  ]);
  const hosts = new Set<string>();
  for (const name of names) {
    hosts.add(`${name.toLowerCase()}:${port}`);
    if (port === 80) hosts.add(name.toLowerCase());
  }
  return hosts;
}

/** Bound to the outside, any name may lead here (a container's, a router's): there the token decides. */
function isOwnHost(host: string, own: ReadonlySet<string>, rules: AccessRules): boolean {
  if (own.has(host) || rules.allowedHosts.has(host)) return true;
  return !isLoopback(rules.host) && /^(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/.test(host);
}

function hostOf(request: IncomingMessage, trustProxy: boolean): string | undefined {
  const raw = request.rawHeaders;
  let count = 0;
  for (let at = 0; at < raw.length; at += 2)
    if (raw[at]!.length === 4 && raw[at]!.toLowerCase() === "host") count += 1;
  if (count !== 1) return undefined;
  const forwarded = trustProxy ? request.headers["x-forwarded-host"] : undefined;
  const host = typeof forwarded === "string" ? forwarded.split(",")[0]!.trim() : request.headers.host;
  return host?.toLowerCase();
}

function schemeOf(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? request.headers["x-forwarded-proto"] : undefined;
  return typeof forwarded === "string" && forwarded.split(",")[0]!.trim() === "https" ? "https" : "http";
}

/** Another site may link to our page, and lead back from a login, nothing more. Other ports of this machine are "same-site", and foreign. */
function isCrossSite({ headers, method, url }: IncomingMessage): boolean {
  const site = headers["sec-fetch-site"];
  if (site === undefined || site === "same-origin" || site === "none") return false;
  const isPage = method === "GET" && /^\/(?:app|login\/callback)?(?:\?|$)/.test(url ?? "");
  return !(isPage && headers["sec-fetch-mode"] === "navigate");
}

/** By cookie, by `Authorization: Bearer`, or once in the address (`?token=`). */
function holdsToken(request: IncomingMessage, token: string, port: number): boolean {
  const { authorization, cookie } = request.headers;
  if (authorization?.startsWith("Bearer ")) return sameToken(authorization.slice(7), token);
  const prefix = `${cookieName(port)}=`;
  const kept = cookie?.split(/; */).find((part) => part.startsWith(prefix));
  if (kept !== undefined && sameToken(kept.slice(prefix.length), token)) return true;
  const given = tokenInUrl(request.url);
  return given !== undefined && sameToken(given, token);
}

export function tokenInUrl(url: string | undefined): string | undefined {
  return /[?&]token=([\w-]*)/.exec(url ?? "")?.[1];
}

/** Takes as long whatever comes. */
export function sameToken(given: string, token: string): boolean {
  return timingSafeEqual(digest(given), digest(token));
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
