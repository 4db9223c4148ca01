import { numeric } from "../dom.ts";

export const lineHeightPx = 18;
export const paddingPx = 12;

/** Gradio's `lines` and `maxLines`, as heights of the editor inside. */
export function sizeByLines(holder: HTMLElement, props: Readonly<Record<string, unknown>>, lines = 5): void {
  const least = numeric(props["lines"]) ?? lines;
  const most = numeric(props["maxLines"]) ?? Math.max(least, 16);
  holder.style.setProperty("--code-min", `${least * lineHeightPx + paddingPx}px`);
  holder.style.setProperty("--code-max", `${most * lineHeightPx + paddingPx}px`);
}
