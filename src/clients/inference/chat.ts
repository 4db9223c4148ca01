import type { InferenceClient } from "@huggingface/inference";
import { clientError } from "../client-errors.ts";
import type { Conversation } from "./messages.ts";
import type { Transport } from "./transport.ts";

/** A call of a tool that the model asks for. */
export interface ToolCall {
  id: string;
  name: string;
  /** Parsed; the text itself where it is no JSON. */
  arguments: unknown;
}

export interface ChatResult {
  readonly text: string;
  /** The conversation with the answer: the next turn's `messages`. */
  readonly messages: readonly unknown[];
  /** The answer as JSON, where it is some: for `response_format`. */
  readonly json: unknown;
  /** What the model thought before it answered, where it tells. */
  readonly reasoning: string;
  readonly toolCalls: readonly ToolCall[];
  /** `stop`, `length`, `tool_calls`, …; empty until it has ended. */
  readonly finishReason: string;
  readonly usage: unknown;
}

type Arguments = Parameters<InferenceClient["chatCompletionStream"]>[0];
type Options = NonNullable<Parameters<InferenceClient["chatCompletionStream"]>[1]>;

/** What is read of a piece of the stream; providers add their own. */
interface Piece {
  readonly choices?: readonly {
    readonly delta?: {
      readonly content?: string | null;
      readonly reasoning?: string | null;
      readonly reasoning_content?: string | null;
      readonly tool_calls?: readonly {
        readonly index?: number;
        readonly id?: string;
        readonly function?: { readonly name?: string; readonly arguments?: string };
      }[];
    };
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: unknown;
}

/** Asks a chat model and tells the answer as it grows. Leaving early hangs up, which stops the generation. */
export async function chat(
  client: InferenceClient,
  request: Readonly<Record<string, unknown>>,
  { wire, shown }: Conversation,
  options: Options & { signal: AbortSignal },
  transport: Transport,
  onPartial: (result: ChatResult) => void,
): Promise<ChatResult> {
  const hangUp = new AbortController();
  const answer = new Answer(shown);
  try {
    const stream = client.chatCompletionStream({ ...request, messages: wire } as unknown as Arguments, {
      ...options,
      signal: AbortSignal.any([options.signal, hangUp.signal]),
    });
    for await (const piece of stream as AsyncIterable<unknown>) {
      if (answer.add(piece as Piece)) onPartial(answer.result());
    }
  } finally {
    hangUp.abort();
  }
  if (answer.finishReason === null && !transport.isDone) {
    throw clientError(
      "INFERENCE_DROPPED",
      `The answer broke off${answer.isEmpty ? " before its first word" : " in the middle"}: the stream ended without saying that it is complete.`,
    );
  }
  return answer.result();
}

/** An answer while it is put together. */
class Answer {
  readonly #before: readonly unknown[];
  #text = "";
  #reasoning = "";
  readonly #calls: { id: string; name: string; text: string }[] = [];
  #usage: unknown = null;
  finishReason: string | null = null;

  constructor(before: readonly unknown[]) {
    this.#before = before;
  }

  get isEmpty(): boolean {
    return this.#text === "" && this.#reasoning === "" && this.#calls.length === 0;
  }

  /** Whether there is more to show than before. */
  add(piece: Piece): boolean {
    if (piece.usage !== undefined && piece.usage !== null) this.#usage = piece.usage;
    const choice = piece.choices?.[0];
    if (choice === undefined) return false;
    if (choice.finish_reason) this.finishReason = choice.finish_reason;
    const { content, reasoning, reasoning_content: thought, tool_calls: calls } = choice.delta ?? {};
    this.#text += content ?? "";
    this.#reasoning += reasoning ?? thought ?? "";
    for (const call of calls ?? []) {
      // Where there is no index, a new id begins a new call.
      const index = call.index ?? Math.max(0, this.#calls.length - (call.id === undefined ? 1 : 0));
      this.#calls[index] ??= { id: "", name: "", text: "" };
      const known = this.#calls[index];
      known.id ||= call.id ?? "";
      known.name += call.function?.name ?? "";
      known.text += call.function?.arguments ?? "";
    }
    return Boolean(content || reasoning || thought);
  }

  result(): ChatResult {
    const calls = this.#calls.filter((call) => call !== undefined);
    const answer = {
      role: "assistant",
      content: this.#text,
      ...(calls.length === 0
        ? {}
        : {
            tool_calls: calls.map(({ id, name, text }) => ({
              id,
              type: "function",
              function: { name, arguments: text },
            })),
          }),
    };
    return {
      text: this.#text,
      messages: [...this.#before, answer],
      json: this.finishReason === null ? null : jsonIn(this.#text),
      reasoning: this.#reasoning,
      toolCalls: calls.map(({ id, name, text }) => ({ id, name, arguments: parsed(text) })),
      finishReason: this.finishReason ?? "",
      usage: this.#usage,
    };
  }
}

function parsed(text: string): unknown {
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    return text;
  }
}

/** The JSON that a text is, or that stands in its only block of code; else `null`. */
function jsonIn(text: string): unknown {
  const block = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?```\s*$/.exec(text)?.[1] ?? text;
  if (!/^\s*[[{"\d\-tfn]/.test(block)) return null;
  try {
    return JSON.parse(block);
  } catch {
    return null;
  }
}
