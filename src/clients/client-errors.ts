import { DaggrError, type ErrorDetails } from "../base/errors.ts";
import { redact } from "../base/redact.ts";

/** Failures of the outside world that the next attempt may not meet. */
const RETRYABLE: ReadonlySet<string> = new Set([
  "GRADIO_UNREACHABLE",
  "GRADIO_APP_ERROR",
  "GRADIO_BUSY",
  "GRADIO_DROPPED",
  "GRADIO_IDLE",
  "GRADIO_HTTP",
  "HUB_UNREACHABLE",
  "HUB_RATE_LIMIT",
  "SPACE_NOT_READY",
  "INFERENCE_RATE_LIMIT",
  "INFERENCE_BUSY",
  "INFERENCE_UNREACHABLE",
  "INFERENCE_DROPPED",
]);

/** Whether trying again can mend it. A wrong name, a refused value or a cancelled call stays what it is. */
export function isRetryable(error: unknown): boolean {
  return error instanceof DaggrError && RETRYABLE.has(error.code);
}

/** An error about something outside: whatever the other side said is in it, so that secrets are taken out. */
export function clientError(code: string, message: string, details: ErrorDetails = {}): DaggrError {
  return new DaggrError(code, redact(message), details);
}

/** What was sent as this person's token is none, or is one no longer. */
export function tokenRefused(said = ""): DaggrError {
  const quote = said === "" ? "" : ` It says: ${said.replace(/\.?$/, ".")}`;
  return clientError(
    "TOKEN_REFUSED",
    `Hugging Face does not accept the token: it is expired, revoked or mistyped.${quote} Make a new one at https://huggingface.co/settings/tokens and set HF_TOKEN, or log in again (daggr login).`,
  );
}

/** Too many requests. The Hub tells when in `retry-after`, or as `t=` of `ratelimit`. */
export function rateLimited(where: string, headers: Headers, advice = ""): DaggrError {
  const told = headers.get("retry-after") ?? /\bt=(\d+)/.exec(headers.get("ratelimit") ?? "")?.[1];
  const seconds = Number(told ?? Number.NaN);
  const when = Number.isFinite(seconds) && seconds > 0 ? `in ${Math.ceil(seconds)} s` : "in some minutes";
  return clientError(
    "HUB_RATE_LIMIT",
    `${where} takes no more requests from you just now (HTTP 429). Try again ${when}${advice === "" ? "." : advice}`,
  );
}

/** Whatever went wrong on the way to the Hub, as that. */
export function hubTrouble(error: unknown, endpoint: string): DaggrError {
  if (!(error instanceof DaggrError))
    return clientError("HUB_UNREACHABLE", unreachable(endpoint, error), { cause: error });
  // What carries every request speaks of Gradio.
  return error.code.startsWith("GRADIO_")
    ? clientError("HUB_UNREACHABLE", error.sentence, { cause: error })
    : error;
}

/** The Hub's own trouble. */
export function hubDown(endpoint: string, status: number): DaggrError {
  return clientError("HUB_UNREACHABLE", `${endpoint} answers with HTTP ${status}. Try again in a while.`);
}

/** What the Hub answered. A network that asks for a login first answers everything with a page of its own. */
export function hubJson(text: string, endpoint: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw clientError(
      "HUB_UNREACHABLE",
      `${endpoint} does not answer as the Hub does: what came is '${excerpt(text, 60)}'. A network may ask for a login first, or HF_ENDPOINT names something else.`,
      { cause },
    );
  }
}

/** What was wanted cannot be reached, why, and what that most often means. */
export function unreachable(what: string, error: unknown, advice?: string): string {
  const reason = networkReason(error);
  return `${what} cannot be reached: ${inWords(reason)}.${advice ?? adviceFor(reason)}`;
}

/** Names of the library that makes requests are no words for people; those of the system everybody can look up. */
export function inWords(reason: string): string {
  if (/SOCKET$/.test(reason)) return "the connection was closed without an answer";
  return /^UND_ERR_.*TIMEOUT$/.test(reason) ? "no answer in time" : reason;
}

function adviceFor(reason: string): string {
  if (reason === "ECONNREFUSED") return " Is it running, and is the port right?";
  if (reason === "ENOTFOUND" || reason === "EAI_AGAIN")
    return " Is the name right, and is this machine on the network?";
  if (/^ERR_SSL_/.test(reason)) return " It does not speak TLS there: try http:// instead of https://.";
  if (/CERT|SELF_SIGNED/.test(reason))
    return " Its certificate is not known here: NODE_EXTRA_CA_CERTS names one of your own.";
  return "";
}

/** What the network said, in a few words: `ECONNREFUSED`, `timed out`, the message. */
export function networkReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "no answer in time";
  const cause = error.cause;
  if (cause instanceof AggregateError) return networkReason(cause.errors[0]);
  if (cause instanceof Error) return (cause as NodeJS.ErrnoException).code ?? cause.message;
  return (error as NodeJS.ErrnoException).code ?? error.message;
}

/** The start of a text from outside, on one line. */
export function excerpt(text: string, length = 200): string {
  const line = text
    .replace(/<(style|script)[\s\S]*?<\/\1>|<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
