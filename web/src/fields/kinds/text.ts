import { el, numeric, readLater, textual } from "../dom.ts";
import type { MountField } from "../field.ts";

const lineHeightPx = 20;
const paddingPx = 14;
const sizesItself = CSS.supports("field-sizing", "content");

/** One line or several; a long text scrolls inside, so that the card keeps its size. */
export const mountText: MountField = (element, options) => {
  let current = options;
  if (options.readonly) return shownText(element, options);
  const lines = numeric(options.props["lines"]) ?? 1;
  const maxLines = numeric(options.props["maxLines"]) ?? Math.max(lines, 8);
  const input = el(lines === 1 && maxLines === 1 ? "input" : "textarea", {
    class: "f-input",
    "aria-label": options.label,
    placeholder: textual(options.props["placeholder"]),
    maxlength: numeric(options.props["maxLength"]),
    spellcheck: "false",
    autocomplete: "off",
    ...(lines === 1 && maxLines === 1 ? { type: "text" } : { rows: lines }),
  });
  input.value = typeof options.value === "string" ? options.value : "";
  if (input instanceof HTMLTextAreaElement && !options.large) {
    input.style.minHeight = `${lines * lineHeightPx + paddingPx}px`;
    input.style.maxHeight = `${maxLines * lineHeightPx + paddingPx}px`;
  }
  /** Browsers that size a field by what is in it need no help. */
  const fit = () => {
    if (input instanceof HTMLInputElement || options.large || sizesItself) return;
    input.style.height = "auto";
    const wanted = Math.min(input.scrollHeight + 2, maxLines * lineHeightPx + paddingPx);
    input.style.height = `${Math.max(wanted, lines * lineHeightPx + paddingPx)}px`;
  };
  input.addEventListener("input", () => {
    fit();
    current.onchange(input.value);
  });
  element.append(input);
  fit();
  return {
    update(next) {
      current = next;
      const value = typeof next.value === "string" ? next.value : "";
      if (value === input.value) return;
      input.value = value;
      fit();
    },
    destroy: () => input.remove(),
  };
};

const shownText: MountField = (element, options) => {
  const lines = numeric(options.props["lines"]) ?? 1;
  const box = el("div", { class: "f-text", role: "group", "aria-label": options.label });
  let before = "";
  const show = (value: unknown) => {
    const text = typeof value === "string" ? value : "";
    // A text that grows is followed; another one is read from its start.
    const isGrowing = before !== "" && text.startsWith(before);
    const isAnother = before !== "" && !isGrowing;
    before = text;
    const isAtEnd = isGrowing && box.scrollTop + box.clientHeight >= box.scrollHeight - 4;
    box.classList.toggle("is-empty", text === "");
    box.textContent = text === "" ? (typeof value === "string" ? "Empty text" : "No value yet") : text;
    // Somebody who scrolled up to read is left there.
    if (isAtEnd) box.scrollTop = box.scrollHeight;
    else if (isAnother) box.scrollTop = 0;
    // Only what scrolls is a stop for the keyboard.
    readLater(() => {
      if (box.scrollHeight > box.clientHeight + 2) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    });
  };
  if (!options.large) {
    box.style.minHeight = `${lines * lineHeightPx + paddingPx}px`;
    box.style.maxHeight = `${Math.max(lines, 6) * lineHeightPx + paddingPx}px`;
  }
  element.append(box);
  show(options.value);
  return { update: (next) => show(next.value), destroy: () => box.remove() };
};
