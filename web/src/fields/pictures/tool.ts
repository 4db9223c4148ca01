import { icons } from "../../theme/icons.ts";
import { el } from "../dom.ts";

const drawings = {
  left: icons.left.path,
  right: icons.right.path,
  plus: icons.plus.path,
  close: icons.close.path,
  copy: icons.copy.path,
  pencil: icons.pencil.path,
  bin: icons.bin.path,
  up: "M4 10l4-4 4 4",
  down: icons.down.path,
  minus: "M3 8h10",
  fit: "M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10",
  eraser:
    "M6 13h7M3.200 9.800L9.300 3.700a1 1 0 0 1 1.400 0l2.100 2.100a1 1 0 0 1 0 1.400L7 13H5.200l-2-2a.9.9 0 0 1 0-1.200zM6 7l3.500 3.500",
  crop: "M4.500 1.500v10h10M1.500 4.500h10v10",
  hand: "M5 8V4.200a1 1 0 0 1 2 0V7.500M7 7V3.200a1 1 0 0 1 2 0V7.500M9 7.200V4.200a1 1 0 0 1 2 0V8.500M11 7a1 1 0 0 1 2 0v2.500c0 2.500-1.700 4-4 4-2 0-3-.8-4-2.500L3.200 8.300a1 1 0 0 1 1.700-1L5 8",
  undo: "M3 6.500h6.500a3.500 3.500 0 0 1 0 7H6M5.500 3.500L2.800 6.500l2.700 3",
  redo: "M13 6.500H6.500a3.500 3.500 0 0 0 0 7H10M10.500 3.500l2.700 3-2.700 3",
  eye: "M1.500 8S4 3.500 8 3.500 14.500 8 14.500 8 12 12.500 8 12.500 1.500 8 1.500 8zM8 9.800a1.800 1.800 0 1 0 0-3.600 1.800 1.800 0 0 0 0 3.600z",
  hidden:
    "M2 2l12 12M4 4.800C2.400 6 1.500 8 1.500 8S4 12.500 8 12.500c1.200 0 2.300-.4 3.200-1M6.500 3.700c.5-.1 1-.2 1.500-.2 4 0 6.500 4.500 6.500 4.500s-.6 1-1.600 2.200",
} as const;

export type Drawing = keyof typeof drawings;

const space = "http://www.w3.org/2000/svg";

/** One of the small drawings, for fields, which are made without Svelte. */
export function drawing(name: Drawing): SVGElement {
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", drawings[name]);
  svg.append(path);
  return svg;
}

/** A button of a drawing; its name is said, and shown when it is pointed at. */
export function tool(name: Drawing, label: string, act: () => void, keys?: string): HTMLButtonElement {
  const button = el(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": label,
      title: keys === undefined ? label : `${label} (${keys})`,
    },
    drawing(name) as unknown as Node,
  );
  if (keys !== undefined) button.setAttribute("aria-keyshortcuts", keys);
  button.addEventListener("click", act);
  return button;
}

/** A quiet button of a word. */
export function wordTool(word: string, label: string, act: () => void): HTMLButtonElement {
  const button = el("button", { type: "button", class: "f-replace", "aria-label": label }, word);
  button.addEventListener("click", act);
  return button;
}
