import { el } from "../dom.ts";
import { tool } from "../pictures/tool.ts";
import {
  type History,
  type Layer,
  withLayerMoved,
  withLayerShown,
  withNewLayer,
  withoutLayer,
} from "./document.ts";

/** The layers, the topmost first: choose, show, move, delete, add. */
export function layersPanel(
  history: History,
  changed: () => void,
): { readonly element: HTMLElement; draw(): void } {
  const list = el("ul", { class: "f-editor-layers" });
  const add = el("button", { type: "button", class: "f-replace" }, "Add layer");
  add.addEventListener("click", () => {
    history.change(withNewLayer(history.now));
    changed();
  });
  const element = el("div", { class: "f-editor-panel", role: "group", "aria-label": "Layers" }, list, add);

  const row = ({ id, name, isVisible }: Layer, index: number, count: number): HTMLElement => {
    const choose = el(
      "button",
      { type: "button", class: "f-editor-layer", "aria-pressed": String(history.now.selected === id) },
      name,
    );
    choose.addEventListener("click", () => {
      history.select(id);
      changed();
    });
    const change = (next: ReturnType<typeof withNewLayer>) => {
      history.change(next);
      changed();
    };
    const up = tool("up", `Move ${name} up`, () => change(withLayerMoved(history.now, id, 1)));
    const down = tool("down", `Move ${name} down`, () => change(withLayerMoved(history.now, id, -1)));
    up.disabled = index === count - 1;
    down.disabled = index === 0;
    return el(
      "li",
      { class: isVisible ? "" : "is-hidden" },
      choose,
      tool(isVisible ? "eye" : "hidden", `${isVisible ? "Hide" : "Show"} ${name}`, () =>
        change(withLayerShown(history.now, id, !isVisible)),
      ),
      up,
      down,
      tool("bin", `Delete ${name}`, () => change(withoutLayer(history.now, id))),
    );
  };

  return {
    element,
    draw() {
      // The button that was pressed is made anew: the focus goes on to the one in its place.
      const buttons = [...list.querySelectorAll("button")];
      const had = buttons.find((button) => button === document.activeElement)?.getAttribute("aria-label");
      const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
      const { layers } = history.now;
      list.replaceChildren(...layers.map((layer, index) => row(layer, index, layers.length)).reverse());
      if (at < 0) return;
      const made = [...list.querySelectorAll("button")];
      const same = made.find(
        (button) => had !== null && button.getAttribute("aria-label") === had && !button.disabled,
      );
      (same ?? made[Math.min(at, made.length - 1)])?.focus({ preventScroll: true });
    },
  };
}
