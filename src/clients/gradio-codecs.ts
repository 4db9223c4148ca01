import { type Codec, type EncodeFile, isRecord, listOf, remoteFile, ShapeError } from "./gradio-codec.ts";
import { hasMessageParts, schemaDescription } from "./gradio-schema.ts";

/** Confidence by label, or `{ label, confidences }` as Gradio has it. Any other shape silently becomes None there. */
export const label: Codec = {
  decode: (value) => value,
  encode(value) {
    if (typeof value === "string" || typeof value === "number") return { label: value, confidences: null };
    if (!isRecord(value)) throw new ShapeError("a label, or confidences by label");
    if ("label" in value && !(typeof value["label"] === "number" && Object.keys(value).length > 2)) {
      const { confidences } = value;
      return {
        label: value["label"],
        confidences: isRecord(confidences) ? ranked(confidences) : (confidences ?? null),
      };
    }
    const confidences = ranked(value);
    return { label: confidences[0]?.label ?? null, confidences };
  },
};

function ranked(confidences: Record<string, unknown>): { label: string; confidence: number }[] {
  const entries = Object.entries(confidences).map(([label, confidence]) => {
    if (typeof confidence !== "number") throw new ShapeError("a confidence from 0 to 1 for each label");
    return { label, confidence };
  });
  return entries.sort((a, b) => b.confidence - a.confidence);
}

/** `[text, label][]`. */
export const highlightedText: Codec = {
  decode(value) {
    return listOf(value, "a list of tokens").map((item) =>
      isRecord(item) ? [item["token"] ?? "", item["class_or_confidence"] ?? null] : item,
    );
  },
  encode(value) {
    return listOf(value, "a list of [text, label]").map((item) => {
      if (isRecord(item) && typeof item["token"] === "string") return item;
      if (!Array.isArray(item) || typeof item[0] !== "string")
        throw new ShapeError("a list of [text, label]");
      return { token: item[0], class_or_confidence: item[1] ?? null };
    });
  },
};

/** `{ headers, data }`; rows alone get the numbers of their columns as headers. */
export const dataframe: Codec = {
  decode(value) {
    if (!isRecord(value) || !Array.isArray(value["data"])) throw new ShapeError("{ headers, data }");
    return {
      headers: (listOf(value["headers"] ?? [], "headers") as unknown[]).map(String),
      data: value["data"],
    };
  },
  encode(value) {
    if (isRecord(value)) {
      const rows = listOf(value["data"], "{ headers, data }");
      return { headers: value["headers"] ?? numbered(rows), data: rows, metadata: null };
    }
    const rows = listOf(value, "{ headers, data }");
    if (rows.length > 0 && rows.every(isRecord)) {
      const headers = [...new Set(rows.flatMap((row) => Object.keys(row)))];
      return {
        headers,
        data: rows.map((row) => headers.map((header) => row[header] ?? null)),
        metadata: null,
      };
    }
    return {
      headers: numbered(rows),
      data: rows.map((row) => (Array.isArray(row) ? row : [row])),
      metadata: null,
    };
  },
};

function numbered(rows: readonly unknown[]): string[] {
  const width = Math.max(0, ...rows.map((row) => (Array.isArray(row) ? row.length : 1)));
  return Array.from({ length: width }, (_, index) => String(index + 1));
}

/** `{ role, content }[]` with the text as content; files of a message stand beside it in `files`. */
export const chatbot: Codec = {
  decode(value) {
    return listOf(value, "messages").flatMap((message): unknown[] => {
      if (Array.isArray(message)) return fromPair(message);
      if (!isRecord(message)) throw new ShapeError("messages");
      const parts = Array.isArray(message["content"]) ? message["content"] : [message["content"]];
      const texts = parts.map((part) =>
        typeof part === "string"
          ? part
          : isRecord(part) && typeof part["text"] === "string"
            ? part["text"]
            : "",
      );
      const files = parts.flatMap((part) =>
        isRecord(part) ? (remoteFile(part["file"]) ?? remoteFile(part) ?? []) : [],
      );
      const content = texts.filter((text) => text !== "").join("\n");
      return [
        { role: message["role"], content, ...(files.length > 0 ? { files } : {}), ...extrasOf(message) },
      ];
    });
  },
  async encode(value, file, schema) {
    const inParts = hasMessageParts(schema);
    const messages = listOf(value, "a list of { role, content }").map(async (message) => {
      if (!isRecord(message) || typeof message["role"] !== "string")
        throw new ShapeError("a list of { role, content }");
      const { role, content, files, ...rest } = message;
      const parts = await messageParts([content, ...((files ?? []) as unknown[])], file);
      if (inParts) return [{ ...rest, role, content: parts }];
      // Gradio 5 has one content for each message: a text or a file.
      return parts.map((part) => ({
        ...rest,
        role,
        content: isRecord(part) && part["type"] === "text" ? part["text"] : part,
      }));
    });
    return (await Promise.all(messages)).flat();
  },
};

/** A thought's title and what belongs to it, and answers to choose from, where there are any. */
function extrasOf({ metadata, options }: Record<string, unknown>): Record<string, unknown> {
  return {
    ...(isRecord(metadata) && typeof metadata["title"] === "string" ? { metadata } : {}),
    ...(Array.isArray(options) && options.length > 0 ? { options } : {}),
  };
}

/** Gradio 4's `[user, assistant]`. */
function fromPair(pair: unknown[]): { role: string; content: unknown }[] {
  return ["user", "assistant"].flatMap((role, index) =>
    pair[index] === null || pair[index] === undefined
      ? []
      : [{ role, content: remoteFile(pair[index]) ?? pair[index] }],
  );
}

async function messageParts(contents: readonly unknown[], file: EncodeFile): Promise<unknown[]> {
  const parts = contents.flat().map(async (part) => {
    if (typeof part === "string") return { type: "text", text: part };
    return file.isFile(part) ? { type: "file", file: await file(part), alt_text: null } : part;
  });
  return Promise.all(parts);
}

/** `{ text, files }`; a text alone is a message without files. */
export const multimodal: Codec = {
  decode(value) {
    if (!isRecord(value)) throw new ShapeError("{ text, files }");
    const files = Array.isArray(value["files"]) ? value["files"] : [];
    return {
      text: value["text"] ?? "",
      files: files.map(
        (item) => remoteFile(item) ?? remoteFile((item as Record<string, unknown>)?.["file"]) ?? null,
      ),
    };
  },
  async encode(value, file) {
    if (typeof value === "string") return { text: value, files: [] };
    if (!isRecord(value)) throw new ShapeError("a text, or { text, files }");
    const files = listOf(value["files"] ?? [], "files as a list");
    return { text: value["text"] ?? "", files: await Promise.all(files.map((item) => file(item))) };
  },
};

/** The figure itself where it is one (Plotly, Vega-Lite); `{ type, plot }` for pictures. */
export const plot: Codec = {
  decode(value) {
    if (!isRecord(value) || typeof value["plot"] !== "string") throw new ShapeError("a plot");
    if (value["type"] !== "plotly" && value["type"] !== "altair") return value;
    try {
      return JSON.parse(value["plot"]);
    } catch {
      return value;
    }
  },
};

/** ISO outside; Gradio has a blank instead of the T, no zone, and perhaps no time. */
export const dateTime: Codec = {
  decode: (value) => (typeof value === "string" ? value.replace(/^(\d{4}-\d\d-\d\d) (?=\d)/, "$1T") : value),
  encode(value, _file, schema) {
    if (typeof value !== "string") return value;
    const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?$/.exec(
      value,
    );
    if (match === null) return value;
    const [, date, minutes = "00:00", seconds = ":00"] = match;
    return /HH:MM/.test(schemaDescription(schema)) || schemaDescription(schema) === ""
      ? `${date} ${minutes}${seconds}`
      : date;
  },
};
