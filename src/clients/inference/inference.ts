import type { InferenceClient } from "@huggingface/inference";
import { type FileStore, isFileRef } from "../../base/files.ts";
import { hashText } from "../../base/json.ts";
import { clientError } from "../client-errors.ts";
import { hubToken } from "../tokens.ts";
import { type ChatResult, chat } from "./chat.ts";
import { embed } from "./embeddings.ts";
import { type Called, inferenceError, isNotServed } from "./errors.ts";
import { conversationOf } from "./messages.ts";
import { findModel, type ModelInfo } from "./model-info.ts";
import { noProvider, type Route, routeOf } from "./providers.ts";
import { type InferenceTask, isChat, type Slot, type SortedInputs, sortInputs, specOf } from "./tasks.ts";
import { MENDS, type Results, runTask } from "./tasks-run.ts";
import { Transport } from "./transport.ts";
import type { CallFiles } from "./values.ts";

export { modelCommit } from "./model-info.ts";
export { isServing } from "./serving.ts";

/** Which model is called, where and on whose behalf. */
export interface ModelOptions {
  /** `owner/name`, without a provider. */
  readonly model: string;
  readonly provider?: string | undefined;
  readonly endpointUrl?: string | undefined;
  readonly task?: InferenceTask | undefined;
  /** What the script itself gave. Only this may be a provider's own key. */
  readonly ownToken?: string | false | undefined;
  /** Of whoever the step runs for; absent: this machine's. */
  readonly callerToken?: string | false | undefined;
  readonly billTo?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  /** Chat models count what they used only when asked. */
  readonly wantsUsage?: boolean;
}

export interface CallContext {
  readonly files: FileStore;
  readonly trusted: ReadonlySet<string>;
  readonly signal: AbortSignal;
  onPartial(outcome: CallOutcome): void;
  warn(text: string): void;
}

export interface CallOutcome {
  readonly task: InferenceTask;
  readonly results: Results;
}

/** Somewhere to call, with what is needed to. */
interface Target {
  readonly route: Route;
  readonly token: string | undefined;
  readonly called: Called;
  readonly transport: Transport;
  readonly base: Readonly<Record<string, unknown>>;
}

/** Only these belong to the Hub itself. */
const HUB_ENDPOINTS = /\.endpoints\.huggingface\.cloud$/;

/** The provider that no account of the Hub pays for, and whose models are not on the Hub. */
const OWN_KEY_ONLY = "openai";

const isHubToken = (token: string | undefined): boolean => token?.startsWith("hf_") === true;

/** Calls a model. Throws errors of `docs/errors.md`; an abort as its reason. */
export async function callModel(
  options: ModelOptions,
  inputs: Readonly<Record<string, unknown>>,
  context: CallContext,
): Promise<CallOutcome> {
  const target = options.endpointUrl === undefined ? await hubTarget(options) : await endpointTarget(options);
  const { route, called, transport } = target;
  const sorted = sortInputs(specOf(route.task), { ...options.parameters, ...inputs }, fits(context));
  try {
    const results = await transport.run(() => callRoute(target, options, sorted, context));
    return { task: route.task, results };
  } catch (thrown) {
    context.signal.throwIfAborted();
    if (called.info !== undefined && isNotServed(thrown))
      throw noProvider(called.info, route.task, called.provider);
    const error = inferenceError(thrown, called, transport);
    const wait = transport.failure?.retryAfterMs;
    if (wait !== undefined) waits.set(error, wait);
    throw error;
  }
}

const waits = new WeakMap<object, number>();

/** How long the other side asked to be left alone, in milliseconds. */
export function waitOf(error: object): number | undefined {
  return waits.get(error);
}

async function callRoute(
  { route, token, transport, base, called }: Target,
  options: ModelOptions,
  sorted: SortedInputs,
  context: CallContext,
): Promise<Results> {
  const { InferenceClient: Client } = await import("@huggingface/inference");
  const client: InferenceClient = new Client(token);
  const { signal } = context;
  const request = {
    fetch: transport.fetch,
    retry_on_error: false,
    signal,
    ...(options.billTo === undefined ? {} : { billTo: options.billTo }),
  };
  if (route.way === "chat") {
    const conversation = await conversationOf(withQuestion(sorted), context);
    const counted = options.wantsUsage === true ? { stream_options: { include_usage: true } } : {};
    const body = { ...base, ...counted, ...chatParameters(sorted.parameters) };
    const result = await chat(client, body, conversation, request, transport, (partial) =>
      context.onPartial({ task: route.task, results: asTask(route.task, partial) }),
    );
    if (result.finishReason === "length")
      context.warn("The answer ends where the model had to stop: give a larger max_tokens to have more.");
    return asTask(route.task, result);
  }
  if (route.way === "completion") return complete(client, base, request, sorted, context);
  if (
    route.task === "feature-extraction" &&
    called.endpoint !== undefined &&
    /\/(v1|embeddings)\/?$/.test(called.endpoint.pathname)
  )
    return embed(called.endpoint, options.model, token, sorted, transport, signal);
  const { files, trusted } = context;
  return runTask(route.task, sorted, { client, base, options: request, files, trusted, signal });
}

/** What is asked about a picture is the prompt of a chat. */
function withQuestion(sorted: SortedInputs): SortedInputs {
  const { question, ...slots } = sorted.slots;
  return question === undefined ? sorted : { ...sorted, slots: { ...slots, prompt: question } };
}

/** Tasks that a chat model does give their own results. */
function asTask(task: InferenceTask, result: ChatResult): Results {
  if (isChat(task)) return { ...result };
  return task === "image-to-text" ? { text: result.text } : { answer: result.text, score: null };
}

/** The name that text generation had before. */
function chatParameters(parameters: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { max_new_tokens, ...rest } = parameters;
  return max_new_tokens === undefined ? rest : { max_tokens: max_new_tokens, ...rest };
}

/** A model that only continues texts. */
async function complete(
  client: InferenceClient,
  base: Readonly<Record<string, unknown>>,
  options: object,
  { slots, parameters }: SortedInputs,
  context: CallFiles,
): Promise<Results> {
  const conversation = await conversationOf({ slots, parameters }, context);
  const prompt = conversation.wire
    .map(({ content }) => (typeof content === "string" ? content : ""))
    .join("\n");
  const { max_tokens, ...rest } = parameters;
  const given = max_tokens === undefined ? rest : { max_new_tokens: max_tokens, ...rest };
  const args = { ...base, inputs: prompt, ...(Object.keys(given).length === 0 ? {} : { parameters: given }) };
  const { generated_text: text } = await client.textGeneration(args as never, options);
  const messages = [...conversation.shown, { role: "assistant", content: text }];
  return { text, messages, json: null, reasoning: "", toolCalls: [], finishReason: "", usage: null };
}

/** Whether a value can stand for the main input under a name of the user's own. */
function fits({ trusted }: CallContext): (value: unknown, slot: Slot, port: string) => boolean {
  return (value, { kind }, port) => {
    if (kind === "text") return typeof value === "string";
    if (kind === "image" || kind === "audio")
      return (
        isFileRef(value) || (typeof value === "string" && (trusted.has(port) || value.startsWith("data:")))
      );
    return typeof value === "object";
  };
}

async function hubTarget(options: ModelOptions): Promise<Target> {
  const { model, provider, task } = options;
  const token = await hubToken(options.ownToken ?? options.callerToken);
  const isOwnKey = typeof options.ownToken === "string" && !isHubToken(token);
  if (token === undefined) {
    throw clientError(
      "INFERENCE_TOKEN",
      `Model '${model}' is called on behalf of an account, and there is no token. Set HF_TOKEN or log in, with a token that has the permission 'Make calls to Inference Providers' (https://huggingface.co/settings/tokens); or give endpointUrl, for a server of your own.`,
    );
  }
  // Anything else that is no token of the Hub would go to a provider as its key.
  if (!isHubToken(token) && !isOwnKey)
    throw clientError(
      "INFERENCE_TOKEN",
      "The token of this machine is none of Hugging Face: those begin with 'hf_'. A provider's own key is given as the node's token.",
    );
  if (isOwnKey && provider === undefined) {
    throw clientError(
      "INFERENCE_TOKEN",
      `The token of the node is no token of Hugging Face ('hf_…'). If it is a provider's own key, say whose: provider: "…", or '${model}:provider'.`,
    );
  }
  const label = `'${model}'${provider === undefined ? "" : ` by '${provider}'`}`;
  if (provider === OWN_KEY_ONLY) {
    const route: Route = { way: "chat", task: "text-generation", model, provider };
    const called = { label, provider, hasToken: true, hasOwnKey: isOwnKey };
    return {
      route,
      token,
      called,
      transport: new Transport({ headers: options.headers ?? {} }),
      base: { model, provider },
    };
  }
  const info = await findModel(model, {
    token: isOwnKey ? options.callerToken : (options.ownToken ?? options.callerToken),
  });
  const route = routeOf(info, { task, provider });
  const called = {
    label,
    info,
    hasToken: true,
    hasOwnKey: isOwnKey,
    ...(route.provider === undefined ? {} : { provider: route.provider }),
  };
  const transport = new Transport({
    headers: options.headers ?? {},
    mapping: mappingOf(info),
    mend: MENDS[route.task],
  });
  return {
    route,
    token,
    called,
    transport,
    base: { ...named(route, info), ...(route.provider === undefined ? {} : { provider: route.provider }) },
  };
}

/** As the Hub has it, which the client asks for by itself. */
function mappingOf(info: ModelInfo): readonly unknown[] {
  return info.providers.map((entry) => ({ ...entry, hfModelId: info.id }));
}

/**
 * The client remembers for ever who serves a model, by its name. With a provider it sends the provider's name for the
 * model and never this one, so that it can carry what the Hub says now.
 */
function named(route: Route, info: ModelInfo): { model: string } {
  if (route.provider === undefined) return { model: route.model };
  return { model: `${route.model}#${hashText(JSON.stringify(info.providers)).slice(0, 8)}` };
}

async function endpointTarget(options: ModelOptions): Promise<Target> {
  const endpoint = new URL(options.endpointUrl ?? "");
  const isOfHub = endpoint.protocol === "https:" && HUB_ENDPOINTS.test(endpoint.hostname);
  const token =
    typeof options.ownToken === "string"
      ? await hubToken(options.ownToken)
      : isOfHub && options.ownToken !== false
        ? await hubToken(options.callerToken)
        : undefined;
  const task = options.task ?? "text-generation";
  const { model } = options;
  const called = {
    label: `'${model}' at ${endpoint.origin}`,
    endpoint,
    hasToken: token !== undefined,
    hasOwnKey: true,
  };
  const way = isChat(task) ? "chat" : "task";
  const route = { way, task, model, provider: "" } as Route;
  const transport = new Transport({ headers: options.headers ?? {}, mend: MENDS[task] });
  return { route, token, called, transport, base: { model, endpointUrl: endpoint.href } };
}
