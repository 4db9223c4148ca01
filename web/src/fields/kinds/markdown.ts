import "./markdown.css";
import { el, emptyNote, maxHeight } from "../dom.ts";
import type { FieldOptions, MountField } from "../field.ts";
import { restNote, shownPart } from "../long-text.ts";
import { renderMarkdown } from "../markdown/render.ts";
import { mountText } from "./text.ts";

export { renderMarkdown };

/** Rendered and sanitised; edited as the text it is. */
export const mount: MountField = (element, options) => {
  if (!options.readonly)
    return mountText(element, { ...options, props: { lines: 6, maxLines: 16, ...options.props } });
  const box = el("div", { class: "f-prose", tabindex: 0, role: "region", "aria-label": options.label });
  if (!options.large) box.style.maxHeight = maxHeight(options.props, 180);
  const rest = restNote();
  let drawn: unknown;
  const draw = ({ value, props }: FieldOptions) => {
    if (typeof value !== "string") return element.replaceChildren(emptyNote());
    if (value !== drawn) {
      // A text that grows is followed where somebody reads its end, and left alone where not.
      const isAtEnd =
        typeof drawn === "string" &&
        value.startsWith(drawn) &&
        box.scrollTop + box.clientHeight >= box.scrollHeight - 4;
      const place = typeof drawn === "string" && value.startsWith(drawn) ? box.scrollTop : 0;
      box.dir = props["rtl"] === true ? "rtl" : "auto";
      box.replaceChildren(renderMarkdown(shownPart(value, options.large)));
      rest.tell(value, options.large);
      drawn = value;
      if (box.parentElement !== null) box.scrollTop = isAtEnd ? box.scrollHeight : place;
    }
    if (box.parentElement === null) element.replaceChildren(box, rest.element);
  };
  draw(options);
  return { update: draw, destroy: () => element.replaceChildren() };
};
