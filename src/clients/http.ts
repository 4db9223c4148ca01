import { clientError } from "./client-errors.ts";

/** Headers that only one origin may see. */
export interface Credentials {
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface HttpRequest {
  readonly method?: "GET" | "POST" | "PUT";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | FormData | Blob;
  readonly credentials?: Credentials | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the headers of the answer are there. */
  readonly timeoutMs?: number;
  /** Called before each redirect is followed; throws to refuse it. */
  readonly onRedirect?: (to: URL) => void | Promise<void>;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 5;

/** Whether what belongs to `origin` may go to `url`: the same origin, or the same host now over TLS. */
function mayCarry(origin: string, url: URL): boolean {
  if (url.origin === origin) return true;
  const from = new URL(origin);
  return (
    from.protocol === "http:" &&
    url.protocol === "https:" &&
    from.hostname === url.hostname &&
    from.port === "" &&
    url.port === ""
  );
}

/**
 * `fetch` that follows redirects by hand, because `fetch` itself takes custom headers along to any host.
 * Credentials go to their own origin only, and a body never follows to another one.
 */
export async function send(url: URL, request: HttpRequest = {}): Promise<Response> {
  const { method = "GET", body, credentials, onRedirect } = request;
  const timeout = new AbortController();
  const timer = setTimeout(
    () => timeout.abort(new DOMException("No answer in time.", "TimeoutError")),
    request.timeoutMs ?? 60_000,
  );
  const signal =
    request.signal === undefined ? timeout.signal : AbortSignal.any([request.signal, timeout.signal]);
  try {
    for (let target = url, redirects = 0; ; redirects++) {
      const own =
        credentials !== undefined && mayCarry(credentials.origin, target) ? credentials.headers : {};
      const response = await fetch(target, {
        method,
        headers: { "user-agent": "daggr", ...request.headers, ...own },
        redirect: "manual",
        signal,
        ...(body === undefined ? {} : { body }),
      });
      const location = response.headers.get("location");
      if (!REDIRECTS.has(response.status) || location === null) return response;
      await response.body?.cancel();
      const next = URL.parse(location, target.href);
      if (next === null || !/^https?:$/.test(next.protocol)) throw refused(url, location);
      const keepsBody = (response.status === 307 || response.status === 308) && mayCarry(url.origin, next);
      if (redirects === MAX_REDIRECTS || (method !== "GET" && !keepsBody)) throw refused(url, next.href);
      await onRedirect?.(next);
      target = next;
    }
  } finally {
    clearTimeout(timer);
  }
}

function refused(url: URL, to: string): Error {
  return clientError(
    "GRADIO_PROTOCOL",
    `${url.origin}${url.pathname} redirects to ${to}, which is not followed.`,
  );
}

/** The body as it comes. `idleMs` without a byte is `GRADIO_IDLE`. Leaving the loop hangs up. */
export async function* readChunks(response: Response, idleMs: number): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  let timer: NodeJS.Timeout | undefined;
  try {
    for (;;) {
      const idle = new Promise<never>((_, reject) => {
        timer = setTimeout(
          () => reject(clientError("GRADIO_IDLE", `${host(response)} has sent nothing for ${idleMs} ms.`)),
          idleMs,
        );
      });
      const { done, value } = await Promise.race([reader.read(), idle]);
      clearTimeout(timer);
      if (done) return;
      yield value;
    }
  } finally {
    clearTimeout(timer);
    reader.cancel().catch(() => {});
  }
}

/** The whole answer as text, refused past `limit` bytes. */
export async function readText(response: Response, limit = 64 * 1024 * 1024): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of readChunks(response, 30_000)) {
    size += chunk.length;
    if (size > limit)
      throw clientError("GRADIO_PROTOCOL", `${host(response)} answers with more than ${limit} bytes.`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function host(response: Response): string {
  return URL.parse(response.url)?.host ?? "the server";
}
