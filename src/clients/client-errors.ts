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
export function tokenRefused(): DaggrError {
  return clientError(
    "TOKEN_REFUSED",
    "Hugging Face does not accept the token: it is expired, revoked or mistyped. Make a new one at https://huggingface.co/settings/tokens and set HF_TOKEN, or log in again.",
  );
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
