import { el, numeric, textual } from "../dom.ts";
import type { FieldOptions, MountField } from "../field.ts";
import { keepFromWheel } from "./wheel.ts";

/** An empty field is no value (`null`), never 0. */
export const mount: MountField = (element, options) => {
  let current = options;
  if (options.readonly) {
    const box = el("div", { class: "f-text f-number" });
    const show = ({ value, props }: FieldOptions) => {
      box.textContent = typeof value === "number" ? String(rounded(value, props)) : "No value yet";
      box.classList.toggle("is-empty", typeof value !== "number");
    };
    show(options);
    element.append(box);
    return { update: show, destroy: () => box.remove() };
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
  // What is typed is rounded when it is done, not while it is being typed; what is no number gives way to the last.
  input.addEventListener("change", () => {
    if (input.validity.badInput || input.value === "") return;
    const value = rounded(input.valueAsNumber, current.props);
    if (value === input.valueAsNumber) return;
    input.value = textOf(value);
    current.onchange(value);
  });
  input.addEventListener("blur", () => {
    if (!input.validity.badInput) return;
    input.value = "";
    input.value = textOf(current.value);
  });
  // A spreadsheet's cell or a price brings more than digits.
  input.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain").trim() ?? "";
    const plain = text.replace(/^[^\d.,+-]+|[^\d.,]+$/g, "").replace(/(?<=\d)[\s'’,](?=\d{3}(?!\d))/g, "");
    if (plain === text || plain === "" || !Number.isFinite(Number(plain))) return;
    event.preventDefault();
    input.value = plain;
    input.dispatchEvent(new Event("input"));
    input.dispatchEvent(new Event("change"));
  });
  keepFromWheel(input);
  element.append(input);
  return {
    update(next) {
      current = next;
      const isSame = typeof next.value === "number" && input.valueAsNumber === next.value;
      const isUnfinished = input.validity.badInput && document.activeElement === input;
      if (!isSame && !isUnfinished && !(input.value === "" && textOf(next.value) === ""))
        input.value = textOf(next.value);
    },
    destroy: () => input.remove(),
  };
};

function rounded(value: number, props: FieldOptions["props"]): number {
  const precision = numeric(props["precision"]);
  return precision === undefined ? value : Number(value.toFixed(Math.max(0, Math.min(20, precision))));
}
