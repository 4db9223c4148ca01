import "./slider.css";
import { el, numeric } from "../dom.ts";
import type { MountField } from "../field.ts";
import { keepFromWheel } from "./wheel.ts";

/** A track and the number beside it, both of which can be changed. */
export const mount: MountField = (element, options) => {
  let current = options;
  const minimum = numeric(options.props["minimum"]) ?? 0;
  const maximum = numeric(options.props["maximum"]) ?? 100;
  const digits = numeric(options.props["precision"]);
  const usual = maximum - minimum <= 1 ? 0.01 : 1;
  const step = numeric(options.props["step"]) ?? (digits === undefined ? usual : 10 ** -digits);
  const rounded = (value: number) => (digits === undefined ? value : Number(value.toFixed(digits)));
  const bounds = { min: minimum, max: maximum, step };
  const track = el("input", {
    type: "range",
    "aria-label": options.label,
    disabled: options.readonly,
    ...bounds,
  });
  const number = el("input", {
    type: "number",
    "aria-label": `${options.label}, as a number`,
    disabled: options.readonly,
    ...bounds,
  });
  const row = el("div", { class: "f-slider" }, track, number);
  const show = (value: unknown) => {
    const shown = typeof value === "number" ? value : minimum;
    if (track.valueAsNumber !== shown) track.value = String(shown);
    if (number.valueAsNumber !== value) number.value = typeof value === "number" ? String(value) : "";
    const filled = Math.max(0, Math.min(1, (shown - minimum) / (maximum - minimum || 1)));
    row.style.setProperty("--filled", `${filled * 100}%`);
  };
  track.addEventListener("input", () => {
    show(rounded(track.valueAsNumber));
    current.onchange(rounded(track.valueAsNumber));
  });
  number.addEventListener("input", () => {
    if (number.value === "" || number.validity.badInput) return;
    current.onchange(number.valueAsNumber);
  });
  // A number out of range is refused while it is typed, with its reason; left behind, it becomes the nearest.
  number.addEventListener("change", () => {
    if (number.value === "" || number.validity.badInput) return;
    const nearest = rounded(Math.max(minimum, Math.min(maximum, number.valueAsNumber)));
    if (nearest === number.valueAsNumber) return;
    number.value = String(nearest);
    current.onchange(nearest);
  });
  number.addEventListener("blur", () => {
    if (number.value !== "" && !number.validity.badInput) return;
    number.value = "";
    show(current.value);
  });
  keepFromWheel(number);
  keepFromWheel(track);
  show(options.value);
  element.append(row);
  return {
    update(next) {
      current = next;
      show(next.value);
    },
    destroy: () => row.remove(),
  };
};
