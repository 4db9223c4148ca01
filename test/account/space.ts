/** A Space on this machine: the environment of one, the Hub's stub, and browsers without pages. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Graph } from "../../src/app/graph.ts";
import { type Served, type ServeOptions, serveGraph } from "../../src/app/serve-graph.ts";
import { forgetWhoAmI } from "../../src/clients/login/who-am-i.ts";
import type { Account } from "../hub/accounts.ts";
import { HubStub } from "../hub/hub-stub.ts";
import { freePort } from "../support/python.ts";

export const OWNER_TOKEN = `hf_${"OwnerOfTheSpace".padEnd(34, "x")}`;

export interface Space extends AsyncDisposable {
  readonly hub: HubStub;
  readonly url: string;
  readonly folder: string;
  readonly served: Served;
  restart(): Promise<void>;
}

export interface SpaceOptions {
  readonly oauth?: boolean;
  readonly launch?: Partial<ServeOptions>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Serves the graph as a Space does, with its owner's token among its secrets. */
export async function openSpace(makeGraph: () => Graph, options: SpaceOptions = {}): Promise<Space> {
  const hub = await HubStub.start();
  forgetWhoAmI();
  const owner = hub.accounts.add("owner");
  owner.token("write", { value: OWNER_TOKEN });
  const folder = await mkdtemp(join(tmpdir(), "daggr-space-"));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  hub.oauth.client("space-app", {
    secret: "space-secret",
    redirectUris: [`${origin}/login/callback`],
    scopes: ["openid", "profile", "inference-api", "read-repos"],
  });
  const env: Record<string, string> = {
    HF_ENDPOINT: hub.url,
    HF_TOKEN: OWNER_TOKEN,
    HF_HOME: join(folder, "hf"),
    DAGGR_DB_PATH: join(folder, "sessions.db"),
    SPACE_ID: "owner/story",
    SPACE_HOST: `127.0.0.1:${port}`,
    ...(options.oauth === false
      ? {}
      : {
          OAUTH_CLIENT_ID: "space-app",
          OAUTH_CLIENT_SECRET: "space-secret",
          OAUTH_SCOPES: "openid profile inference-api read-repos",
          OPENID_PROVIDER_URL: hub.url,
        }),
    ...options.env,
  };
  const before = new Map(Object.keys(env).map((name) => [name, process.env[name]]));
  Object.assign(process.env, env);
  const serve = () =>
    serveGraph(makeGraph().definition, {
      port,
      strictPort: true,
      open: false,
      quiet: true,
      ...options.launch,
    });
  let served = await serve();
  return {
    hub,
    url: origin,
    folder,
    get served() {
      return served;
    },
    async restart() {
      await served.close();
      served = await serve();
    },
    async [Symbol.asyncDispose]() {
      await served.close();
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      await hub[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** One browser: keeps cookies as a browser does, and follows redirects by hand. */
export class Visitor {
  readonly cookies = new Map<string, string>();
  readonly #space: Pick<Space, "url">;

  constructor(space: Pick<Space, "url">) {
    this.#space = space;
  }

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  async ask(path: string, init: RequestInit & { headers?: Record<string, string> } = {}): Promise<Response> {
    // A connection that is kept would break with the server that goes.
    const headers = {
      connection: "close",
      ...(this.cookies.size === 0 ? {} : { cookie: this.cookie }),
      ...init.headers,
    };
    const response = await fetch(new URL(path, this.#space.url), { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/Max-Age=0/.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  async json(path: string, init: RequestInit & { headers?: Record<string, string> } = {}): Promise<any> {
    const response = await this.ask(path, init);
    const body = await response.json();
    if (!response.ok) throw Object.assign(new Error(body.error), body, { status: response.status });
    return body;
  }

  post(path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<any> {
    return this.json(path, { method: "POST", body: JSON.stringify(body), headers });
  }

  /** Logs in as a person would: to the Hub's page, and back. */
  async logIn(hub: HubStub, account: Account): Promise<string> {
    hub.oauth.user = account;
    const started = await this.ask("/login");
    const back = await fetch(started.headers.get("location")!, { redirect: "manual" });
    const page = await this.ask(back.headers.get("location")!);
    const html = await page.text();
    if (!page.ok) throw new Error(html);
    return html;
  }
}
