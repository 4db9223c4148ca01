import { didYouMean } from "../base/closest.ts";
import { DaggrError, describe } from "../base/errors.ts";
import { callSite } from "../base/place.ts";
import { type Component, type ComponentSpec, createComponent, type Props } from "../graph/component.ts";

/** Properties that every component has. */
export interface CommonProps {
  /** The name shown above the field. Default: the port's name. */
  label?: string;
  /** A line of help below the label. */
  info?: string;
  /** `false` hides it from the card; its value still flows. */
  visible?: boolean;
  /** `false` makes it read-only. */
  interactive?: boolean;
  /** Pixels, or a CSS length. */
  height?: number | string;
  /** Pixels, or a CSS length. */
  width?: number | string;
  /** @deprecated Ignored: values are plain values and files are always paths. */
  type?: string;
  /** @deprecated Ignored: the canvas shows labels. */
  showLabel?: boolean;
  /** @deprecated Ignored: the canvas lays out cards. */
  container?: boolean;
  /** @deprecated Ignored: the canvas lays out cards. */
  scale?: number;
  /** @deprecated Ignored: the canvas lays out cards. */
  minWidth?: number;
  /** @deprecated Ignored: style with `theme`. */
  elemId?: string;
  /** @deprecated Ignored: style with `theme`. */
  elemClasses?: string | readonly string[];
  /** @deprecated Ignored: a graph decides what is rendered. */
  render?: boolean;
  /** @deprecated Ignored: nodes run when a person or a program asks for it. */
  every?: number;
  /** @deprecated Ignored: Stop is on the card and in the bar while something runs. */
  stopBtn?: boolean | string;
  /** @deprecated Ignored: copy, download and full screen are on every card. */
  buttons?: readonly unknown[];
  /** @deprecated Ignored: the canvas decides where the focus is. */
  autofocus?: boolean;
}

const COMMON = ["label", "info", "visible", "interactive", "height", "width", "value"];
const IGNORED: Readonly<Record<string, string>> = {
  type: "values are plain values, and files are always paths",
  showLabel: "the canvas always shows labels",
  container: "the canvas lays out cards",
  scale: "the canvas lays out cards",
  minWidth: "the canvas lays out cards",
  elemId: "style with `theme`",
  elemClasses: "style with `theme`",
  render: "a graph decides what is rendered",
  every: "nodes run when a person or a program asks for it",
  stopBtn: "Stop is on the card and in the bar while something runs",
  buttons: "copy, download and full screen are on every card",
  autofocus: "the canvas decides where the focus is",
};

const warned = new Set<string>();

/** Makes the function behind `gr.Name`: checks property names and the initial value, then builds the component. */
export function define<T>(
  name: string,
  spec: ComponentSpec,
  own: readonly string[],
  props: object = {},
): Component<T> {
  const known = new Set([...COMMON, ...own]);
  const place = callSite();
  const at = place === undefined ? {} : { place };
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined) continue;
    if (known.has(key)) kept[key] = value;
    else if (key in IGNORED) warnIgnored(name, key);
    else {
      throw new DaggrError(
        "UNKNOWN_PROPERTY",
        `gr.${name} has no property '${key}'.${didYouMean(key, known)} It has: ${[...known].join(", ")}.`,
        at,
      );
    }
  }
  if (kept.value !== undefined && kept.value !== null && !holdsPaths(spec, kept.value)) {
    const expected = spec.check(kept.value, kept);
    if (expected !== undefined) {
      throw new DaggrError(
        "INVALID_VALUE",
        `gr.${name}: its value must be ${expected}, got ${describe(kept.value)}.`,
        { ...at, expected, got: describe(kept.value) },
      );
    }
  }
  return createComponent<T>(spec, kept);
}

/** In a script files are paths; they are checked when they are taken into the store. */
function holdsPaths(spec: ComponentSpec, value: unknown): boolean {
  return spec.mapFiles !== undefined && (typeof value === "string" || typeof value === "object");
}

function warnIgnored(name: string, key: string): void {
  const once = `${name}.${key}`;
  if (warned.has(once)) return;
  warned.add(once);
  console.warn(`daggr: gr.${name} ignores '${key}': ${IGNORED[key]}.`);
}

/** A spec for values that are texts. */
export function textSpec(kind: string, example: (props: Props) => string = () => "example"): ComponentSpec {
  return {
    kind,
    valueType: "text",
    check(value, props) {
      if (typeof value !== "string") return "a text";
      const max = props.maxLength;
      return typeof max === "number" && value.length > max
        ? `a text of at most ${max} characters`
        : undefined;
    },
    // An empty text is a value.
    isEmpty: (value) => value === undefined || value === null,
    example,
  };
}

export const isNothing = (value: unknown): boolean => value === undefined || value === null;
