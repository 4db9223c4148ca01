import "./highlighted-text.css";
import { el, emptyNote } from "../dom.ts";
import { display, type FieldOptions } from "../field.ts";

type Label = string | number | null;
type Piece = readonly [text: string, label: Label];

const hues = [25, 210, 140, 280, 45, 330, 180, 95];

/** Marked pieces carry their label as text, in them or in the legend and for screen readers: colour is never the only sign. */
export const mount = display((element, { value, props, large, label }) => {
  if (value === undefined || value === null) return element.append(emptyNote());
  const pieces = combined(value as readonly Piece[], props);
  const labels = [...new Set(pieces.map(([, label]) => label).filter((label) => typeof label === "string"))];
  const hasLegend = props["showLegend"] === true;
  const showsLabels = !hasLegend && props["showInlineCategory"] !== false;
  const box = el("div", {
    class: large ? "f-text is-large" : "f-text f-highlighted",
    tabindex: 0,
    role: "region",
    "aria-label": label,
  });
  for (const [text, label] of pieces) {
    if (label === null) {
      box.append(text);
      continue;
    }
    const name = typeof label === "number" ? label.toFixed(2) : label;
    const mark = el("mark", { title: name }, text);
    mark.append(showsLabels ? el("small", {}, name) : el("span", { class: "visually-hidden" }, ` (${name})`));
    paint(mark, label, labels, props);
    box.append(mark);
  }
  if (hasLegend) element.append(legend(pieces, labels, props));
  element.append(box);
});

/** Neighbours of the same label are one, where the author asks for it. */
function combined(pieces: readonly Piece[], props: FieldOptions["props"]): readonly Piece[] {
  if (props["combineAdjacent"] !== true) return pieces;
  const separator = typeof props["adjacentSeparator"] === "string" ? props["adjacentSeparator"] : "";
  const whole: Piece[] = [];
  for (const [text, label] of pieces) {
    const last = whole.at(-1);
    if (last !== undefined && last[1] === label)
      whole[whole.length - 1] = [last[0] + separator + text, label];
    else whole.push([text, label]);
  }
  return whole;
}

/** The author's colour or one of ours, thin enough that the text on it stays legible in both themes. */
function paint(
  element: HTMLElement,
  label: string | number,
  labels: readonly string[],
  props: FieldOptions["props"],
): void {
  const own =
    typeof props["colorMap"] === "object" && props["colorMap"] !== null
      ? (props["colorMap"] as Record<string, unknown>)[label]
      : undefined;
  const hue = typeof label === "number" ? (label >= 0 ? 140 : 10) : hues[labels.indexOf(label) % hues.length];
  const colour = typeof own === "string" && CSS.supports("color", own) ? own : `hsl(${hue} 80% 55%)`;
  element.style.setProperty("--mark", colour);
  if (typeof label === "number")
    element.style.setProperty("--strength", `${Math.round(Math.min(1, Math.abs(label)) * 36)}%`);
}

function legend(
  pieces: readonly Piece[],
  labels: readonly string[],
  props: FieldOptions["props"],
): HTMLElement {
  const list = el("ul", { class: "f-legend", "aria-label": "Labels" });
  for (const label of labels) {
    const entry = el("li", {}, el("i", { "aria-hidden": "true" }), label);
    paint(entry, label, labels, props);
    list.append(entry);
  }
  if (pieces.some(([, label]) => typeof label === "number"))
    for (const [score, words] of [
      [-1, "−1"],
      [1, "+1"],
    ] as const) {
      const entry = el("li", {}, el("i", { "aria-hidden": "true" }), words);
      paint(entry, score, labels, {});
      list.append(entry);
    }
  return list;
}
