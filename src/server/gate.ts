import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { DaggrError } from "../base/errors.ts";
import { cookieName, sameToken, tokenInUrl } from "./access.ts";
import { refusalBody, refuse, statusOf } from "./refusal.ts";
import { requestPath } from "./request-path.ts";

const METHODS = new Set(["GET", "HEAD", "POST", "DELETE"]);

export interface GateOptions {
  check(request: IncomingMessage): DaggrError | undefined;
  readonly next: RequestListener;
  /** Set when a token is asked for. */
  readonly cookie: TokenCookie | undefined;
}

export interface TokenCookie {
  readonly port: number;
  readonly token: string;
  /** In seconds. Default: 30 days. */
  readonly maxAge?: number;
  /** Visitors come by HTTPS alone. */
  readonly isSecure?: () => boolean;
}

/** Stands before everything else: decides on the raw request, before anything is parsed or made pretty. */
export function createGate({ check, next, cookie }: GateOptions): RequestListener {
  return (request, response) => {
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("cross-origin-resource-policy", "same-origin");
    // The first address may hold the token.
    response.setHeader("referrer-policy", "no-referrer");
    const refusal = refusalOf(request, check);
    if (refusal !== undefined) sendRefusal(response, refusal);
    else if (cookie !== undefined && isTokenVisit(request)) keepToken(request, response, cookie);
    else next(request, response);
  };
}

function refusalOf(request: IncomingMessage, check: GateOptions["check"]): DaggrError | undefined {
  if (requestPath(request.url) === undefined)
    return refuse("INVALID_PATH", "That is no path of this server.");
  const refusal = check(request);
  if (refusal !== undefined) return refusal;
  if ((request.headers.expect ?? "100-continue").toLowerCase() !== "100-continue") {
    return refuse("UNSUPPORTED_EXPECT", "No expectation but 100-continue is met.");
  }
  if (!METHODS.has(request.method ?? ""))
    return refuse("METHOD_NOT_ALLOWED", "That method is not known here.");
  return undefined;
}

export function sendRefusal(response: ServerResponse, refusal: DaggrError): void {
  const status = statusOf(refusal);
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (status === 401) headers["www-authenticate"] = "Bearer";
  response.writeHead(status, headers).end(JSON.stringify(refusalBody(refusal)));
}

/** Bytes that are no HTTP, or that never became a whole request. Whoever keeps the connection open is not waited for. */
export function answerBroken(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || !(socket instanceof Socket)) {
    socket.destroy();
    return;
  }
  const status = error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? "408 Request Timeout" : "400 Bad Request";
  socket.write(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  socket.destroySoon();
}

/** A page opened with the token in its address (which was right, or the request would not be here). */
function isTokenVisit({ method, url }: IncomingMessage): boolean {
  return method === "GET" && /^\/(?:app)?\?/.test(url ?? "") && tokenInUrl(url) !== undefined;
}

/**
 * Moves the token from the address into a cookie, so that it stays in no history and no screenshot. By a page rather
 * than a redirect: a browser that came from another site's link would not send a strict cookie after a redirect.
 */
function keepToken(request: IncomingMessage, response: ServerResponse, cookie: TokenCookie): void {
  const url = request.url!;
  const rest = new URLSearchParams(url.slice(url.indexOf("?")));
  rest.delete("token");
  const path = url.startsWith("/app") ? "/app" : "/";
  const target = rest.size === 0 ? path : `${path}?${rest}`;
  if (sameToken(tokenInUrl(url)!, cookie.token)) {
    const value = `${cookieName(cookie.port)}=${cookie.token}`;
    const secure = cookie.isSecure?.() === true ? "; Secure" : "";
    const attributes = `Path=/; HttpOnly; SameSite=Strict; Max-Age=${cookie.maxAge ?? 2_592_000}${secure}`;
    response.setHeader("set-cookie", `${value}; ${attributes}`);
  }
  response.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'",
    "cache-control": "no-store",
  });
  response.end(
    `<!doctype html><title>daggr</title><meta http-equiv="refresh" content="0;url=${escapeHtml(target)}">`,
  );
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
