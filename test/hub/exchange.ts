import type { IncomingMessage, ServerResponse } from "node:http";
import type { AccessToken } from "./accounts.ts";
import type { HubStub } from "./hub-stub.ts";

type Headers = Readonly<Record<string, string>>;

/** An answer that says no, as the Hub words it. */
export class HubRefusal extends Error {
  readonly status: number;
  readonly code: string | undefined;
  readonly headers: Headers;

  constructor(status: number, message: string, code?: string, headers: Headers = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** One request and its answer. */
export class Exchange {
  readonly hub: HubStub;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly body: Buffer;
  /** What the request proved to be allowed, if it came with a token. */
  readonly token: AccessToken | undefined;
  params: Readonly<Record<string, string>> = {};

  constructor(
    hub: HubStub,
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
    token: AccessToken | undefined,
  ) {
    this.hub = hub;
    this.request = request;
    this.response = response;
    this.url = new URL(request.url!, hub.url);
    this.body = body;
    this.token = token;
  }

  get query(): URLSearchParams {
    return this.url.searchParams;
  }

  /** The body as JSON. */
  get data(): any {
    try {
      return JSON.parse(this.body.toString());
    } catch {
      throw new HubRefusal(400, "Invalid JSON body");
    }
  }

  /** The body as a form, or as JSON where a client prefers that. */
  get form(): URLSearchParams {
    const isJson = this.request.headers["content-type"]?.startsWith("application/json") === true;
    return isJson ? new URLSearchParams(this.data) : new URLSearchParams(this.body.toString());
  }

  /** The account that asks; without one the Hub says 401. */
  signedIn(): AccessToken {
    if (this.token === undefined) throw new HubRefusal(401, "Invalid username or password.");
    return this.token;
  }

  json(body: unknown, status = 200, headers: Headers = {}): void {
    this.send(JSON.stringify(body), status, {
      "content-type": "application/json; charset=utf-8",
      ...headers,
    });
  }

  html(body: string, status = 200): void {
    this.send(`<!doctype html><meta charset="utf-8"><title>Hub</title>${body}`, status, {
      "content-type": "text/html; charset=utf-8",
    });
  }

  redirect(location: string, status = 302): void {
    this.send("", status, { location });
  }

  send(body: string | Uint8Array, status = 200, headers: Headers = {}): void {
    const bytes = Buffer.from(body);
    this.response.writeHead(status, { "content-length": String(bytes.length), ...headers });
    this.response.end(this.request.method === "HEAD" ? undefined : bytes);
  }

  refuse(refusal: HubRefusal): void {
    this.json({ error: refusal.message }, refusal.status, {
      ...(refusal.code === undefined ? {} : { "x-error-code": refusal.code }),
      "x-error-message": refusal.message.replace(/[^\x20-\x7e]/g, "?"),
      "x-request-id": "Root=1-stub",
      ...refusal.headers,
    });
  }

  /** One page of a list; the `link` header names the next, as in `Link: <…>; rel="next"`. */
  page(items: readonly unknown[], size: number): void {
    const start = Number(this.query.get("cursor") ?? 0);
    const end = start + size;
    const next = new URL(this.url);
    next.searchParams.set("cursor", String(end));
    this.json(items.slice(start, end), 200, end < items.length ? { link: `<${next.href}>; rel="next"` } : {});
  }
}
