import "./code.css";
import { el, emptyNote, numeric } from "../dom.ts";
import type { MountField } from "../field.ts";

/** Source code in a plain field; Tab stays what it is for the keyboard: a way out. */
export const mount: MountField = (element, options) => {
  let current = options;
  if (options.readonly) {
    const show = (value: unknown) => {
      if (typeof value !== "string") return element.replaceChildren(emptyNote());
      element.replaceChildren(
        el("pre", { class: "f-code", tabindex: 0, role: "region", "aria-label": options.label }, value),
      );
    };
    show(options.value);
    return { update: (next) => show(next.value), destroy: () => element.replaceChildren() };
  }
  const area = el("textarea", {
    class: "f-input f-code-input",
    "aria-label": options.label,
    rows: numeric(options.props["lines"]) ?? 6,
    spellcheck: "false",
    autocapitalize: "off",
    wrap: "off",
  });
  area.value = typeof options.value === "string" ? options.value : "";
  area.addEventListener("input", () => current.onchange(area.value));
  element.append(area);
  return {
    update(next) {
      current = next;
      const value = typeof next.value === "string" ? next.value : "";
      if (value !== area.value) area.value = value;
    },
    destroy: () => area.remove(),
  };
};
