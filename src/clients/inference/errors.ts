import type { InferenceClientProviderApiError } from "@huggingface/inference";
import { DaggrError } from "../../base/errors.ts";
import { clientError, excerpt, inWords, networkReason, tokenRefused, unreachable } from "../client-errors.ts";
import type { ModelInfo } from "./model-info.ts";
import type { Transport } from "./transport.ts";

/** Longer than this nobody waits for a turn: the error says when to come back. */
const LONGEST_WAIT_MS = 300_000;

/** About what a call went wrong. */
export interface Called {
  /** `'org/name'`, or `'llama3.2' at http://localhost:11434`. */
  readonly label: string;
  readonly info?: ModelInfo;
  readonly provider?: string;
  /** An endpoint of one's own: the Hub has no part in it. */
  readonly endpoint?: URL;
  readonly hasToken: boolean;
  readonly hasOwnKey: boolean;
}

/** Whatever the client threw, in words that say what to do. */
export function inferenceError(thrown: unknown, called: Called, transport: Transport): DaggrError {
  if (thrown instanceof DaggrError) return thrown;
  const name = (thrown as Error)?.name;
  const response = (thrown as Partial<InferenceClientProviderApiError>)?.httpResponse;
  if (response !== undefined && response.status >= 400) {
    const said =
      sayings(response.body) || sayings(transport.failure?.body) || transport.failure?.message || "";
    return httpError(response.status, said, called, transport);
  }
  // In the middle of a stream the status was fine, but what came is an error.
  if (response !== undefined) {
    const said = sayings(response.body);
    const { message } = thrown as Error;
    const type = /content type, it returned ([\w.+-]+\/[\w.+-]+)/.exec(message)?.[1];
    if (type !== undefined) return clientError("INFERENCE_ANSWER", noModel(called, type));
    if (said === "" || /content type/.test(message)) return answerError(called, message);
    return clientError("INFERENCE_FAILED", `${called.label} failed while it answered: ${excerpt(said, 400)}`);
  }
  if (name === "InputError" || name === "RoutingError")
    return clientError(
      "INFERENCE_REFUSED",
      `${called.label} cannot be called so: ${excerpt((thrown as Error).message.replace(/#[0-9a-f]{8}\b/, ""), 400)}`,
    );
  if (name === "ProviderOutputError") return answerError(called, (thrown as Error).message);
  if (thrown instanceof SyntaxError) return answerError(called, thrown.message);
  return networkError(thrown, called);
}

/** A page where an answer was expected. */
function noModel({ label, endpoint }: Called, type: string): string {
  const advice =
    endpoint === undefined
      ? "A network may ask for a login first, or HF_INFERENCE_ENDPOINT names something else."
      : `Is ${endpoint.href} the address of a server that speaks OpenAI's protocol? Often it ends with /v1.`;
  return `${label} answers with ${type}, which no model does. ${advice}`;
}

function answerError({ label }: Called, why: string): DaggrError {
  return clientError("INFERENCE_ANSWER", `What ${label} answered cannot be read: ${excerpt(why, 300)}`);
}

function networkError(thrown: unknown, { label, endpoint }: Called): DaggrError {
  const reason = networkReason(thrown);
  // What is being worked on there would be worked on twice.
  if (/HEADERS_TIMEOUT|BODY_TIMEOUT/.test(reason))
    return clientError("INFERENCE_FAILED", `${label} has sent nothing for five minutes.`, { cause: thrown });
  if (/ECONNRESET|EPIPE|SOCKET|terminated|other side closed/i.test(reason))
    return clientError(
      "INFERENCE_DROPPED",
      `The connection to ${label} was lost before the end: ${inWords(reason)}.`,
      {
        cause: thrown,
      },
    );
  const advice =
    endpoint !== undefined && /ECONNREFUSED/.test(reason)
      ? ` Is the server at ${endpoint.origin} running?`
      : undefined;
  return clientError("INFERENCE_UNREACHABLE", unreachable(label, thrown, advice), { cause: thrown });
}

/** What a server says in an error, in each of the shapes there are. */
function sayings(body: unknown): string {
  if (typeof body === "string") return body;
  if (typeof body !== "object" || body === null) return "";
  const { error, detail, message, errors } = body as Record<string, unknown>;
  for (const said of [error, detail, message, errors]) {
    if (typeof said === "string" && said !== "") return said;
    if (Array.isArray(said) && said.length > 0)
      return said
        .map((each) => (typeof each === "string" ? each : sayings(each) || JSON.stringify(each)))
        .join("; ");
    if (typeof said === "object" && said !== null) {
      const inner = (said as { message?: unknown; msg?: unknown }).message ?? (said as { msg?: unknown }).msg;
      return typeof inner === "string" ? inner : JSON.stringify(said);
    }
  }
  const { msg } = body as { msg?: unknown };
  return typeof msg === "string" ? msg : "";
}

function httpError(status: number, saying: string, called: Called, transport: Transport): DaggrError {
  const { label, endpoint, info } = called;
  const said = saying === "" ? "" : ` It says: ${excerpt(saying, 400)}`;
  const isGated = info?.isGated === true || transport.failure?.code === "GatedRepo" || /gated/i.test(saying);
  switch (status) {
    case 401:
      if (endpoint === undefined && !called.hasOwnKey) return tokenRefused();
      return clientError(
        "INFERENCE_TOKEN",
        `${label} ${called.hasToken ? "does not accept the token" : "asks for a token"} (HTTP 401). Give it as the node's token.${said}`,
      );
    case 402:
      return clientError(
        "INFERENCE_CREDITS",
        `The account has no credits left for ${label} (HTTP 402). See https://huggingface.co/settings/billing, let an organisation pay with billTo, or use the provider's own key as the node's token.${said}`,
      );
    case 403:
      if (endpoint === undefined && isGated && info !== undefined)
        return clientError(
          "MODEL_GATED",
          `Model '${info.id}' is gated: its conditions must be accepted first, with the account of this token, at https://huggingface.co/${info.id}.${said}`,
        );
      return clientError(
        "INFERENCE_PERMISSION",
        endpoint === undefined && !called.hasOwnKey
          ? `The token may not call ${label} (HTTP 403). At https://huggingface.co/settings/tokens it needs the permission 'Make calls to Inference Providers'; with billTo, membership in that organisation.${said}`
          : `${label} refuses the call (HTTP 403).${said}`,
      );
    case 404:
      return clientError(
        "INFERENCE_REFUSED",
        endpoint === undefined
          ? `${label} is not known there (HTTP 404).${said}`
          : `${label} is not there: no such model, or no such task (HTTP 404).${said}`,
      );
    case 429: {
      const wait = transport.failure?.retryAfterMs;
      const when = wait === undefined ? "" : ` Again in ${Math.ceil(wait / 1000)} s.`;
      const sentence = `Too many calls of ${label} (HTTP 429).${when}${said}`;
      if (wait !== undefined && wait > LONGEST_WAIT_MS) return clientError("INFERENCE_REFUSED", sentence);
      return clientError("INFERENCE_RATE_LIMIT", sentence);
    }
    case 502:
    case 503:
      return clientError("INFERENCE_BUSY", `${label} is not ready or overloaded (HTTP ${status}).${said}`);
    default:
      return status < 500
        ? clientError("INFERENCE_REFUSED", `${label} refuses the call (HTTP ${status}).${said}`)
        : clientError("INFERENCE_FAILED", `${label} failed (HTTP ${status}).${said}`);
  }
}

/** The router's own word for a model that none of the enabled providers serves. */
export function isNotServed(thrown: unknown): boolean {
  const text = JSON.stringify((thrown as Partial<InferenceClientProviderApiError>)?.httpResponse?.body ?? "");
  return /model_not_supported|not supported by (any|provider)/i.test(text);
}
