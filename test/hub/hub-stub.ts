import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type AccessToken, Accounts, isExpired } from "./accounts.ts";
import { Exchange, HubRefusal } from "./exchange.ts";
import { commit, Faults } from "./faults.ts";
import { OAuth } from "./oauth.ts";
import { Repositories } from "./repositories.ts";
import { accountRoutes } from "./routes/accounts.ts";
import { commitRoutes } from "./routes/commits.ts";
import { creatingRoutes } from "./routes/creating.ts";
import { deviceRoutes } from "./routes/device.ts";
import { fileRoutes } from "./routes/files.ts";
import { infoRoutes } from "./routes/info.ts";
import { lfsRoutes } from "./routes/lfs.ts";
import { oauthRoutes } from "./routes/oauth.ts";
import { spaceRoutes } from "./routes/spaces.ts";
import { matchRoute, type Route } from "./routes.ts";

/** What it was asked, with the credentials it saw. */
export interface Seen {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly authorization: string | undefined;
  /** Empty when it is longer than a megabyte. */
  readonly body: string;
}

/** The Hugging Face Hub on this machine, as far as its REST protocol is documented. See README.md. */
export class HubStub implements AsyncDisposable {
  readonly accounts = new Accounts();
  readonly repositories = new Repositories();
  readonly oauth = new OAuth();
  readonly faults = new Faults();
  readonly seen: Seen[] = [];
  /** Large files by SHA-256. */
  readonly largeFiles = new Map<string, Buffer>();
  /** Files of more bytes are uploaded apart from the commit. */
  largeFileBytes = 10_000_000;
  /** How many entries of a list come at once. */
  pageSize = 1000;
  readonly #routes: Route[] = [];
  readonly #server = createServer((request, response) => void this.#receive(request, response));

  static async start(): Promise<HubStub> {
    const hub = new HubStub();
    hub.use(
      ...accountRoutes,
      ...creatingRoutes,
      ...spaceRoutes,
      ...commitRoutes,
      ...lfsRoutes,
      ...infoRoutes,
      ...oauthRoutes,
      ...deviceRoutes,
      ...fileRoutes,
    );
    hub.#server.listen(0, "127.0.0.1");
    await once(hub.#server, "listening");
    return hub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** More routes; they come before those that are there. */
  use(...routes: Route[]): void {
    this.#routes.unshift(...routes);
  }

  /** What was asked at a path (before `?`), or at paths that look like it. */
  requests(path: string | RegExp): Seen[] {
    return this.seen.filter((one) => {
      const [own = ""] = one.path.split("?");
      return typeof path === "string" ? own === path : path.test(own);
    });
  }

  /** What of all that was asked holds a text anywhere, a token for one. */
  sightings(text: string): Seen[] {
    return this.seen.filter((one) => JSON.stringify([one.path, one.headers, one.body]).includes(text));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return;
    }
    const body = Buffer.concat(chunks);
    const { authorization } = request.headers;
    const method = request.method!;
    this.seen.push({
      method,
      path: request.url!,
      headers: request.headers,
      authorization,
      body: body.length > 1_000_000 ? "" : body.toString(),
    });
    const [path = ""] = request.url!.split("?");
    const fault = this.faults.take(method, path);
    if (fault?.delayMs !== undefined) await delay(fault.delayMs);
    if (fault !== undefined && commit(fault, request, response)) return;
    await this.#answer(request, response, body, path);
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
    path: string,
  ): Promise<void> {
    const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    const exchange = new Exchange(this, request, response, body, this.#known(bearer));
    try {
      if (bearer !== undefined) this.#check(bearer);
      for (const route of this.#routes) {
        const params = matchRoute(route, request.method!, path);
        if (params === undefined) continue;
        exchange.params = params;
        await route.handler(exchange);
        return;
      }
      exchange.json({ error: "Sorry, we can't find the page you are looking for." }, 404);
    } catch (error) {
      if (error instanceof HubRefusal) exchange.refuse(error);
      else if (!response.headersSent) exchange.json({ error: String((error as Error).stack) }, 500);
      else response.destroy();
    }
  }

  #known(bearer: string | undefined): AccessToken | undefined {
    return bearer === undefined ? undefined : this.accounts.find(bearer);
  }

  #check(bearer: string): void {
    const token = this.accounts.find(bearer);
    if (token === undefined) throw new HubRefusal(401, "Invalid credentials in Authorization header");
    if (!isExpired(token)) return;
    throw new HubRefusal(
      401,
      token.oauth === undefined ? `User Access Token "${token.name}" is expired` : "OAuth token is expired",
    );
  }
}
