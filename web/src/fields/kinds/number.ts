import { el, numeric, textual } from "../dom.ts";
import type { MountField } from "../field.ts";

/** An empty field is no value (`null`), never 0. */
export const mount: MountField = (element, options) => {
  let current = options;
  if (options.readonly) {
    const box = el("div", { class: "f-text f-number" });
    const show = (value: unknown) => {
      box.textContent = typeof value === "number" ? String(value) : "No value yet";
      box.classList.toggle("is-empty", typeof value !== "number");
    };
    show(options.value);
    element.append(box);
    return { update: (next) => show(next.value), destroy: () => box.remove() };
  }
  const input = el("input", {
    type: "number",
    class: "f-input f-number",
    "aria-label": options.label,
    min: numeric(options.props["minimum"]),
    max: numeric(options.props["maximum"]),
    step: numeric(options.props["step"]) ?? (options.props["precision"] === 0 ? 1 : "any"),
    placeholder: textual(options.props["placeholder"]),
  });
  const textOf = (value: unknown) => (typeof value === "number" ? String(value) : "");
  input.value = textOf(options.value);
  input.addEventListener("input", () => {
    if (input.validity.badInput) return;
    current.onchange(input.value === "" ? null : input.valueAsNumber);
  });
  element.append(input);
  return {
    update(next) {
      current = next;
      const isSame = typeof next.value === "number" && input.valueAsNumber === next.value;
      if (!isSame && !(input.value === "" && textOf(next.value) === "")) input.value = textOf(next.value);
    },
    destroy: () => input.remove(),
  };
};
