import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import sharp from "sharp";
import { type Exchange, HubRefusal } from "./exchange.ts";
import type { HubStub } from "./hub-stub.ts";
import type { Repository } from "./repository.ts";
import { type Route, route } from "./routes.ts";

/** What the router was asked. */
export interface Call {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly billTo: string | undefined;
  readonly type: string | undefined;
  /** JSON where it is some, else the bytes. */
  readonly body: any;
}

/** An answer instead of the usual one. */
export interface Refusal {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Hugging Face's inference router on the Hub stub: `HF_INFERENCE_ENDPOINT` is `inference.url`. Models answer by the
 * task and the providers that they have as repositories; what providers make lies on a host of its own.
 */
export class InferenceStub implements AsyncDisposable {
  readonly calls: Call[] = [];
  /** What the next calls get, one each. */
  readonly refusals: Refusal[] = [];
  /** What the files' own host saw, which nobody's token may reach. */
  readonly fileRequests: { path: string; headers: Record<string, unknown> }[] = [];
  /** Words of a chat's answer, and the pause between them. */
  answer: readonly string[] = ["A", " poem", " about", " tides."];
  pauseMs = 5;
  /** Ends the stream after so many words without saying that it is complete. */
  cutAfter: number | undefined;
  /** Pieces to send instead of words. */
  pieces: readonly object[] | undefined;
  /** How many words went out, also when nobody listened any more. */
  wordsSent = 0;
  readonly #hub: HubStub;
  readonly #files = createServer((request, response) => {
    this.fileRequests.push({ path: request.url!, headers: request.headers });
    const file = this.#made.get(request.url!);
    response.writeHead(file === undefined ? 404 : 200, { "content-type": file?.type ?? "text/plain" });
    response.end(file?.bytes);
  });
  readonly #made = new Map<string, { bytes: Uint8Array; type: string }>();
  readonly #queue = new Map<string, { result: object; asked: number }>();

  static async start(hub: HubStub): Promise<InferenceStub> {
    const stub = new InferenceStub(hub);
    stub.#files.listen(0, "127.0.0.1");
    await once(stub.#files, "listening");
    hub.use(...stub.#routes());
    return stub;
  }

  private constructor(hub: HubStub) {
    this.#hub = hub;
  }

  get url(): string {
    return `${this.#hub.url}/router`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#files.closeAllConnections();
    this.#files.close();
    await once(this.#files, "close");
  }

  #routes(): Route[] {
    return [
      route("POST", "/router/v1/chat/completions", (exchange) => this.#chat(exchange, "auto")),
      route("POST", "/router/:provider/v1/chat/completions", (exchange) =>
        this.#chat(exchange, exchange.params["provider"]!),
      ),
      // Some providers have a folder of their own before it.
      route("POST", "/router/:provider/:rest/v1/chat/completions", (exchange) =>
        this.#chat(exchange, exchange.params["provider"]!),
      ),
      route("POST", "/router/hf-inference/models/:id", (exchange) => this.#pipeline(exchange)),
      route("POST", "/router/hf-inference/models/:id/pipeline/:task", (exchange) => this.#pipeline(exchange)),
      route("POST", "/router/fal-ai/:rest", (exchange) => this.#fal(exchange)),
      // The JavaScript client keeps the provider in the path where the router is Hugging Face's; Python's looks at the host.
      route("GET", "/router/fal-ai/:rest", (exchange) => this.#falQueue(exchange)),
      route("GET", "/fal-ai/:rest", (exchange) => this.#falQueue(exchange)),
    ];
  }

  /** Notes the call and refuses what the router refuses. */
  #receive(exchange: Exchange): void {
    const { headers } = exchange.request;
    const isJson = headers["content-type"]?.startsWith("application/json") === true;
    this.calls.push({
      path: exchange.url.pathname,
      authorization: headers.authorization,
      billTo: headers["x-hf-bill-to"] as string | undefined,
      type: headers["content-type"],
      body: isJson ? exchange.data : exchange.body,
    });
    const refusal = this.refusals.shift();
    if (refusal !== undefined) {
      exchange.json(refusal.body ?? {}, refusal.status, refusal.headers);
      throw new Refused();
    }
    const { account } = exchange.signedIn();
    const repository = this.#repository(exchange);
    if (repository?.gated !== undefined && !repository.accepted.has(account.name))
      throw new HubRefusal(403, "Access to this model is restricted.", "GatedRepo");
  }

  #repository(exchange: Exchange): Repository | undefined {
    const id = exchange.params["id"] ?? /^[^:]+/.exec(exchange.data?.model ?? "")?.[0] ?? "";
    return this.#hub.repositories
      .visible("model", exchange.token)
      .find((one) => one.id === id || this.#mapping(one).some((entry) => entry.providerId === id));
  }

  #mapping(repository: Repository) {
    return Object.entries(repository.inferenceProviderMapping ?? {}).map(([provider, entry]) => ({
      ...entry,
      provider,
    }));
  }

  async #chat(exchange: Exchange, provider: string): Promise<void> {
    if (!this.#isTaken(exchange)) return;
    const repository = this.#repository(exchange);
    const served = repository === undefined ? [] : this.#mapping(repository);
    if (
      !served.some(
        (entry) => entry.task === "conversational" && (provider === "auto" || entry.provider === provider),
      )
    ) {
      const message = `The requested model '${exchange.data.model}' is not supported by any provider you have enabled.`;
      return exchange.json(
        { error: { message, type: "invalid_request_error", code: "model_not_supported" } },
        400,
      );
    }
    const { response } = exchange;
    const base = { id: "chat-1", created: 1, model: exchange.data.model };
    if (exchange.data.stream !== true) {
      const message = { role: "assistant", content: this.answer.join("") };
      return exchange.json({
        ...base,
        choices: [{ index: 0, message, finish_reason: "stop" }],
        usage: { total_tokens: 9 },
      });
    }
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    const send = (piece: object): void => {
      response.write(`data: ${JSON.stringify({ ...base, object: "chat.completion.chunk", ...piece })}\n\n`);
    };
    const pieces =
      this.pieces ?? this.answer.map((content) => ({ choices: [{ index: 0, delta: { content } }] }));
    for (const [index, piece] of pieces.entries()) {
      if (response.destroyed) return;
      if (index === this.cutAfter) return void response.end();
      send(piece);
      this.wordsSent++;
      await delay(this.pauseMs);
    }
    const usage = exchange.data.stream_options?.include_usage === true ? { usage: { total_tokens: 9 } } : {};
    if (this.pieces === undefined)
      send({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }], ...usage });
    response.end("data: [DONE]\n\n");
  }

  #isTaken(exchange: Exchange): boolean {
    try {
      this.#receive(exchange);
      return true;
    } catch (error) {
      if (error instanceof Refused) return false;
      throw error;
    }
  }

  /** The Hub's own servers: one model, one task, an answer made of what came. */
  async #pipeline(exchange: Exchange): Promise<void> {
    if (!this.#isTaken(exchange)) return;
    const repository = this.#repository(exchange);
    const task = exchange.params["task"] ?? repository?.options.pipelineTag ?? "";
    const { body } = this.calls.at(-1)!;
    const answer = await PIPELINES[task]?.(body);
    if (answer === undefined) return exchange.json({ error: `Task '${task}' is not supported` }, 400);
    if (answer instanceof Made) return exchange.send(answer.bytes, 200, { "content-type": answer.type });
    exchange.json(answer);
  }

  /** A provider with a queue: asked, polled, and the result lies elsewhere. */
  async #fal(exchange: Exchange): Promise<void> {
    if (!this.#isTaken(exchange)) return;
    const model = exchange.params["rest"]!;
    const { prompt = "", text = "", image_size, num_inference_steps } = exchange.data;
    if (model.includes("tts"))
      return exchange.json({ audio: { url: this.#keep(wav(text.length), "audio/mpeg") } });
    const id = `job-${this.#queue.size + 1}`;
    const width = image_size?.width ?? prompt.length + (num_inference_steps ?? 0);
    const result = model.includes("video")
      ? {
          video: {
            url: this.#keep(new Uint8Array(Buffer.from("\0\0\0\x18ftypmp42 film", "latin1")), "video/mp4"),
          },
        }
      : { images: [{ url: this.#keep(await png(width, 4), "image/jpeg") }] };
    if (exchange.query.get("_subdomain") !== "queue") return exchange.json(result);
    this.#queue.set(id, { result, asked: 0 });
    exchange.json({
      request_id: id,
      status: "IN_QUEUE",
      response_url: `https://queue.fal.run/fal-ai/${model.split("/").at(-1)}/requests/${id}`,
    });
  }

  #falQueue(exchange: Exchange): void {
    exchange.signedIn();
    const id = /requests\/([\w-]+)/.exec(exchange.url.pathname)?.[1] ?? "";
    const job = this.#queue.get(id);
    if (job === undefined) throw new HubRefusal(404, "Request not found");
    if (exchange.url.pathname.endsWith("/status"))
      exchange.json({ status: job.asked++ > 0 ? "COMPLETED" : "IN_PROGRESS" });
    else exchange.json(job.result);
  }

  #keep(bytes: Uint8Array, type: string): string {
    const path = `/made/${this.#made.size + 1}`;
    this.#made.set(path, { bytes, type });
    return `http://127.0.0.1:${(this.#files.address() as AddressInfo).port}${path}`;
  }
}

class Refused extends Error {}

class Made {
  readonly bytes: Uint8Array;
  readonly type: string;

  constructor(bytes: Uint8Array, type: string) {
    this.bytes = bytes;
    this.type = type;
  }
}

export async function png(width: number, height: number): Promise<Uint8Array> {
  return sharp({ create: { width, height, channels: 3, background: "#38a" } })
    .png()
    .toBuffer();
}

/** Silence of so many samples. */
export function wav(samples: number): Uint8Array {
  const bytes = Buffer.alloc(44 + samples * 2);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(36 + samples * 2, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(8000, 24);
  bytes.writeUInt32LE(16000, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36);
  bytes.writeUInt32LE(samples * 2, 40);
  return bytes;
}

const isGood = (text: string): number => (/good|great|fine/i.test(text) ? 0.9 : 0.2);
const scored = (labels: readonly string[]) =>
  labels.map((label, index) => ({ label, score: index === 0 ? 0.75 : 0.25 / (labels.length - 1) }));
const size = (body: any): number =>
  Buffer.isBuffer(body) ? body.length : Buffer.from(body.inputs.image ?? body.inputs, "base64").length;

/** Python's client sends `{ table }`, the JavaScript one `{ inputs: { data } }`, which is documented. */
const firstColumn = ({ inputs, table }: any): string[] =>
  Object.values<string[]>(table ?? inputs.data)[0] ?? [];

/** By task, the shapes that the Hub's own servers answer with. */
const PIPELINES: Readonly<Record<string, (body: any) => unknown>> = {
  "text-classification": ({ inputs }) => [
    [
      { label: "NEGATIVE", score: 1 - isGood(inputs) },
      { label: "POSITIVE", score: isGood(inputs) },
    ],
  ],
  "zero-shot-classification": ({ parameters }) => scored(parameters.candidate_labels),
  "zero-shot-image-classification": ({ parameters }) => scored(parameters.candidate_labels),
  "image-classification": (body) => scored([`picture of ${size(body)} bytes`, "other"]),
  "audio-classification": (body) => scored([`sound of ${size(body)} bytes`, "other"]),
  "automatic-speech-recognition": (body) => ({ text: `heard ${size(body)} bytes` }),
  "audio-to-audio": (body) => [
    {
      label: "voice",
      "content-type": "audio/flac",
      blob: Buffer.from(`fLaC${size(body)}`).toString("base64"),
    },
    { label: "noise", "content-type": "audio/flac", blob: Buffer.from("fLaC-noise").toString("base64") },
  ],
  "image-to-text": (body) => [{ generated_text: `a picture of ${size(body)} bytes` }],
  "object-detection": () => [{ label: "cat", score: 0.98, box: { xmin: 1, ymin: 2, xmax: 30, ymax: 40 } }],
  "image-segmentation": async () => [
    { label: "cat", score: 0.9, mask: Buffer.from(await png(3, 3)).toString("base64") },
    { label: "sofa", score: 0.8, mask: Buffer.from(await png(4, 4)).toString("base64") },
  ],
  "visual-question-answering": ({ inputs }) => [{ answer: `asked: ${inputs.question}`, score: 0.8 }],
  "document-question-answering": ({ inputs }) => [
    { answer: `asked: ${inputs.question}`, score: 0.7, start: 0, end: 1 },
  ],
  "question-answering": ({ inputs }) => ({
    answer: inputs.context.split(" ").at(-1),
    score: 0.6,
    start: inputs.context.lastIndexOf(" ") + 1,
    end: inputs.context.length,
  }),
  "table-question-answering": ({ inputs }) => {
    const [first] = Object.keys(inputs.table);
    return {
      answer: inputs.table[first!][1],
      coordinates: [[1, 0]],
      cells: [inputs.table[first!][1]],
      aggregator: "NONE",
    };
  },
  translation: ({ inputs, parameters }) => [
    {
      translation_text: `${inputs} (${parameters?.src_lang ?? "?"} to ${parameters?.tgt_lang ?? "?"})`,
    },
  ],
  summarization: ({ inputs }) => [{ summary_text: inputs.split(".")[0] }],
  "fill-mask": ({ inputs }) =>
    ["sea", "sky"].map((word, index) => ({
      score: 0.8 - index * 0.5,
      token: index,
      token_str: ` ${word}`,
      sequence: inputs.replace("[MASK]", word),
    })),
  "token-classification": ({ inputs }) => {
    const start = inputs.indexOf("Ada");
    return [{ entity_group: "PER", score: 0.99, word: "Ada", start, end: start + 3 }];
  },
  "feature-extraction": ({ inputs }) =>
    (Array.isArray(inputs) ? inputs : [inputs]).map((text: string) => [text.length, 0.5, -1]),
  "sentence-similarity": ({ inputs }) =>
    inputs.sentences.map((sentence: string) => (sentence === inputs.source_sentence ? 1 : 0.25)),
  "tabular-classification": (body) => firstColumn(body).map((cell) => Number(cell) * 2),
  "tabular-regression": (body) => firstColumn(body).map((cell) => Number(cell) / 2),
  "text-to-image": async ({ inputs, parameters }) =>
    new Made(await png(parameters?.width ?? inputs.length, parameters?.height ?? 4), "image/png"),
  "image-to-image": async (body) =>
    new Made(await png(size(body) % 50, body.parameters?.prompt?.length ?? 1), "image/jpeg"),
  "text-to-speech": ({ inputs }) => new Made(wav(inputs.length), "audio/flac"),
  "text-to-audio": ({ inputs }) => new Made(wav(inputs.length), "audio/wav"),
};
