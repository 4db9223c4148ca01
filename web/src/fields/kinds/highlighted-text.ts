import "./highlighted-text.css";
import { el, emptyNote } from "../dom.ts";
import { display } from "../field.ts";

const hues = [25, 210, 140, 280, 45, 330, 180, 95];

/** Marked pieces carry their label as text: colour is never the only sign. */
export const mount = display((element, { value, large }) => {
  if (value === undefined || value === null) return element.append(emptyNote());
  const pieces = value as readonly [string, string | number | null][];
  const labels = [...new Set(pieces.map(([, label]) => label).filter((label) => typeof label === "string"))];
  const box = el("div", { class: large ? "f-text is-large" : "f-text f-highlighted", tabindex: 0 });
  for (const [text, label] of pieces) {
    if (label === null) {
      box.append(text);
      continue;
    }
    const mark = el("mark", {}, text, el("small", {}, typeof label === "number" ? label.toFixed(2) : label));
    mark.style.setProperty(
      "--hue",
      String(typeof label === "number" ? (label >= 0 ? 140 : 10) : hues[labels.indexOf(label) % hues.length]),
    );
    if (typeof label === "number")
      mark.style.setProperty("--strength", `${Math.min(1, Math.abs(label)) * 40}%`);
    box.append(mark);
  }
  element.append(box);
});
