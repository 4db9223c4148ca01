import "./html.css";
import { el, emptyNote, maxHeight } from "../dom.ts";
import type { FieldOptions, MountField } from "../field.ts";
import { sanitiseForFrame } from "./safe-html.ts";
import { mountText } from "./text.ts";

/** Nothing runs and nothing is fetched, whatever the markup says: sanitised, framed, and forbidden by policy. */
const policy =
  "default-src 'none'; img-src data: 'self'; media-src data: 'self'; style-src 'unsafe-inline'; font-src data:";

export const mount: MountField = (element, options) => {
  if (!options.readonly) return mountText(element, { ...options, props: { lines: 6, ...options.props } });
  let drawn: string | undefined;
  const draw = ({ value, props, large, label, dark }: FieldOptions) => {
    if (typeof value !== "string") {
      drawn = undefined;
      return element.replaceChildren(emptyNote());
    }
    const key = `${dark} ${large} ${value}`;
    if (key === drawn) return;
    drawn = key;
    const frame = el("iframe", {
      sandbox: "",
      class: "f-frame",
      title: label,
      referrerpolicy: "no-referrer",
    });
    frame.style.height = large ? "70vh" : maxHeight(props, 180);
    frame.srcdoc = page(value, dark);
    element.replaceChildren(frame);
  };
  draw(options);
  return { update: draw, destroy: () => element.replaceChildren() };
};

function page(html: string, dark: boolean): string {
  const clean = sanitiseForFrame(html);
  const colours = dark
    ? "color-scheme: dark; color: #ececE6; background: #1e1e1c"
    : "color: #1d1d1a; background: #fff";
  return `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><style>:root{${colours}}body{margin:10px;font:13px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}img,video{max-width:100%}</style>${clean}`;
}
