import type { Component, ComponentSpec } from "../graph/component.ts";
import { type CommonProps, define, isNothing } from "./define.ts";

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function spec(
  kind: string,
  expected: string,
  fits: (value: unknown) => boolean,
  example: unknown,
): ComponentSpec {
  return {
    kind,
    valueType: "json",
    check: (value) => (fits(value) ? undefined : expected),
    isEmpty: isNothing,
    example: () => example,
  };
}

const json = spec("json", "a JSON value", (value) => value !== undefined && typeof value !== "function", {});
const isConfidence = (value: unknown): boolean => isRecord(value) && typeof value.label === "string";
const label = spec(
  "label",
  "numbers by label, or { label, confidences }",
  (value) =>
    isRecord(value) &&
    (Object.values(value).every((item) => typeof item === "number") ||
      ((typeof value.label === "string" || typeof value.label === "number") &&
        (isNothing(value.confidences) ||
          (Array.isArray(value.confidences) && value.confidences.every(isConfidence))))),
  { example: 1 },
);
const highlighted = spec(
  "highlightedtext",
  "a list of [text, label] pairs",
  (value) =>
    Array.isArray(value) &&
    value.every(
      (item) =>
        Array.isArray(item) &&
        item.length === 2 &&
        typeof item[0] === "string" &&
        (item[1] === null || ["string", "number"].includes(typeof item[1])),
    ),
  [["example", null]],
);
const dataframe = spec(
  "dataframe",
  "{ headers, data } with a list of rows",
  (value) =>
    isRecord(value) &&
    Array.isArray(value.headers) &&
    value.headers.every((header) => typeof header === "string") &&
    Array.isArray(value.data) &&
    value.data.every(Array.isArray),
  { headers: ["a"], data: [[1]] },
);
const chatbot = spec(
  "chatbot",
  "a list of { role, content } messages",
  (value) =>
    Array.isArray(value) &&
    value.every(
      (item) =>
        isRecord(item) &&
        ["user", "assistant", "system"].includes(item.role as string) &&
        typeof item.content === "string",
    ),
  [{ role: "user", content: "example" }],
);
const plot = spec("plot", "a Vega-Lite or Plotly figure", isRecord, { mark: "bar", data: { values: [] } });

/** Any JSON value. Value: `T`. Give its type when a later node reads it: `gr.JSON<Line[]>()`. */
function jsonField<T = unknown>(props?: CommonProps & { value?: T }): Component<T> {
  return define("JSON", json, [], props);
}

export { jsonField as JSON };

/** Confidences by label, or Gradio's `{ label, confidences }`. */
export type LabelValue =
  | Record<string, number>
  | { label: string; confidences?: { label: string; confidence: number }[] };

/** The outcome of a classification. Value: confidences (0 to 1) by label, or `{ label, confidences }`. */
export function Label(
  props?: CommonProps & { value?: LabelValue; numTopClasses?: number },
): Component<LabelValue> {
  return define("Label", label, ["numTopClasses"], props);
}

/** Pieces of a text, each with a label, a score or `null`. */
export type HighlightedTextValue = [text: string, label: string | number | null][];

/** A text with parts marked. Value: a list of `[text, label]`, where the label is a text, a number or `null`. */
export function HighlightedText(
  props?: CommonProps & {
    value?: HighlightedTextValue;
    colorMap?: Record<string, string>;
    showLegend?: boolean;
  },
): Component<HighlightedTextValue> {
  return define("HighlightedText", highlighted, ["colorMap", "showLegend"], props);
}

/** A table. */
export interface DataframeValue {
  /** One name for each column. */
  headers: string[];
  /** The rows, each with one value for each column. */
  data: unknown[][];
}

/** A table. Value: `{ headers, data }`. */
export function Dataframe(
  props?: CommonProps & {
    value?: DataframeValue;
    headers?: readonly string[];
    datatype?: string | readonly string[];
    maxHeight?: number;
  },
): Component<DataframeValue> {
  return define("Dataframe", dataframe, ["headers", "datatype", "maxHeight"], props);
}

/** One message of a conversation. */
export interface ChatMessage {
  role: "user" | "assistant" | "system";
  /** Text, shown as Markdown. */
  content: string;
}

/** A conversation. Value: a list of messages. */
export function Chatbot(props?: CommonProps & { value?: ChatMessage[] }): Component<ChatMessage[]> {
  return define("Chatbot", chatbot, [], props);
}

/** A Vega-Lite or Plotly figure. */
export type Figure = Record<string, unknown>;

/** A chart. Value: a Vega-Lite or Plotly figure. */
export function Plot(props?: CommonProps & { value?: Figure }): Component<Figure> {
  return define("Plot", plot, [], props);
}
