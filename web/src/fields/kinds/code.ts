import "../code/tokens.css";
import "./code.css";
import { highlightedLines } from "../code/highlight.ts";
import { type LoadedLanguage, loadLanguage } from "../code/languages.ts";
import { lineHeightPx, paddingPx, sizeByLines } from "../code/size.ts";
import { el, emptyNote, numeric, readLater, textual } from "../dom.ts";
import type { MountField } from "../field.ts";
import { whenLoaded } from "../when-loaded.ts";

const shownLines = 2000;

/** Source code: an editor where it is changed or looked at closely; in a card, the text in its colours. */
export const mount: MountField = (element, options) => {
  if (options.readonly && !options.large) return shown(element, options);
  const holder = el("div", { class: options.large ? "is-large" : undefined });
  sizeByLines(holder, options.props);
  element.append(holder);
  return whenLoaded(holder, options, async ({ value, props, label, readonly, onchange }) => {
    const { createEditor } = await import("../code/editor.ts");
    const editor = createEditor(holder, {
      value: textOf(value),
      label,
      language: props["language"],
      readonly,
      placeholder: textual(props["placeholder"]),
      hasLineNumbers: props["showLineNumbers"] !== false,
      isWrapped: props["wrapLines"] === true,
      completes: props["autocomplete"] === true,
      onchange,
    });
    return { update: ({ value }) => editor.setText(textOf(value)), destroy: () => editor.destroy() };
  });
};

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

const shown: MountField = (element, options) => {
  let current = options;
  let language: LoadedLanguage["language"] | null = null;
  const draw = () => {
    const { value, label, props } = current;
    if (typeof value !== "string") return element.replaceChildren(emptyNote());
    const lines = highlightedLines(value, language);
    const before = element.querySelector(".f-code");
    const place = before?.scrollTop ?? 0;
    const box = el("pre", { class: "f-code", role: "region", "aria-label": label });
    box.classList.toggle("has-numbers", props["showLineNumbers"] !== false && lines.length > 1);
    box.classList.toggle("is-wrapped", props["wrapLines"] === true);
    for (const line of lines.slice(0, shownLines))
      box.append(el("span", { class: "f-code-line" }, ...line, "\n"));
    const most = numeric(props["maxLines"]);
    if (most !== undefined) box.style.maxHeight = `${most * lineHeightPx + paddingPx}px`;
    element.replaceChildren(box);
    if (lines.length > shownLines)
      element.append(
        el("p", { class: "f-note" }, `${lines.length - shownLines} more lines: look closer to see them.`),
      );
    box.scrollTop = place;
    readLater(() => {
      if (box.scrollHeight > box.clientHeight + 2 || box.scrollWidth > box.clientWidth + 2) box.tabIndex = 0;
    });
  };
  draw();
  loadLanguage(options.props["language"])?.then(
    (loaded) => {
      language = loaded.language;
      draw();
    },
    () => {},
  );
  return {
    update(next) {
      const isSame = next.value === current.value;
      current = next;
      if (!isSame) draw();
    },
    destroy: () => element.replaceChildren(),
  };
};
