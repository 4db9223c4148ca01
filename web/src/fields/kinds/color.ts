import "./color.css";
import { el } from "../dom.ts";
import type { MountField } from "../field.ts";

/** A swatch to choose with and the code beside it; any CSS colour may be written. */
export const mount: MountField = (element, options) => {
  let current = options;
  const swatch = el("input", { type: "color", "aria-label": options.label, disabled: options.readonly });
  const sight = el("span", { class: "f-color-sight", "aria-hidden": "true" });
  const text = el("input", {
    type: "text",
    class: "f-bare",
    "aria-label": `${options.label}, as a code`,
    spellcheck: "false",
    readonly: options.readonly,
    placeholder: options.readonly ? "No value yet" : "#rrggbb",
  });
  const row = el("div", { class: "f-color" }, el("span", { class: "f-color-swatch" }, sight, swatch), text);
  const show = (value: unknown) => {
    const shown = typeof value === "string" ? value : "";
    const known = CSS.supports("color", shown);
    sight.style.background = known ? shown : "";
    row.classList.toggle("is-empty", !known);
    const hex = known ? hexOf(shown) : undefined;
    if (hex !== undefined) swatch.value = hex;
    if (text.value !== shown) text.value = shown;
  };
  swatch.addEventListener("input", () => {
    show(swatch.value);
    current.onchange(swatch.value);
  });
  text.addEventListener("change", () => {
    const typed = text.value.trim();
    // Six digits without the hash are what most tools copy.
    const value = /^([0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(typed) ? `#${typed}` : typed;
    text.value = value;
    current.onchange(value === "" ? null : value);
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

/** The same colour as the platform's picker wants it, without its transparency. */
function hexOf(colour: string): string | undefined {
  if (/^#[0-9a-f]{6}$/i.test(colour)) return colour.toLowerCase();
  const context = document.createElement("canvas").getContext("2d");
  if (context === null) return undefined;
  context.fillStyle = colour;
  const read = String(context.fillStyle);
  if (read.startsWith("#")) return read;
  const parts =
    read
      .match(/[\d.]+/g)
      ?.slice(0, 3)
      .map(Number) ?? [];
  return parts.length === 3
    ? `#${parts.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`
    : undefined;
}
