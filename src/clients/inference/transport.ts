import { AsyncLocalStorage } from "node:async_hooks";
import { readText, send } from "../http.ts";
import { assertPublic } from "../private-hosts.ts";
import type { Environment } from "../tokens.ts";

const HUB = "https://huggingface.co";
const ROUTER = "https://router.huggingface.co";

/** Where models are called: `HF_INFERENCE_ENDPOINT`, else Hugging Face's router; without a slash at the end. */
export function routerEndpoint(env: Environment = process.env): string {
  return (env["HF_INFERENCE_ENDPOINT"] || ROUTER).replace(/\/+$/, "");
}

/** What a failed answer said beside its body. */
export interface Failure {
  readonly status: number;
  readonly retryAfterMs?: number;
  /** `X-Error-Code` and `X-Error-Message` of the Hub. */
  readonly code?: string;
  readonly message?: string;
  /** As JSON where it is some. The client drops what it does not know. */
  readonly body: unknown;
}

/** Undici's own limit of five minutes without a byte comes first. */
const ANSWER_MS = 3_600_000;
/** What any host may see. The rest may hold a token, a key or an account. */
const HARMLESS = new Set(["accept", "content-type", "user-agent", "prefer"]);

type Fetch = typeof fetch;

export interface TransportOptions {
  readonly env?: Environment;
  readonly headers?: Readonly<Record<string, string>>;
  readonly mapping?: unknown;
  readonly mend?: ((answer: unknown) => unknown) | undefined;
}

/**
 * The requests of one call of a model. The first address of it is the model's own: only there go credentials and
 * bodies. Whatever an answer names elsewhere is fetched without them, redirects are followed by hand, and what the
 * client asks of the Hub by a fixed address is asked of the one that `HF_ENDPOINT` names.
 */
export class Transport {
  readonly #env: Environment;
  readonly #headers: Readonly<Record<string, string>>;
  /** What the Hub said about the model: the client asks again, without a token. */
  readonly #mapping: unknown;
  /** Puts right what servers answer otherwise than the client expects. */
  readonly #mend: ((answer: unknown) => unknown) | undefined;
  #home: URL | undefined;
  /** Of the last answer that was none. */
  failure: Failure | undefined;
  /** Whether the stream said that it is complete. */
  isDone = false;

  constructor(options: TransportOptions = {}) {
    this.#env = options.env ?? process.env;
    this.#headers = options.headers ?? {};
    this.#mapping = options.mapping;
    this.#mend = options.mend;
  }

  readonly fetch: Fetch = async (input, init = {}) => {
    const asked = new URL(input instanceof Request ? input.url : input);
    if (asked.protocol === "data:") return plainFetch(input, init);
    if (asked.origin === HUB) return Response.json({ inferenceProviderMapping: this.#mapping ?? {} });
    const url = this.#located(asked);
    this.#home ??= url;
    const home = this.#home;
    const isHome = url.origin === home.origin;
    if (!isHome) await assertPublic(url, home);
    const given = Object.fromEntries(new Headers(init.headers));
    const harmless = Object.fromEntries(Object.entries(given).filter(([name]) => HARMLESS.has(name)));
    const signal = init.signal ?? undefined;
    const response = await outside(() =>
      send(url, {
        method: isHome && init.method === "POST" ? "POST" : "GET",
        headers: harmless,
        credentials: { origin: home.origin, headers: { ...given, ...this.#headers } },
        timeoutMs: ANSWER_MS,
        onRedirect: async (to) => {
          if (to.origin !== home.origin) await assertPublic(to, home);
        },
        ...(isHome && init.body !== undefined && init.body !== null
          ? { body: init.body as string | Blob }
          : {}),
        ...(signal === undefined ? {} : { signal }),
      }),
    );
    if (!response.ok) return this.#failed(response);
    if (isStream(response)) return this.#watched(response);
    const isJson = response.ok && response.headers.get("content-type")?.startsWith("application/json");
    return isHome && isJson && this.#mend !== undefined
      ? Response.json(this.#mend(await response.json()))
      : response;
  };

  /** Runs the client's own work, whose further requests come here as well. */
  run<T>(work: () => Promise<T>): Promise<T> {
    guardGlobalFetch();
    return current.run(this, work);
  }

  async #failed(response: Response): Promise<Response> {
    const text = await readText(response);
    this.failure = failureOf(response, text);
    return new Response(text, { status: response.status, headers: response.headers });
  }

  /** The client knows one Hub and one router. */
  #located(url: URL): URL {
    if (url.origin !== ROUTER) return url;
    return new URL(`${routerEndpoint(this.#env)}${url.pathname}${url.search}`);
  }

  /** The same stream, of which the last line is remembered: one that broke off looks complete otherwise. */
  #watched(response: Response): Response {
    const decoder = new TextDecoder();
    let tail = "";
    const watch = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        tail = (tail + decoder.decode(chunk, { stream: true })).slice(-40);
        if (tail.includes("[DONE]")) this.isDone = true;
        controller.enqueue(chunk);
      },
    });
    return new Response(response.body?.pipeThrough(watch) ?? null, {
      status: response.status,
      headers: response.headers,
    });
  }
}

function isStream(response: Response): boolean {
  return response.ok && (response.headers.get("content-type") ?? "").startsWith("text/event-stream");
}

function failureOf({ status, headers }: Response, text: string): Failure {
  const after = headers.get("retry-after");
  const seconds = after === null ? Number.NaN : Number(after);
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(after ?? "") - Date.now();
  const code = headers.get("x-error-code");
  const message = headers.get("x-error-message");
  return {
    status,
    body: jsonOf(text),
    ...(Number.isFinite(retryAfterMs) && retryAfterMs > 0 ? { retryAfterMs } : {}),
    ...(code === null ? {} : { code }),
    ...(message === null ? {} : { message }),
  };
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const current = new AsyncLocalStorage<Transport | undefined>();
let plainFetch: Fetch = (...request) => fetch(...request);
let isGuarding = false;

/** Outside of the call: what is fetched for it, and is none of its own requests. */
export function outside<T>(work: () => Promise<T>): Promise<T> {
  return current.run(undefined, work);
}

/**
 * The client takes a `fetch` for its first request only: where it waits for a result or downloads one it uses the
 * global one. That one is led here for as long as a model is being called, and for nobody else.
 */
function guardGlobalFetch(): void {
  if (isGuarding) return;
  isGuarding = true;
  const before = globalThis.fetch;
  plainFetch = before;
  globalThis.fetch = (input, init) => (current.getStore()?.fetch ?? before)(input, init);
}
