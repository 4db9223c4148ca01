import { directionOf, el, numeric, readLater, textual } from "../dom.ts";
import type { MountField } from "../field.ts";
import { restNote, shownPart } from "../long-text.ts";

const lineHeightPx = 20;
const paddingPx = 14;
const sizesItself = CSS.supports("field-sizing", "content");

/** One line or several; a long text scrolls inside, so that the card keeps its size. */
export const mountText: MountField = (element, options) => {
  let current = options;
  if (options.readonly) return shownText(element, options);
  const type = secretOrMail(options.props);
  const lines = type === undefined ? (numeric(options.props["lines"]) ?? 1) : 1;
  const maxLines = type === undefined ? (numeric(options.props["maxLines"]) ?? Math.max(lines, 8)) : 1;
  const isOneLine = lines === 1 && maxLines === 1;
  const input = el(isOneLine ? "input" : "textarea", {
    class: "f-input",
    "aria-label": options.label,
    placeholder: textual(options.props["placeholder"]),
    maxlength: numeric(options.props["maxLength"]),
    spellcheck: "false",
    autocomplete: "off",
    dir: directionOf(options.props),
    ...(isOneLine ? { type: type ?? "text" } : { rows: lines }),
  });
  if (options.props["textAlign"] === "right") input.style.textAlign = "right";
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
  // Enter writes a new line where there can be one; with Shift it does what Enter does in one line.
  input.addEventListener("keydown", (event) => {
    if (!(event instanceof KeyboardEvent) || event.key !== "Enter" || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey === isOneLine) return;
    event.preventDefault();
    current.submit?.();
  });
  const most = numeric(options.props["maxLength"]);
  const count = el("p", { class: "f-note f-count", role: "status" });
  /** Said when it begins to matter: most texts stay far below. */
  const tellLength = () => {
    const length = input.value.length;
    count.textContent = most !== undefined && length >= most * 0.8 ? `${length} of ${most} characters` : "";
  };
  input.addEventListener("input", tellLength);
  element.append(
    input,
    ...(type === "password" ? [revealing(input as HTMLInputElement, options.label)] : []),
  );
  if (options.props["submitBtn"] && options.submit !== undefined) {
    element.append(submitting(options.props["submitBtn"], options.label, () => current.submit?.()));
    element.classList.add("f-submits");
  }
  if (most !== undefined) element.append(count);
  element.classList.toggle("f-secret", type === "password");
  fit();
  tellLength();
  return {
    update(next) {
      current = next;
      const value = typeof next.value === "string" ? next.value : "";
      if (value === input.value) return;
      input.value = value;
      fit();
      tellLength();
    },
    destroy: () => element.replaceChildren(),
  };
};

function secretOrMail(props: Readonly<Record<string, unknown>>): "password" | "email" | undefined {
  const { type } = props;
  return type === "password" || type === "email" ? type : undefined;
}

/** Gradio's `submit_btn`: `true`, or what stands on it. */
function submitting(words: unknown, label: string, submit: () => void): HTMLElement {
  const text = typeof words === "string" && words !== "" ? words : "Run";
  const button = el("button", { type: "button", class: "f-submit", "aria-label": `${text}: ${label}` }, text);
  button.addEventListener("click", submit);
  return button;
}

/** What was typed blind can be read again by who typed it. */
function revealing(input: HTMLInputElement, label: string): HTMLElement {
  const button = el(
    "button",
    { type: "button", class: "f-reveal", "aria-label": `Show ${label}`, "aria-pressed": "false" },
    "Show",
  );
  button.addEventListener("click", () => {
    const isShown = input.type === "password";
    input.type = isShown ? "text" : "password";
    button.setAttribute("aria-pressed", String(isShown));
  });
  return button;
}

const shownText: MountField = (element, options) => {
  const lines = numeric(options.props["lines"]) ?? 1;
  const box = el("div", {
    class: "f-text",
    role: "group",
    "aria-label": options.label,
    dir: directionOf(options.props),
  });
  if (options.props["textAlign"] === "right") box.style.textAlign = "right";
  const rest = restNote();
  let before = "";
  const show = (value: unknown) => {
    const text = typeof value === "string" ? value : "";
    // A text that grows is followed; another one is read from its start.
    const isGrowing = before !== "" && text.startsWith(before);
    const isAnother = before !== "" && !isGrowing;
    before = text;
    const isAtEnd = isGrowing && box.scrollTop + box.clientHeight >= box.scrollHeight - 4;
    box.classList.toggle("is-empty", text === "");
    const seen =
      secretOrMail(options.props) === "password"
        ? "•".repeat(Math.min(12, text.length))
        : shownPart(text, options.large);
    rest.tell(text, options.large);
    box.textContent = text === "" ? (typeof value === "string" ? "Empty text" : "No value yet") : seen;
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
  element.append(box, rest.element);
  show(options.value);
  return { update: (next) => show(next.value), destroy: () => element.replaceChildren() };
};
