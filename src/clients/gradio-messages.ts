import { createParser } from "eventsource-parser";
import { z } from "zod";
import { clientError, excerpt } from "./client-errors.ts";
import type { GradioUpdate } from "./gradio-types.ts";
import { readChunks } from "./http.ts";

const number = z.number().nullish();
const text = z.string().nullish();

const messageSchema = z.looseObject({
  msg: z.string(),
  event_id: text,
  success: z.boolean().nullish(),
  output: z.record(z.string(), z.unknown()).nullish(),
  title: text,
  message: text,
  session_not_found: z.boolean().nullish(),
  rank: number,
  queue_size: number,
  rank_eta: number,
  progress_data: z
    .array(z.looseObject({ index: number, length: number, unit: text, progress: number, desc: text }))
    .nullish(),
  log: z.unknown().optional(),
  level: text,
});

/** A line of an app's event stream. Unknown kinds are passed on, to be ignored. */
export type Message = z.infer<typeof messageSchema>;

/** The messages of an event stream; throws `GRADIO_IDLE` after `idleMs` of silence. Leaving the loop hangs up. */
export async function* readMessages(response: Response, idleMs: number): AsyncGenerator<Message> {
  const decoder = new TextDecoder();
  const arrived: Message[] = [];
  const parser = createParser({ onEvent: (event) => arrived.push(parseMessage(event.data)) });
  for await (const chunk of readChunks(response, idleMs)) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* arrived.splice(0);
  }
}

function parseMessage(data: string): Message {
  try {
    return messageSchema.parse(JSON.parse(data));
  } catch (error) {
    throw clientError("GRADIO_PROTOCOL", `The app sent a message that cannot be read: ${excerpt(data, 80)}`, {
      cause: error,
    });
  }
}

/** What a message tells besides results; `undefined` for results and for what is not for people. */
export function toUpdate(message: Message): GradioUpdate | undefined {
  switch (message.msg) {
    case "estimation": {
      const { rank, queue_size, rank_eta } = message;
      const eta = typeof rank_eta === "number" ? { etaMs: Math.round(rank_eta * 1000) } : {};
      return { type: "queue", position: rank ?? 0, size: queue_size ?? 0, ...eta };
    }
    case "process_starts":
      return { type: "started" };
    case "progress":
      return toProgress(message.progress_data?.[0]);
    case "log": {
      const said = typeof message.log === "string" ? message.log : JSON.stringify(message.log ?? "");
      const level = message.level === "warning" || message.level === "error" ? message.level : "info";
      const isPlain =
        !message.title || ["info", "warning", "success", "error"].includes(message.title.toLowerCase());
      return { type: "log", level, text: isPlain ? said : `${message.title}: ${said}` };
    }
    default:
      return undefined;
  }
}

function toProgress(
  unit: NonNullable<Message["progress_data"]>[number] | undefined,
): GradioUpdate | undefined {
  if (unit === undefined) return undefined;
  const { index, length, progress, desc, unit: name } = unit;
  const counted = typeof index === "number" && typeof length === "number" && length > 0;
  const value = typeof progress === "number" ? progress : counted ? index / length : null;
  const count =
    typeof index === "number" ? `${index}${counted ? `/${length}` : ""} ${name ?? ""}`.trim() : "";
  const words = [desc ?? "", count].filter((part) => part !== "").join(" ");
  return {
    type: "progress",
    value: value === null ? null : Math.min(1, Math.max(0, value)),
    ...(words === "" ? {} : { text: words }),
  };
}
