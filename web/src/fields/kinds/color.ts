import "./color.css";
import { el } from "../dom.ts";
import type { MountField } from "../field.ts";

export const mount: MountField = (element, options) => {
  let current = options;
  const swatch = el("input", { type: "color", "aria-label": options.label, disabled: options.readonly });
  const text = el("input", {
    type: "text",
    class: "f-bare",
    "aria-label": `${options.label}, as a code`,
    spellcheck: "false",
    readonly: options.readonly,
    placeholder: "#rrggbb",
  });
  const row = el("div", { class: "f-color" }, swatch, text);
  const show = (value: unknown) => {
    const shown = typeof value === "string" ? value : "";
    if (/^#[0-9a-f]{6}$/i.test(shown)) swatch.value = shown;
    if (text.value !== shown) text.value = shown;
  };
  swatch.addEventListener("input", () => {
    text.value = swatch.value;
    current.onchange(swatch.value);
  });
  text.addEventListener("change", () =>
    current.onchange(text.value.trim() === "" ? null : text.value.trim()),
  );
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
