import "./html.css";
import { el, emptyNote, maxHeight } from "../dom.ts";
import type { FieldOptions, MountField } from "../field.ts";
import { namesFiles, withLocalFiles } from "../html/local-files.ts";
import { sanitiseForFrame } from "./safe-html.ts";
import { mountText } from "./text.ts";

/** Nothing runs and nothing is fetched, whatever the markup says: sanitised, framed, and forbidden by policy. */
const policy =
  "default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'; font-src data:";

export const mount: MountField = (element, options) => {
  if (!options.readonly) return mountText(element, { ...options, props: { lines: 6, ...options.props } });
  let drawn: string | undefined;
  const draw = ({ value, props, large, label, dark }: FieldOptions) => {
    if (typeof value !== "string") {
      drawn = undefined;
      return element.replaceChildren(emptyNote());
    }
    const runs = props["scripts"] === true;
    const key = `${dark} ${large} ${runs} ${value}`;
    if (key === drawn) return;
    drawn = key;
    const frame = el("iframe", {
      sandbox: runs ? "allow-scripts" : "",
      class: "f-frame",
      title: label,
      referrerpolicy: "no-referrer",
    });
    frame.style.height = large ? "70vh" : maxHeight(props, 180);
    const markup = runs ? value : sanitiseForFrame(value);
    const fill = (html: string) => (runs ? handOver(frame, page(html, dark)) : inside(frame, html, dark));
    if (namesFiles(markup)) {
      element.setAttribute("aria-busy", "true");
      void withLocalFiles(markup).then((html) => {
        if (drawn !== key) return;
        element.removeAttribute("aria-busy");
        fill(html);
      });
    } else {
      element.removeAttribute("aria-busy");
      fill(markup);
    }
    element.replaceChildren(frame);
  };
  draw(options);
  return {
    update: draw,
    destroy() {
      drawn = undefined;
      element.replaceChildren();
    },
  };
};

/** A document inside the page has the page's policy as well: no script runs in it. */
function inside(frame: HTMLIFrameElement, html: string, dark: boolean): void {
  frame.srcdoc = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}">${page(html, dark)}`;
}

/**
 * A document of its own, with a policy under which scripts run and reach nothing. It is written once it is there, and again
 * where the page moved the frame, which makes it begin anew; what is written does not listen any more.
 */
function handOver(frame: HTMLIFrameElement, html: string): void {
  frame.addEventListener("load", () => frame.contentWindow?.postMessage(`<!doctype html>${html}`, "*"));
  frame.src = "/frame";
}

function page(html: string, dark: boolean): string {
  const colours = dark
    ? "color-scheme: dark; color: #ececE6; background: #1e1e1c"
    : "color: #1d1d1a; background: #fff";
  return `<meta charset="utf-8"><style>:root{${colours}}body{margin:10px;font:13px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}img,video{max-width:100%}</style>${html}`;
}
