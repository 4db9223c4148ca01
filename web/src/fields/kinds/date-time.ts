import "./date-time.css";
import { el, textual } from "../dom.ts";
import type { FieldOptions, MountField } from "../field.ts";
import { forPicker, nowText, zoneOf } from "./date-text.ts";

/** The platform's own picker; the value is ISO text, as it was entered. */
export const mount: MountField = (element, options) => {
  if (options.readonly) return shown(element, options);
  let current = options;
  const hasTime = options.props["includeTime"] !== false;
  const input = el("input", {
    type: hasTime ? "datetime-local" : "date",
    class: "f-input",
    "aria-label": options.label,
    ...(hasTime ? { step: 1 } : {}),
  });
  const zone = el("span", { class: "f-zone" });
  const now = el(
    "button",
    { type: "button", class: "f-replace", "aria-label": `${hasTime ? "Now" : "Today"}: ${options.label}` },
    hasTime ? "Now" : "Today",
  );
  const show = ({ value, props }: FieldOptions) => {
    const text = forPicker(value, hasTime);
    if (withSeconds(input.value) !== withSeconds(text)) input.value = text;
    zone.textContent = zoneOf(value) ?? textual(props["timezone"]) ?? "";
  };
  const tell = (text: string) => {
    // A value that came with its distance from UTC keeps it.
    const kept = zoneOf(current.value) ?? "";
    current.onchange(text === "" ? null : withSeconds(text) + (hasTime ? kept : ""));
  };
  input.addEventListener("input", () => {
    if (!input.validity.badInput) tell(input.value);
  });
  now.addEventListener("click", () => {
    input.value = nowText(new Date(), zoneOf(current.value) ?? textual(current.props["timezone"]), hasTime);
    tell(input.value);
  });
  show(options);
  element.append(el("div", { class: "f-when" }, input, zone, now));
  return {
    update(next) {
      current = next;
      // An unfinished date is empty for the browser: what is being typed is not taken away.
      if (!(input.validity.badInput && document.activeElement === input)) show(next);
    },
    destroy: () => element.replaceChildren(),
  };
};

const shown: MountField = (element, options) => {
  const box = el("div", { class: "f-text f-number" });
  const show = ({ value, props }: FieldOptions) => {
    const text = typeof value === "string" ? value : "";
    const zone = zoneOf(value) ?? textual(props["timezone"]) ?? "";
    const hasTime = props["includeTime"] !== false;
    box.textContent =
      text === "" ? "No value yet" : `${forPicker(text, hasTime).replace("T", " ")} ${zone}`.trim();
    box.classList.toggle("is-empty", text === "");
  };
  show(options);
  element.append(box);
  return { update: show, destroy: () => box.remove() };
};

/** Pickers leave seconds out when they are zero. */
function withSeconds(value: string): string {
  return /T\d\d:\d\d$/.test(value) ? `${value}:00` : value;
}
