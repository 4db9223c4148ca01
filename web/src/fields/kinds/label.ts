import "./label.css";
import { el, emptyNote, isRecord, numeric } from "../dom.ts";
import { display } from "../field.ts";

/** The likeliest answer, then the others with their confidence. */
export const mount = display((element, { value, props, large }) => {
  if (value === undefined || value === null) return element.append(emptyNote());
  const { best, bars } = read(value as Record<string, unknown>);
  if (props["showHeading"] !== false || bars.length === 0)
    element.append(el("div", { class: "f-label-best" }, best));
  for (const { label, confidence } of bars.slice(0, numeric(props["numTopClasses"]) ?? (large ? 100 : 6))) {
    const share = confidence * 100;
    const percent = `${share > 0 && share < 1 ? share.toFixed(1) : Math.round(share)} %`;
    const fill = el("i");
    fill.style.width = `${Math.max(0, Math.min(1, confidence)) * 100}%`;
    element.append(
      el(
        "div",
        { class: "f-label-row" },
        el("span", { class: "f-label-name", title: label }, label),
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
    const given: unknown[] = Array.isArray(value["confidences"]) ? value["confidences"] : [];
    const confidences = given.filter(
      (entry): entry is { label: string; confidence: number } =>
        isRecord(entry) && typeof entry["label"] === "string" && typeof entry["confidence"] === "number",
    );
    return { best: value["label"], bars: [...confidences].sort((a, b) => b.confidence - a.confidence) };
  }
  const bars = Object.entries(value as Record<string, number>)
    .map(([label, confidence]) => ({ label, confidence }))
    .sort((a, b) => b.confidence - a.confidence);
  return { best: bars[0]?.label ?? "Nothing", bars };
}
