import type { Component } from "../graph/component.ts";
import { type CommonProps, define, textSpec } from "./define.ts";

export interface TextProps extends CommonProps {
  value?: string;
  /** `password` hides what is typed; it is kept like any other text. Default `text`. */
  type?: "text" | "password" | "email";
  placeholder?: string;
  /** Rows shown. Default 1. */
  lines?: number;
  maxLines?: number;
  /** Characters allowed. */
  maxLength?: number;
  textAlign?: "left" | "right";
  /** Written from right to left. */
  rtl?: boolean;
  /** A button that runs what the field is for, as Enter does then; a text stands on it. */
  submitBtn?: boolean | string;
}

const TEXT = ["type", "placeholder", "lines", "maxLines", "maxLength", "textAlign", "rtl", "submitBtn"];
const textbox = textSpec("textbox");
const code = textSpec("code");
const markdown = textSpec("markdown", () => "**example**");
const html = textSpec("html", () => "<b>example</b>");

/** A text field. Value: `string`. */
export function Textbox(props?: TextProps): Component<string> {
  return define("Textbox", textbox, TEXT, { ...props, value: props?.value ?? "" });
}

/** A text field of several lines (5 unless `lines` says otherwise). Value: `string`. */
export function TextArea(props?: TextProps): Component<string> {
  return define("TextArea", textbox, TEXT, { lines: 5, ...props, value: props?.value ?? "" });
}

/** A text field. Value: `string`. */
export function Text(props?: TextProps): Component<string> {
  return define("Text", textbox, TEXT, { ...props, value: props?.value ?? "" });
}

export interface CodeProps extends CommonProps {
  value?: string;
  /** `python`, `javascript`, `typescript`, `json`, `html`, `css`, `sql`, `yaml`, `markdown`, `shell`, … */
  language?: string;
  lines?: number;
  maxLines?: number;
  placeholder?: string;
  /** Default true. */
  showLineNumbers?: boolean;
  /** Long lines go on below rather than aside. */
  wrapLines?: boolean;
  /** Proposes words while one types. */
  autocomplete?: boolean;
}

const CODE = ["language", "lines", "maxLines", "placeholder", "showLineNumbers", "wrapLines", "autocomplete"];

/** Source code. Value: `string`. */
export function Code(props?: CodeProps): Component<string> {
  return define("Code", code, CODE, { ...props, value: props?.value ?? "" });
}

/** Markdown, shown rendered and sanitised. Value: `string`. */
export function Markdown(
  props?: CommonProps & { value?: string; maxHeight?: number | string },
): Component<string> {
  return define("Markdown", markdown, ["maxHeight"], { ...props, value: props?.value ?? "" });
}

/** HTML, shown in a sandboxed frame. Value: `string`. */
export function HTML(
  props?: CommonProps & {
    value?: string;
    maxHeight?: number | string;
    /**
     * Its scripts run, in a frame of no origin that reaches no host and nothing of the page. Default `false`: what runs is
     * taken out.
     */
    scripts?: boolean;
  },
): Component<string> {
  return define("HTML", html, ["maxHeight", "scripts"], { ...props, value: props?.value ?? "" });
}

const color = {
  ...textSpec("colorpicker", () => "#e8590c"),
  check: (value: unknown): string | undefined =>
    typeof value === "string" &&
    /^(#[0-9a-f]{3,8}|rgba?\([\d\s.,%]+\)|hsla?\([\d\s.,%deg]+\)|[a-z]+)$/i.test(value)
      ? undefined
      : "a colour such as #e8590c",
  isEmpty: (value: unknown) => value === undefined || value === null || value === "",
};

/** A colour. Value: `string` (`#rrggbb`). */
export function ColorPicker(props?: CommonProps & { value?: string }): Component<string> {
  return define("ColorPicker", color, [], props);
}

const dateTime = {
  ...textSpec("datetime", () => "2026-01-31T12:00:00"),
  check: (value: unknown): string | undefined =>
    typeof value === "string" &&
    /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(value) &&
    !Number.isNaN(Date.parse(value.replace(" ", "T")))
      ? undefined
      : "a date and time in ISO form, such as 2026-01-31T12:00:00",
  isEmpty: (value: unknown) => value === undefined || value === null || value === "",
};

/** A point in time. Value: `string` (ISO 8601). */
export function DateTime(
  props?: CommonProps & { value?: string; includeTime?: boolean; timezone?: string },
): Component<string> {
  return define("DateTime", dateTime, ["includeTime", "timezone"], props);
}
