import { type FileRef, isFileRef } from "../../../../../src/protocol/values.ts";
import { isRecord } from "../../dom.ts";

export type Part =
  | { readonly sort: "text"; readonly text: string }
  | { readonly sort: "file"; readonly file: FileRef; readonly alt: string | null }
  | { readonly sort: "other"; readonly value: unknown };

/** What an assistant did before it answered: shown folded below its title. */
export interface Thought {
  readonly title: string;
  readonly id: string | null;
  readonly parent: string | null;
  readonly log: string | null;
  readonly seconds: number | null;
  readonly status: "pending" | "done" | null;
}

export interface Message {
  readonly role: string;
  readonly parts: readonly Part[];
  readonly thought: Thought | null;
  /** Answers that a reader may choose from. */
  readonly options: readonly string[];
}

/** Reads both of Gradio's formats: messages (with files, thoughts and options), and the older `[user, assistant]` pairs. */
export function messagesOf(value: unknown): Message[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown): Message[] => {
    if (Array.isArray(entry))
      return ["user", "assistant"].flatMap((role, at) =>
        entry[at] === null || entry[at] === undefined
          ? []
          : [{ role, parts: partsOf(entry[at]), thought: null, options: [] }],
      );
    if (!isRecord(entry)) return [];
    const files = Array.isArray(entry["files"]) ? entry["files"].flatMap(partsOf) : [];
    return [
      {
        role: typeof entry["role"] === "string" ? entry["role"] : "assistant",
        parts: [...partsOf(entry["content"]), ...files],
        thought: thoughtOf(entry["metadata"]),
        options: optionsOf(entry["options"]),
      },
    ];
  });
}

function partsOf(content: unknown): Part[] {
  if (content === null || content === undefined || content === "") return [];
  if (typeof content === "string") return [{ sort: "text", text: content }];
  if (isFileRef(content)) return [{ sort: "file", file: content, alt: null }];
  if (Array.isArray(content)) return content.flatMap(partsOf);
  if (isRecord(content)) {
    if (typeof content["text"] === "string") return partsOf(content["text"]);
    if (isFileRef(content["file"])) {
      const alt = content["alt_text"];
      return [{ sort: "file", file: content["file"], alt: typeof alt === "string" ? alt : null }];
    }
  }
  return [{ sort: "other", value: content }];
}

const textOrNull = (value: unknown) =>
  typeof value === "string" || typeof value === "number" ? String(value) : null;

function thoughtOf(metadata: unknown): Thought | null {
  if (!isRecord(metadata) || typeof metadata["title"] !== "string" || metadata["title"] === "") return null;
  const { title, status, duration } = metadata;
  return {
    title,
    id: textOrNull(metadata["id"]),
    parent: textOrNull(metadata["parent_id"]),
    log: textOrNull(metadata["log"]),
    seconds: typeof duration === "number" && Number.isFinite(duration) ? duration : null,
    status: status === "pending" || status === "done" ? status : null,
  };
}

function optionsOf(options: unknown): string[] {
  if (!Array.isArray(options)) return [];
  return options.flatMap((option: unknown) => {
    const value = isRecord(option) ? (option["label"] ?? option["value"]) : option;
    return textOrNull(value) ?? [];
  });
}

/** What "copy" takes of a message. */
export function plainText({ parts }: Message): string {
  return parts
    .map((part) =>
      part.sort === "text" ? part.text : part.sort === "file" ? part.file.name : JSON.stringify(part.value),
    )
    .join("\n");
}
