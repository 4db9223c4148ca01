import "./label.css";
import { el, emptyNote, numeric } from "../dom.ts";
import { display } from "../field.ts";

/** The likeliest answer, then the others with their confidence. */
export const mount = display((element, { value, props }) => {
  if (value === undefined || value === null) return element.append(emptyNote());
  const { best, bars } = read(value as Record<string, unknown>);
  element.append(el("div", { class: "f-label-best" }, best));
  for (const { label, confidence } of bars.slice(0, numeric(props["numTopClasses"]) ?? 6)) {
    const percent = `${Math.round(confidence * 100)} %`;
    const fill = el("i");
    fill.style.width = `${Math.max(0, Math.min(1, confidence)) * 100}%`;
    element.append(
      el(
        "div",
        { class: "f-label-row" },
        el("span", { class: "f-label-name" }, label),
        el("span", { class: "f-label-value" }, percent),
        el("span", { class: "f-label-bar", "aria-hidden": "true" }, fill),
      ),
    );
  }
});

function read(value: Record<string, unknown>): {
  best: string;
  bars: { label: string; confidence: number }[];
} {
  if (typeof value["label"] === "string") {
    const confidences = Array.isArray(value["confidences"])
      ? (value["confidences"] as { label: string; confidence: number }[])
      : [];
    return { best: value["label"], bars: [...confidences].sort((a, b) => b.confidence - a.confidence) };
  }
  const bars = Object.entries(value as Record<string, number>)
    .map(([label, confidence]) => ({ label, confidence }))
    .sort((a, b) => b.confidence - a.confidence);
  return { best: bars[0]?.label ?? "Nothing", bars };
}
