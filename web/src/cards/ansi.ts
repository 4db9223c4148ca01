import "./ansi.css";
import { AnsiUp } from "ansi_up";

const reader = new AnsiUp();
reader.use_classes = true;
// Links of a terminal are shown as the text that they are.
reader.url_allowlist = {};

/** A line with a terminal's colours. Only coloured spans come out of it, whatever is in the line. */
export function coloured(line: string): DocumentFragment {
  const template = document.createElement("template");
  template.innerHTML = reader.ansi_to_html(`\u001b[0m${line}\u001b[0m`);
  for (const element of template.content.querySelectorAll("*")) {
    if (element.tagName !== "SPAN") element.replaceWith(...element.childNodes);
    else
      for (const { name } of [...element.attributes])
        if (name !== "class" && name !== "style") element.removeAttribute(name);
  }
  return template.content;
}
