import { DaggrError } from "../base/errors.ts";
import { rememberSecret } from "../base/redact.ts";
import { clientError, unreachable } from "./client-errors.ts";
import type { EndpointCache } from "./endpoint-cache.ts";
import { checkedPrefix, describe, parseConfig } from "./gradio-config.ts";
import { httpError } from "./gradio-errors.ts";
import { SessionPool } from "./gradio-sessions.ts";
import { type GradioSource, toRoot } from "./gradio-source.ts";
import type { ConnectOptions, GradioDescription } from "./gradio-types.ts";
import { type Credentials, type HttpRequest, readText, send } from "./http.ts";
import { runningSpace, type Space } from "./hub.ts";
import { hubToken } from "./tokens.ts";
import { unlessAborted } from "./unless-aborted.ts";

/** After this long a Space may have gone to sleep or moved. */
const SPACE_TRUSTED_MS = 60_000;

/** An app that can be asked: its address, who we are there, and what it offers. */
export class Connection {
  readonly #source: GradioSource;
  readonly #options: ConnectOptions;
  readonly #cache: EndpointCache;
  readonly sessions = new SessionPool();
  #root!: URL;
  #credentials: Credentials | undefined;
  #description!: GradioDescription;
  #seenAt = 0;
  #refreshing: Promise<void> | undefined;

  private constructor(source: GradioSource, options: ConnectOptions, cache: EndpointCache) {
    this.#source = source;
    this.#options = options;
    this.#cache = cache;
  }

  static async open(
    source: GradioSource,
    options: ConnectOptions,
    cache: EndpointCache,
  ): Promise<Connection> {
    const connection = new Connection(source, options, cache);
    const space = await connection.#locate(options.signal);
    const cached = await cache.read(connection.#key);
    const isKnown =
      cached !== undefined &&
      cached.root === connection.#root.href &&
      (space === undefined || cached.space?.commit === space.commit);
    if (isKnown) connection.#description = cached;
    if (!isKnown || (await connection.#appId(options.signal)) !== cached.appId)
      await connection.#learn(space, options.signal);
    connection.#seenAt = Date.now();
    return connection;
  }

  /** What to call it in messages: the Space's id, or the address. */
  get label(): string {
    if (this.#options.label !== undefined) return this.#options.label;
    return this.#source.type === "space" ? this.#source.id : this.#root.href.replace(/\/$/, "");
  }

  get root(): URL {
    return this.#root;
  }

  get description(): GradioDescription {
    return this.#description;
  }

  get credentials(): Credentials | undefined {
    return this.#credentials;
  }

  get #key(): string {
    return this.#source.type === "space" ? this.#source.id : this.#root.href;
  }

  /** The address of something in the API. */
  url(path: string): URL {
    return new URL(`${this.#root.href}${this.#description.prefix}${path}`);
  }

  /** A request with our credentials. Throws `GRADIO_UNREACHABLE`; any answer counts as one. */
  async request(
    url: URL,
    { ipToken, ...request }: HttpRequest & { readonly ipToken?: string } = {},
  ): Promise<Response> {
    try {
      const response = await send(url, { ...request, credentials: this.#credentialsWith(ipToken) });
      this.#seenAt = Date.now();
      return response;
    } catch (error) {
      if (error instanceof DaggrError || request.signal?.aborted) throw error;
      throw clientError("GRADIO_UNREACHABLE", unreachable(this.label, error), { cause: error });
    }
  }

  /** Whose quota counts is for Spaces to know that the Hub itself named. */
  #credentialsWith(ipToken: string | undefined): Credentials | undefined {
    if (ipToken === undefined || this.#source.type !== "space" || this.#credentials === undefined)
      return this.#credentials;
    const { origin, headers } = this.#credentials;
    return { origin, headers: { ...headers, "x-ip-token": ipToken } };
  }

  /** Makes sure that what we know of the app is still so: a restarted or replaced one numbers its functions anew. */
  async refresh(signal?: AbortSignal): Promise<void> {
    const age = Date.now() - this.#seenAt;
    // Shared by the calls that start now, so that no one's signal may end it.
    this.#refreshing ??= this.#renew(age).finally(() => {
      this.#refreshing = undefined;
    });
    await unlessAborted(this.#refreshing, signal);
  }

  async #renew(age: number): Promise<void> {
    const space = age > SPACE_TRUSTED_MS ? await this.#locateAgain() : undefined;
    const hasMoved = this.#root.href !== this.#description.root;
    if (hasMoved || (await this.#appId(undefined)) !== this.#description.appId) {
      if (space === undefined) await this.#login(undefined);
      await this.#learn(space, undefined);
    }
  }

  /** Where the Space is now, and awake; as long as the Hub cannot be asked, where it was. */
  async #locateAgain(): Promise<Space | undefined> {
    if (this.#source.type === "url") return undefined;
    try {
      return await this.#locate(undefined);
    } catch (error) {
      const isHubAway = error instanceof DaggrError && error.code.startsWith("HUB_");
      if (isHubAway) return undefined;
      throw error;
    }
  }

  /** Finds the address and who we are there. */
  async #locate(signal: AbortSignal | undefined): Promise<Space | undefined> {
    const { token, env, headers, wakeTimeoutMs, pollMs, onUpdate } = this.#options;
    for (const value of Object.values(headers ?? {})) rememberSecret(value.replace(/^(?:Bearer|Basic) /, ""));
    if (this.#source.type === "space") {
      const onStage = (text: string) => onUpdate?.({ type: "log", level: "info", text });
      const space = await runningSpace(this.#source.id, {
        token,
        env,
        signal,
        wakeTimeoutMs,
        pollMs,
        onStage,
      });
      const own = await hubToken(token, env);
      // The Space's proxy takes this header off: `authorization` would reach the code of whoever wrote the Space.
      const bearer = own === undefined ? {} : { "x-hf-authorization": `Bearer ${own}` };
      this.#root = toRoot(space.host);
      this.#credentials = { origin: this.#root.origin, headers: { ...bearer, ...headers } };
      await this.#login(signal);
      return space;
    }
    this.#root = new URL(this.#source.url);
    const { username, password } = this.#root;
    this.#root.username = "";
    this.#root.password = "";
    const basic =
      username === ""
        ? {}
        : {
            authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64")}`,
          };
    rememberSecret(decodeURIComponent(password));
    this.#credentials = { origin: this.#root.origin, headers: { ...basic, ...headers } };
    await this.#login(signal);
    return undefined;
  }

  async #login(signal: AbortSignal | undefined): Promise<void> {
    const { auth } = this.#options;
    if (auth === undefined) return;
    rememberSecret(auth[1]);
    const body = new URLSearchParams({ username: auth[0], password: auth[1] }).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const request = { method: "POST", body, headers, signal, timeoutMs: this.#timeoutMs } as const;
    const response = await this.request(new URL("login", this.#root), request).catch((error: unknown) => {
      // An app without a login sends whoever logs in away.
      const isSentAway = error instanceof DaggrError && error.code === "GRADIO_PROTOCOL";
      throw isSentAway ? clientError("GRADIO_LOGIN", `${this.label} has no login of its own.`) : error;
    });
    const said = await readText(response);
    if (response.status === 400 || response.status === 401) {
      throw clientError(
        "GRADIO_LOGIN",
        `${this.label} refused the login of '${auth[0]}': ${httpError(500, said, "").message.replace(/^.*HTTP 500:? ?/, "") || "wrong user or password"}`,
      );
    }
    if (!response.ok) throw httpError(response.status, said, `The login of ${this.label}`);
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(";")[0]!);
    for (const cookie of cookies) rememberSecret(cookie.slice(cookie.indexOf("=") + 1));
    const { origin, headers: own } = this.#credentials!;
    this.#credentials = { origin, headers: { ...own, cookie: cookies.join("; ") } };
  }

  async #appId(signal: AbortSignal | undefined): Promise<string | undefined> {
    const response = await this.request(this.url("app_id"), { signal, timeoutMs: this.#timeoutMs });
    const text = await readText(response);
    return response.ok ? appIdIn(text) : undefined;
  }

  /** Asks the app what it offers, and keeps it. */
  async #learn(space: Space | undefined, signal: AbortSignal | undefined): Promise<void> {
    const request = { signal, timeoutMs: this.#timeoutMs };
    const answer = await this.request(new URL("config", this.#root), {
      ...request,
      onRedirect: (to) => this.#follow(to),
    });
    const text = await this.#read(answer);
    const prefixed = parseConfig(parseJson(text, this.label, this.#hint), this.label);
    const prefix = checkedPrefix(prefixed.api_prefix, this.label);
    const root = this.#root.href;
    const info = await this.#read(
      await this.request(new URL(`${root}${prefix}info?all_endpoints=True`), request),
    );
    const known =
      space === undefined ? (this.#description?.space ?? null) : { id: space.id, commit: space.commit };
    this.#description = describe(prefixed, parseJson(info, this.label, this.#hint), {
      root,
      prefix,
      appId: appIdIn(text),
      space: known,
    });
    this.sessions.clear();
    await this.#cache.write(this.#key, this.#description);
  }

  /** A moved app is asked where it is now; credentials stay bound to where they belong. */
  #follow(to: URL): void {
    if (to.pathname.endsWith("/config")) this.#root = toRoot(new URL(".", to));
  }

  async #read(response: Response): Promise<string> {
    const text = await readText(response);
    if (response.ok) return text;
    if (response.status === 404)
      throw clientError(
        "GRADIO_PROTOCOL",
        `There is no Gradio app at ${this.label} (HTTP 404).${this.#hint}`,
      );
    throw httpError(response.status, text, this.label);
  }

  /** What to do where no Gradio app answers. */
  get #hint(): string {
    if (this.#source.type === "space") return " Only Spaces that are made with Gradio can be called.";
    // A private Space hides behind its address, and the token goes only where the Hub says.
    return this.#root.hostname.endsWith(".hf.space")
      ? " If it is a private Space, give its id ('owner/name') instead of its address."
      : " Give the address at which the page of a Gradio app (4.2 or later) opens.";
  }

  get #timeoutMs(): number {
    return this.#options.connectTimeoutMs ?? 30_000;
  }
}

/** Read from the text, because the number is larger than JavaScript's are exact. */
function appIdIn(text: string): string {
  return /"app_id"\s*:\s*"?([\w-]+)/.exec(text)?.[1] ?? "";
}

function parseJson(text: string, label: string, hint: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw clientError(
      "GRADIO_PROTOCOL",
      `${label} is no Gradio app: it answers with something else than JSON.${hint}`,
      { cause },
    );
  }
}
