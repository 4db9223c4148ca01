import "./choices.css";
import { el } from "../dom.ts";
import type { MountField } from "../field.ts";

/** A box to tick, with its state in words beside it. */
export const mount: MountField = (element, options) => {
  let current = options;
  const box = el("input", { type: "checkbox", disabled: options.readonly, "aria-label": options.label });
  const word = el("span", { "aria-hidden": "true" });
  const row = el("label", { class: "f-check" }, box, word);
  const show = (value: unknown) => {
    box.checked = value === true;
    box.indeterminate = typeof value !== "boolean" && options.readonly;
    word.textContent =
      typeof value === "boolean" || !options.readonly ? (value === true ? "On" : "Off") : "No value yet";
  };
  box.addEventListener("change", () => {
    show(box.checked);
    current.onchange(box.checked);
  });
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
