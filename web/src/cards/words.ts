import type { FallbackUse } from "../../../src/protocol/values.ts";
import type { NodeState, RunInfo } from "../../../src/protocol/view.ts";
import { count, duration, elapsed } from "./time.ts";

/** What the strip under a card's head says; a card with nothing to say has none. */
export interface Strip {
  readonly tone: "run" | "stale" | "bad" | "wait" | "plain";
  readonly title: string;
  readonly detail: string;
  /** `app.ts:41`. */
  readonly place?: string;
  /** The whole message, where the strip is too narrow for it. */
  readonly message?: string;
  readonly hint?: string;
}

export function strip(state: NodeState, now: number): Strip | null {
  if (state.willRetryInMs !== undefined && state.status !== "done") {
    return {
      tone: "stale",
      title: "Tries again",
      detail: `in ${duration(state.willRetryInMs)}${state.attempt === undefined ? "" : `, attempt ${state.attempt + 1}`}`,
    };
  }
  switch (state.status) {
    case "running":
      return { tone: "run", title: state.progress?.text ?? "Running", detail: runningWords(state, now) };
    case "queued":
      return { tone: "plain", title: "Queued", detail: queueWords(state) };
    case "waiting":
      return { tone: "wait", title: "Waiting for you", detail: waitingWords(state) };
    case "stale":
      return { tone: "stale", title: "Stale", detail: state.reason ?? "" };
    case "interrupted":
      return {
        tone: "stale",
        title: "Interrupted",
        detail: state.reason ?? "the server stopped while it ran",
      };
    case "blocked":
      return { tone: "plain", title: "Blocked", detail: blockedWords(state) };
    case "failed":
      return failedStrip(state);
    default:
      if (state.fallback !== undefined && state.fallback.failed.length > 0)
        return fallbackStrip(state.fallback);
      return state.busyMs === undefined
        ? null
        : {
            tone: "stale",
            title: `Busy for ${duration(state.busyMs)}`,
            detail: "worker: true would keep the page alive",
          };
  }
}

/** What a later variant made counts like any result, and says so. */
function fallbackStrip({ variant, failed }: FallbackUse): Strip {
  const reasons = failed.map((each) => `${each.variant} failed: ${each.error.message}`);
  return {
    tone: "plain",
    title: `Made by ${variant}`,
    detail: reasons.join("; "),
    message: reasons.join("\n"),
  };
}

function runningWords(state: NodeState, now: number): string {
  const parts: string[] = [];
  if (state.items !== undefined && state.items.total > 0)
    parts.push(`${state.items.done} of ${state.items.total}`);
  if (state.startedAt !== undefined) parts.push(elapsed(now - state.startedAt));
  if (state.usualMs !== undefined) parts.push(`usually ${duration(state.usualMs)}`);
  const by = state.fallback;
  if (by !== undefined && by.failed.length > 0) parts.push(`by ${by.variant}`);
  else if (state.attempt !== undefined && state.attempt > 1) parts.push(`attempt ${state.attempt}`);
  return parts.join(", ");
}

function waitingWords({ ask, items }: NodeState): string {
  if (ask === undefined || items === undefined || items.total === 0) return "";
  return `${ask.total} of ${items.total} to answer`;
}

function queueWords({ queue }: NodeState): string {
  if (queue === undefined) return "";
  const parts = [
    queue.position === undefined
      ? `waits for ${queue.waitsFor}`
      : `place ${queue.position} in ${queue.waitsFor}`,
  ];
  if (queue.etaMs !== undefined) parts.push(`about ${duration(queue.etaMs)}`);
  return parts.join(", ");
}

function blockedWords(state: NodeState): string {
  if (state.blockedBy === undefined) return state.reason ?? "";
  return state.reason === undefined || state.reason === ""
    ? `by ${state.blockedBy}`
    : `by ${state.blockedBy}: ${state.reason}`;
}

function failedStrip(state: NodeState): Strip {
  const { error, items } = state;
  const message = error?.message.trim().split("\n", 1)[0] ?? state.reason ?? "";
  const isPartial = items !== undefined && items.total > 0 && items.failed > 0;
  const reason = withoutEndpoint(isPartial ? withoutCount(message) : message);
  return {
    tone: "bad",
    title: isPartial ? `${items.failed} of ${items.total} failed` : "Failed",
    detail: isPartial && error?.item !== undefined ? `item ${error.item + 1}: ${reason}` : reason,
    message: error?.message ?? message,
    ...(error?.place === undefined ? {} : { place: error.place }),
    ...(error?.hint === undefined || error.message.includes(error.hint) ? {} : { hint: error.hint }),
  };
}

/** How many failed stands in the title already. */
function withoutCount(message: string): string {
  return message
    .replace(/^Item (\d+) of \d+ failed: /, "item $1: ")
    .replace(/^\d+ of \d+ items failed; /, "");
}

/** Which app failed stands in the card's head: on one line there is room for what it says. */
function withoutEndpoint(message: string): string {
  return message.replace(/^(item \d+: )?'\/[^']*' of \S+ failed: /, "$1");
}

/** The file and the line of a place: a folder leaves no room for the message. */
export function shortPlace(place: string): string {
  return place.slice(Math.max(place.lastIndexOf("/"), place.lastIndexOf("\\")) + 1);
}

/** How a run ended, in a sentence. */
export function endWords(run: RunInfo, tookMs: number): string {
  if (run.status === "done") return `Run done in ${duration(tookMs)}`;
  return `Run ${run.status === "failed" ? "failed" : "stopped"} after ${duration(tookMs)}, ${run.done} of ${count(run.total, "step")} done`;
}

/** A refusal's sentence, and its hint where that says more. */
export function refusalWords(message: string, hint: string | undefined): string {
  return hint === undefined || message.includes(hint) ? message : `${message} ${hint}`;
}

/** The small text beside the run button: how long the shown result took, or that there is none. */
export function headTime(state: NodeState): string {
  if (state.status === "idle") return "not run yet";
  if (state.status === "running" || state.status === "queued") return "";
  if (state.result?.edited === true) return "";
  return state.durationMs === undefined ? "" : duration(state.durationMs);
}

/** The state in one or two words, for lists, tooltips and screen readers. */
export function statusWord(state: NodeState): string {
  const words: Record<NodeState["status"], string> = {
    idle: "not run yet",
    stale: "stale",
    queued: "queued",
    running: "running",
    waiting: "waiting for you",
    done: "done",
    reused: "done, reused",
    failed: "failed",
    blocked: "blocked",
    interrupted: "interrupted",
  };
  return words[state.status];
}

/** Whether a run of what is stale would touch it. */
export function isOutOfDate(state: NodeState): boolean {
  return (
    state.status !== "done" &&
    state.status !== "reused" &&
    state.status !== "running" &&
    state.status !== "queued" &&
    state.status !== "waiting"
  );
}
