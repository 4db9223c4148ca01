import type { IncomingMessage, ServerResponse } from "node:http";

export interface Fault {
  /** A path (before `?`), or what it has to look like. */
  readonly path?: string | RegExp;
  readonly method?: string;
  /** How often; always unless said. */
  readonly times?: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Hangs up without an answer. */
  readonly drop?: boolean;
  /** Answers as usual but hangs up after so many bytes of the body: a half-finished download. */
  readonly cutAfter?: number;
  /** Answers as usual, later. */
  readonly delayMs?: number;
}

/** What goes wrong on request of a test. */
export class Faults {
  readonly #faults: { fault: Fault; hits: number }[] = [];

  add(fault: Fault): void {
    this.#faults.push({ fault, hits: 0 });
  }

  clear(): void {
    this.#faults.length = 0;
  }

  /** Too many requests, for `seconds`. */
  rateLimit(path: string | RegExp = /^\//, seconds = 60, times?: number): void {
    this.add({
      path,
      status: 429,
      body: JSON.stringify({ error: "We had to rate limit you. Try again later." }),
      headers: {
        "content-type": "application/json",
        "retry-after": String(seconds),
        ratelimit: `"api";r=0;t=${seconds}`,
        "ratelimit-policy": '"fixed window";"api";q=500;w=300',
      },
      ...(times === undefined ? {} : { times }),
    });
  }

  take(method: string, path: string): Fault | undefined {
    const found = this.#faults.find(
      ({ fault, hits }) =>
        hits < (fault.times ?? Number.POSITIVE_INFINITY) &&
        (fault.method ?? method) === method &&
        (typeof fault.path === "string" ? fault.path === path : (fault.path?.test(path) ?? true)),
    );
    if (found !== undefined) found.hits++;
    return found?.fault;
  }
}

/** Does the fault; says whether that was the whole answer. */
export function commit(fault: Fault, request: IncomingMessage, response: ServerResponse): boolean {
  if (fault.drop) {
    request.socket.destroy();
    return true;
  }
  if (fault.status !== undefined) {
    response
      .writeHead(fault.status, { "content-type": "text/plain", ...fault.headers })
      .end(fault.body ?? "");
    return true;
  }
  if (fault.cutAfter !== undefined) cut(response, fault.cutAfter);
  return false;
}

function cut(response: ServerResponse, bytes: number): void {
  response.end = ((body?: Uint8Array | string) => {
    response.write(Buffer.from(body ?? "").subarray(0, bytes), () => response.socket?.destroy());
    return response;
  }) as ServerResponse["end"];
}
