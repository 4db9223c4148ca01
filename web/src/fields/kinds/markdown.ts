import "./markdown.css";
import { marked } from "marked";
import { el, emptyNote, maxHeight } from "../dom.ts";
import type { FieldOptions, MountField } from "../field.ts";
import { sanitise } from "./safe-html.ts";
import { mountText } from "./text.ts";

/** Rendered and sanitised; edited as the text it is. */
export const mount: MountField = (element, options) => {
  if (!options.readonly) return mountText(element, { ...options, props: { lines: 6, ...options.props } });
  const draw = ({ value, props, large, label }: FieldOptions) => {
    if (typeof value !== "string") return element.replaceChildren(emptyNote());
    const box = el("div", { class: "f-prose", tabindex: 0, role: "region", "aria-label": label });
    if (!large) box.style.maxHeight = maxHeight(props, 180);
    box.append(renderMarkdown(value));
    element.replaceChildren(box);
  };
  draw(options);
  return { update: draw, destroy: () => element.replaceChildren() };
};

export function renderMarkdown(text: string): DocumentFragment {
  const fragment = sanitise(marked.parse(text, { async: false, gfm: true, breaks: true }));
  // They scroll by themselves.
  for (const block of fragment.querySelectorAll("pre")) block.tabIndex = 0;
  return fragment;
}
