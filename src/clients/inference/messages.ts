import { DaggrError } from "../../base/errors.ts";
import { type FileRef, isFileRef } from "../../base/files.ts";
import type { SortedInputs } from "./tasks.ts";
import { addressOf, base64, blobOf, type CallFiles, textOf, wrongValue } from "./values.ts";

type Json = unknown;
type Part = Readonly<Record<string, Json>>;

/** A message as chat models take it. */
export interface WireMessage {
  readonly role: string;
  readonly content: string | readonly Part[] | null;
  readonly [more: string]: Json;
}

/** A message as a conversation is shown and kept. */
export interface Message {
  readonly role: string;
  readonly content: unknown;
  readonly files?: readonly unknown[];
  readonly [more: string]: unknown;
}

export interface Conversation {
  /** What the model is asked. */
  readonly wire: readonly WireMessage[];
  /** The same as it goes on with the answer, without the system prompt. */
  readonly shown: readonly Message[];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The conversation that the inputs make: system prompt, history, then the prompt with what is shown to the model. */
export async function conversationOf({ slots }: SortedInputs, context: CallFiles): Promise<Conversation> {
  const wire: WireMessage[] = [];
  const { prompt, messages, system, image, audio } = slots;
  const history = messages === undefined ? [] : historyOf(messages.value, messages.port);
  if (system !== undefined) wire.push({ role: "system", content: textOf(system.value, system.port) });
  for (const message of history) wire.push(await wireMessage(message, messages!.port, context));
  const shown = [...history];
  const pictures = image === undefined ? [] : picturesOf(image.value);
  const files = [...pictures, ...(audio === undefined ? [] : [audio.value])];
  if (prompt !== undefined || files.length > 0) {
    const text = prompt === undefined ? "" : textOf(prompt.value, prompt.port);
    const parts: Part[] = text === "" ? [] : [{ type: "text", text }];
    for (const picture of pictures)
      parts.push({ type: "image_url", image_url: { url: await addressOf(picture, image!.port, context) } });
    if (audio !== undefined) parts.push(await audioPart(audio.value, audio.port, context));
    wire.push({ role: "user", content: files.length === 0 ? text : parts });
    const kept = files.filter(isFileRef);
    shown.push({ role: "user", content: text, ...(kept.length === 0 ? {} : { files: kept }) });
  }
  if (shown.length === 0)
    throw new DaggrError(
      "MISSING_INPUT",
      "A chat needs a value for 'prompt' (a text) or 'messages' (a list).",
      {
        port: "prompt",
      },
    );
  return { wire, shown };
}

/** One picture, several, or those of a gallery. */
function picturesOf(value: unknown): unknown[] {
  const list = Array.isArray(value) ? value : [value];
  return list.map((item) => (isRecord(item) && !isFileRef(item) && "image" in item ? item["image"] : item));
}

function historyOf(value: unknown, port: string): Message[] {
  if (typeof value === "string") return value === "" ? [] : [{ role: "user", content: value }];
  if (!Array.isArray(value)) throw wrongValue(port, "a list of { role, content } messages", value);
  return value.flatMap((item): Message[] => {
    // Gradio's older format: [user, assistant].
    if (Array.isArray(item) && item.length === 2) {
      const sides: Message[] = [
        { role: "user", content: item[0] },
        { role: "assistant", content: item[1] },
      ];
      return sides.filter((side) => side.content !== null);
    }
    if (!isRecord(item) || typeof item["role"] !== "string")
      throw wrongValue(port, "a list of { role, content } messages", item);
    // What an assistant thought aloud was no answer.
    return isRecord(item["metadata"]) && item["metadata"]["title"] !== undefined ? [] : [item as Message];
  });
}

/** Only what models know goes to them; tool calls and their results as they are. */
async function wireMessage(message: Message, port: string, context: CallFiles): Promise<WireMessage> {
  const { role, content, files = [] } = message;
  const more = Object.fromEntries(
    ["name", "tool_calls", "tool_call_id"].flatMap((key) =>
      message[key] === undefined ? [] : [[key, message[key]]],
    ),
  );
  if (files.length === 0 && (typeof content === "string" || content === null || content === undefined))
    return { role, content: content ?? null, ...more };
  const given =
    content === undefined || content === null || content === ""
      ? []
      : Array.isArray(content)
        ? content
        : [content];
  const parts = await Promise.all([...given, ...files].map((part) => partOf(part, port, context)));
  return { role, content: parts, ...more };
}

async function partOf(part: unknown, port: string, context: CallFiles): Promise<Part> {
  if (typeof part === "string") return { type: "text", text: part };
  if (isFileRef(part)) return filePart(part, port, context);
  if (!isRecord(part)) throw wrongValue(port, "messages of text and files", part);
  // Gradio's own: { file: … } or { path: … } beside texts.
  const file = part["file"] ?? part["path"] ?? part["image"];
  if (isFileRef(file)) return filePart(file, port, context);
  const address = isRecord(part["image_url"]) ? part["image_url"]["url"] : part["image_url"];
  if (isFileRef(address)) return filePart(address, port, context);
  return part;
}

async function filePart(file: FileRef, port: string, context: CallFiles): Promise<Part> {
  if (file.mime.startsWith("image/"))
    return { type: "image_url", image_url: { url: await addressOf(file, port, context) } };
  if (file.mime.startsWith("audio/")) return audioPart(file, port, context);
  if (file.mime.startsWith("video/"))
    return { type: "video_url", video_url: { url: await addressOf(file, port, context) } };
  throw wrongValue(port, "messages with pictures, sounds and videos only", file.name);
}

async function audioPart(value: unknown, port: string, context: CallFiles): Promise<Part> {
  const blob = await blobOf(value, port, context);
  const format =
    blob.type.includes("mpeg") || blob.type.includes("mp3") ? "mp3" : blob.type.replace(/^audio\/(x-)?/, "");
  return { type: "input_audio", input_audio: { data: await base64(blob), format } };
}
