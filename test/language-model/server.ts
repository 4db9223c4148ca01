/**
 * A real small language model behind OpenAI's HTTP API, as Ollama, llama.cpp or vLLM serve theirs. Prints its address.
 * Whoever hangs up stops the generation; `/stats` tells what was really generated.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { languageModelDir, languageModelFile } from "../../scripts/lib/paths.ts";

const SEQUENCES = 8;

const library = pathToFileURL(join(languageModelDir, "node_modules/node-llama-cpp/dist/index.js")).href;
const { getLlama, LlamaChatSession } = await import(library);
const llama = await getLlama({ build: "never", gpu: false, logLevel: "error" });
const model = await llama.loadModel({ modelPath: languageModelFile });
// Threads that share their cores with somebody wait for each other: one answer took minutes.
const context = await model.createContext({ sequences: SEQUENCES, contextSize: 1024, threads: 1 });
const free: unknown[] = Array.from({ length: SEQUENCES }, () => context.getSequence());
const waiting: ((sequence: unknown) => void)[] = [];
let embeddings: any;

const stats = { requests: 0, running: 0, mostAtOnce: 0, tokens: 0, finished: 0, stopped: 0 };
const seen: { path: string; headers: IncomingMessage["headers"]; body: unknown }[] = [];

const server = createServer((request, response) => {
  answer(request, response).catch((error: Error) => {
    if (response.headersSent) response.destroy();
    else json(response, { error: { message: error.message } }, 500);
  });
});
server.listen(Number(process.env["PORT"] ?? 0), "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = "";
  for await (const chunk of request) text += chunk;
  const path = request.url ?? "/";
  if (path === "/stats") return json(response, { ...stats, seen });
  if (path === "/v1/models")
    return json(response, { object: "list", data: [{ id: "smollm2", object: "model" }] });
  const body = text === "" ? {} : JSON.parse(text);
  if (request.method === "POST") seen.push({ path, headers: request.headers, body });
  if (path === "/v1/embeddings") return embed(body, response);
  if (path === "/v1/chat/completions") return chat(body, response);
  json(
    response,
    request.method === "GET" ? { status: "ok" } : { error: { message: "not found" } },
    request.method === "GET" ? 200 : 404,
  );
}

async function chat(body: any, response: ServerResponse): Promise<void> {
  stats.requests++;
  if (body.model !== "smollm2")
    return json(response, { error: { message: `model '${body.model}' not found`, type: "api_error" } }, 404);
  const hungUp = new AbortController();
  response.once("close", () => hungUp.abort());
  const sequence = await take();
  stats.running++;
  stats.mostAtOnce = Math.max(stats.mostAtOnce, stats.running);
  const session = new LlamaChatSession({ contextSequence: sequence, autoDisposeSequence: false });
  const id = `chatcmpl-${stats.requests}`;
  const piece = (delta: object, finish: string | null, more: object = {}): void => {
    const choices = [{ index: 0, delta, finish_reason: finish }];
    const chunk = { id, object: "chat.completion.chunk", created: 0, model: body.model, choices, ...more };
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  let tokens = 0;
  let isFinished = false;
  try {
    const messages = body.messages.map((message: any) => ({ ...message, text: textOf(message.content) }));
    const last = messages.pop();
    session.setChatHistory(messages.map(historyItem));
    if (body.stream) response.writeHead(200, { "content-type": "text/event-stream" });
    const schema = body.response_format?.json_schema?.schema;
    const { responseText, stopReason } = await session.promptWithMeta(last.text, {
      signal: hungUp.signal,
      stopOnAbortSignal: true,
      maxTokens: body.max_tokens ?? 256,
      temperature: body.temperature ?? 0,
      ...(schema === undefined ? {} : { grammar: await llama.createGrammarForJsonSchema(schema) }),
      onToken: (list: unknown[]) => {
        tokens += list.length;
        stats.tokens += list.length;
      },
      onTextChunk: (content: string) => {
        if (body.stream) piece({ content }, null);
      },
    });
    if (stopReason === "abort") return;
    isFinished = true;
    stats.finished++;
    const finish = stopReason === "maxTokens" ? "length" : "stop";
    const usage = { completion_tokens: tokens };
    if (body.stream) {
      piece({}, finish, body.stream_options?.include_usage ? { usage } : {});
      response.end("data: [DONE]\n\n");
      return;
    }
    const message = { role: "assistant", content: responseText };
    json(response, {
      id,
      object: "chat.completion",
      created: 0,
      model: body.model,
      choices: [{ index: 0, message, finish_reason: finish }],
      usage,
    });
  } finally {
    session.dispose({ disposeSequence: false });
    if (!isFinished) stats.stopped++;
    stats.running--;
    give(sequence);
  }
}

async function embed(body: any, response: ServerResponse): Promise<void> {
  embeddings ??= await model.createEmbeddingContext({ threads: 1, contextSize: 256 });
  const inputs: string[] = Array.isArray(body.input) ? body.input : [body.input];
  const data = [];
  for (const [index, input] of inputs.entries()) {
    const { vector } = await embeddings.getEmbeddingFor(input);
    data.push({ object: "embedding", index, embedding: [...vector] });
  }
  json(response, { object: "list", model: body.model, data });
}

function take(): Promise<unknown> {
  const sequence = free.pop();
  return sequence === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(sequence);
}

function give(sequence: unknown): void {
  const next = waiting.shift();
  if (next === undefined) free.push(sequence);
  else next(sequence);
}

function historyItem({ role, text }: { role: string; text: string }): object {
  return role === "assistant" ? { type: "model", response: [text] } : { type: role, text };
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return (content as { text?: string }[]).map((part) => part.text ?? "").join("");
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
