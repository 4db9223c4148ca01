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
const isContent = (value: unknown): boolean =>
  typeof value === "string" || isRecord(value) || Array.isArray(value);
const chatbot: ComponentSpec = {
  ...spec(
    "chatbot",
    "a list of { role, content } messages",
    (value) =>
      Array.isArray(value) &&
      value.every(
        (item) =>
          (isRecord(item) &&
            ["user", "assistant", "system"].includes(item.role as string) &&
            isContent(item.content)) ||
          // Gradio's older format: [user, assistant].
          (Array.isArray(item) &&
            item.length === 2 &&
            item.every((side) => side === null || typeof side === "string")),
      ),
    [{ role: "user", content: "example" }],
  ),
  async mapFiles(value, replace) {
    if (!Array.isArray(value)) return value;
    return Promise.all(
      value.map(async (item) =>
        isRecord(item) && Array.isArray(item.files)
          ? { ...item, files: await Promise.all(item.files.map((file) => replace(file))) }
          : item,
      ),
    );
  },
};
const plot = spec("plot", "a Vega-Lite or Plotly figure", isRecord, { mark: "bar", data: { values: [] } });

/** Any JSON value. Value: `T`. Give its type when a later node reads it: `gr.JSON<Line[]>()`. */
function jsonField<T = unknown>(
  props?: CommonProps & {
    value?: T;
    /** All of it is unfolded. */
    open?: boolean;
    maxHeight?: number | string;
    placeholder?: string;
  },
): Component<T> {
  return define("JSON", json, ["open", "maxHeight", "placeholder"], props);
}

export { jsonField as JSON };

/** Confidences by label, or Gradio's `{ label, confidences }`. */
export type LabelValue =
  | Record<string, number>
  | { label: string; confidences?: { label: string; confidence: number }[] };

/** The outcome of a classification. Value: confidences (0 to 1) by label, or `{ label, confidences }`. */
export function Label(
  props?: CommonProps & {
    value?: LabelValue;
    numTopClasses?: number;
    /** `false` leaves the likeliest answer out above the bars. */
    showHeading?: boolean;
  },
): Component<LabelValue> {
  return define("Label", label, ["numTopClasses", "showHeading"], props);
}

/** Pieces of a text, each with a label, a score or `null`. */
export type HighlightedTextValue = [text: string, label: string | number | null][];

/** A text with parts marked. Value: a list of `[text, label]`, where the label is a text, a number or `null`. */
export function HighlightedText(
  props?: CommonProps & {
    value?: HighlightedTextValue;
    /** A CSS colour by label. */
    colorMap?: Record<string, string>;
    /** The labels stand above the text rather than in it. */
    showLegend?: boolean;
    /** `false` leaves the labels in the text out. */
    showInlineCategory?: boolean;
    /** Neighbours of the same label become one. */
    combineAdjacent?: boolean;
    adjacentSeparator?: string;
  },
): Component<HighlightedTextValue> {
  return define(
    "HighlightedText",
    highlighted,
    ["colorMap", "showLegend", "showInlineCategory", "combineAdjacent", "adjacentSeparator"],
    props,
  );
}

/** A table. */
export interface DataframeValue {
  /** One name for each column. */
  headers: string[];
  /** The rows, each with one value for each column. */
  data: unknown[][];
}

export interface DataframeProps extends CommonProps {
  value?: DataframeValue;
  headers?: readonly string[];
  /** `str`, `number`, `bool`, `date`, `markdown` or `html`: of all columns, or of each. Default: by what is in a cell. */
  datatype?: string | readonly string[];
  maxHeight?: number;
  /** Rows to start with; `[3, "fixed"]` for as many and no others. */
  rowCount?: number | readonly [number, "fixed" | "dynamic"];
  /** Columns to start with; `[3, "fixed"]` for as many and no others. */
  columnCount?: number | readonly [number, "fixed" | "dynamic"];
  /** The fewest and the most rows that a person can make of it; `null` for no limit. */
  rowLimits?: readonly [number | null, number | null];
  /** The fewest and the most columns. */
  columnLimits?: readonly [number | null, number | null];
  /** Columns, from 0, that are shown but not edited. */
  staticColumns?: readonly number[];
  /** Pixels, or CSS lengths. */
  columnWidths?: readonly (number | string)[];
  showRowNumbers?: boolean;
  /** So many columns, from the left, stay in sight. */
  pinnedColumns?: number;
  /** A field above the table that leaves only the rows with a text: `search` or `filter`. Default `none`. */
  showSearch?: "none" | "search" | "filter";
  /** Long cells go over several lines. */
  wrap?: boolean;
  /** Characters shown of a cell. */
  maxChars?: number;
}

const DATAFRAME = [
  "headers",
  "datatype",
  "maxHeight",
  "rowCount",
  "columnCount",
  "rowLimits",
  "columnLimits",
  "staticColumns",
  "columnWidths",
  "showRowNumbers",
  "pinnedColumns",
  "showSearch",
  "wrap",
  "maxChars",
];

/** A table. Value: `{ headers, data }`. */
export function Dataframe(props?: DataframeProps): Component<DataframeValue> {
  return define("Dataframe", dataframe, DATAFRAME, props);
}

/** What an assistant did before it answered, or beside it: shown folded, below its title. */
export interface ChatThought {
  title?: string;
  /** So that another thought can stand inside this one. */
  id?: string | number;
  parent_id?: string | number;
  /** Beside the title. */
  log?: string;
  /** In seconds. */
  duration?: number;
  /** `pending` is shown as working, `done` folded. */
  status?: "pending" | "done";
}

/** One message of a conversation. */
export interface ChatMessage {
  role: "user" | "assistant" | "system";
  /** Text, shown as Markdown. */
  content: string;
  /** Paths of images, sounds, videos and other files, shown below the text. */
  files?: string[];
  metadata?: ChatThought;
  /** Answers to choose from. */
  options?: { label?: string; value: string }[];
}

/** A conversation. Value: a list of messages. */
export function Chatbot(
  props?: CommonProps & {
    value?: ChatMessage[];
    /** `bubble` (default) or `panel`, without bubbles. */
    layout?: "bubble" | "panel";
    /** Shown while there is no message. */
    placeholder?: string;
    /** First messages to choose from, where it is an input. */
    examples?: readonly (string | { text: string; displayText?: string })[];
    /** `false` shows messages as they are written. Default `true`. */
    renderMarkdown?: boolean;
    /** `false` leaves the view where it is when messages come. Default `true`. */
    autoscroll?: boolean;
    maxHeight?: number | string;
  },
): Component<ChatMessage[]> {
  return define(
    "Chatbot",
    chatbot,
    ["layout", "placeholder", "examples", "renderMarkdown", "autoscroll", "maxHeight"],
    props,
  );
}

/** A Vega-Lite or Plotly figure. */
export type Figure = Record<string, unknown>;

/** A chart. Value: a Vega-Lite or Plotly figure. */
export function Plot(props?: CommonProps & { value?: Figure }): Component<Figure> {
  return define("Plot", plot, [], props);
}
