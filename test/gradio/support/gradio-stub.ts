import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Sends the events of one call: `send` writes one, `end` closes in order, `destroy` breaks off. */
export interface Stream {
  readonly eventId: string;
  readonly data: readonly unknown[];
  send(message: object): void;
  raw(text: string): void;
  end(): void;
  destroy(): void;
}

export type Answer = (request: SeenRequest, response: ServerResponse) => void | Promise<void>;

const textbox = { type: "string" };

/**
 * A Gradio app that misbehaves on demand. By default it has `/echo` (one text in, one out) and answers it; a test
 * replaces what it needs: a path in `answers`, the events of a call in `stream`, the configuration in `config`.
 */
export class GradioStub {
  readonly seen: SeenRequest[] = [];
  readonly answers = new Map<string, Answer>();
  appId = 1;
  prefix = "/gradio_api";
  /** Endpoint names in the order of their functions. */
  functions: string[] = ["echo"];
  config: Record<string, unknown> = {};
  info: Record<string, unknown> | undefined;
  stream: (stream: Stream) => void | Promise<void> = complete;
  #calls = new Map<string, { eventId: string; data: readonly unknown[]; fnIndex: number }>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error) => response.destroy(error));
    });
  }

  static async start(): Promise<GradioStub> {
    const stub = new GradioStub();
    stub.#server.listen(0, "127.0.0.1");
    await once(stub.#server, "listening");
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The same server under another origin: credentials for `url` must not come here. */
  get foreignUrl(): string {
    return this.url.replace("127.0.0.1", "localhost");
  }

  requests(path: string): SeenRequest[] {
    return this.seen.filter((request) => request.path.split("?")[0] === path);
  }

  /** Answers `path` with this, from now on. */
  fail(path: string, status: number, body: unknown = "", headers: Record<string, string> = {}): void {
    this.answers.set(path, (_request, response) => {
      const isText = typeof body === "string";
      response.writeHead(status, { "content-type": isText ? "text/html" : "application/json", ...headers });
      response.end(isText ? body : JSON.stringify(body));
    });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = {
      method: incoming.method!,
      path: incoming.url!,
      headers: incoming.headers,
      body: await text(incoming),
    };
    this.seen.push(request);
    const path = request.path.split("?")[0]!;
    const own = this.answers.get(path);
    if (own !== undefined) return own(request, response);
    const json = (value: unknown) =>
      response.setHeader("content-type", "application/json").end(JSON.stringify(value));
    switch (path) {
      case "/config":
        return void json(this.#config());
      case `${this.prefix}/info`:
        return void json(
          this.info ?? {
            named_endpoints: Object.fromEntries(this.functions.map((name) => [`/${name}`, endpoint()])),
            unnamed_endpoints: {},
          },
        );
      case `${this.prefix}/app_id`:
        return void json({ app_id: this.appId });
      case `${this.prefix}/cancel`:
        return void json({ success: true });
      case `${this.prefix}/upload`:
        return void json(["/tmp/uploaded/file.txt"]);
      case `${this.prefix}/queue/join`: {
        const { data, session_hash, fn_index } = JSON.parse(request.body);
        const eventId = `event-${this.#calls.size}`;
        this.#calls.set(session_hash, { eventId, data, fnIndex: fn_index });
        return void json({ event_id: eventId });
      }
      case `${this.prefix}/queue/data`:
        return this.#stream(new URL(request.path, this.url).searchParams.get("session_hash")!, response);
      default:
        response.writeHead(404).end();
    }
  }

  async #stream(session: string, response: ServerResponse): Promise<void> {
    const { eventId, data, fnIndex } = this.#calls.get(session)!;
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    const name = this.functions[fnIndex];
    await this.stream({
      eventId,
      data: [`${name}: ${data[0]}`],
      send: (message) => response.write(`data: ${JSON.stringify({ event_id: eventId, ...message })}\n\n`),
      raw: (chunk) => response.write(chunk),
      end: () => response.end(),
      destroy: () => response.destroy(),
    });
  }

  #config(): unknown {
    return {
      version: "6.31.0",
      api_prefix: this.prefix,
      protocol: "sse_v3",
      app_id: this.appId,
      root: this.url,
      components: [1, 2].map((id) => ({ id, type: "textbox", props: {}, skip_api: false })),
      dependencies: this.functions.map((api_name, id) => ({
        id,
        api_name,
        inputs: [1],
        outputs: [2],
        types: { generator: false },
      })),
      ...this.config,
    };
  }
}

export function endpoint(parameter: object = {}, returned: object = {}): object {
  return {
    parameters: [
      {
        label: "Text",
        parameter_name: "text",
        parameter_has_default: false,
        type: textbox,
        component: "Textbox",
        ...parameter,
      },
    ],
    returns: [{ label: "Out", type: textbox, component: "Textbox", ...returned }],
    api_visibility: "public",
  };
}

/** An endpoint of the stub that returns a file. */
export function fileEndpoint(): object {
  const type = { title: "FileData", type: "object", properties: { path: { type: "string" }, meta: {} } };
  return endpoint({}, { type, component: "File" });
}

/** What a well-behaved app sends. */
export function complete({ send, data, end }: Stream): void {
  send({ msg: "estimation", rank: 0, queue_size: 1, rank_eta: 0.5 });
  send({ msg: "process_starts" });
  send({ msg: "process_completed", success: true, output: { data } });
  send({ msg: "close_stream", event_id: null });
  end();
}
