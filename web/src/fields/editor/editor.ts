import "./editor.css";
import { el, isRecord, numeric, textual } from "../dom.ts";
import type { Field, FieldOptions } from "../field.ts";
import { type Drawing, tool } from "../pictures/tool.ts";
import { cleared, cropped, History, type Sketch, type Stroke, withStroke } from "./document.ts";
import { layersPanel } from "./layers-panel.ts";
import { saveSketch } from "./value.ts";
import { SketchView } from "./view.ts";

type Tool = "brush" | "eraser" | "hand" | "crop";
const tools: Readonly<
  Record<Tool, { readonly name: string; readonly key: string; readonly drawing: Drawing }>
> = {
  brush: { name: "Brush", key: "b", drawing: "pencil" },
  eraser: { name: "Eraser", key: "e", drawing: "eraser" },
  hand: { name: "Move", key: "h", drawing: "hand" },
  crop: { name: "Crop", key: "c", drawing: "crop" },
};
const colours = ["#1d1d1a", "#ffffff", "#e03131", "#e8590c", "#f08c00", "#2f9e44", "#1971c2", "#9c36b5"];

/** Brush, eraser, layers and crop on a picture, above the page. */
export function mountEditor(element: HTMLElement, options: FieldOptions, opened: Sketch): Field {
  let current = options;
  const { props, label } = options;
  const history = new History(opened);
  const brush = isRecord(props["brush"]) ? props["brush"] : {};
  const eraser = isRecord(props["eraser"]) ? props["eraser"] : {};
  const palette = Array.isArray(brush["colors"]) ? brush["colors"].map(String) : colours;
  const isFixed = brush["colorMode"] === "fixed";
  const usual = Math.max(2, Math.round(Math.max(opened.width, opened.height) / 100));
  const sizes = {
    brush: numeric(brush["defaultSize"]) ?? usual,
    eraser: numeric(eraser["defaultSize"]) ?? usual * 2,
  };
  const transforms = Array.isArray(props["transforms"]) ? props["transforms"] : ["crop"];
  const allowed = (Object.keys(tools) as Tool[]).filter(
    (name) =>
      (name !== "brush" || props["brush"] !== false) &&
      (name !== "eraser" || props["eraser"] !== false) &&
      (name !== "crop" || transforms.includes("crop")),
  );
  let colour = textual(brush["defaultColor"]) ?? palette[0] ?? "#1d1d1a";
  let chosen: Tool = allowed[0] ?? "hand";
  let takeCrop: (() => { x: number; y: number; width: number; height: number }) | undefined;
  let isSpaceHeld = false;
  let isDone = false;

  const paper = el("div", {
    class: "f-editor-paper",
    tabindex: 0,
    role: "application",
    "aria-label": `${label}, drawing area`,
  });
  const percent = el("span", { class: "f-stage-zoom", role: "status", "aria-label": "Zoom" });
  const alert = el("p", { class: "f-error", role: "alert" });
  const view = new SketchView(paper, opened, (zoom) => {
    percent.textContent = `${Math.round(zoom * 100)} %`;
  });

  const toolButtons = new Map(
    allowed.map((name) => {
      const { name: word, key, drawing: shape } = tools[name];
      return [name, tool(shape, word, () => choose(name), key.toUpperCase())] as const;
    }),
  );
  const size = el("input", { type: "range", min: 1, max: Math.max(100, usual * 8), "aria-label": "Size" });
  const sizeWords = el("output", { class: "f-editor-size" });
  const swatches = el("div", { class: "f-editor-colours", role: "group", "aria-label": "Colour" });
  const undo = tool("undo", "Undo", () => step("undo"), "Control+Z");
  const redo = tool("redo", "Redo", () => step("redo"), "Control+Shift+Z");
  const clear = el("button", { type: "button", class: "f-replace" }, "Clear");
  const discard = el("button", { type: "button", class: "button small" }, "Discard");
  const done = el("button", { type: "button", class: "button small primary" }, "Done");
  const cropBar = el("div", { class: "f-editor-crop" });
  const dimensions = el("span", { class: "f-editor-dimensions" });
  const panel = layersPanel(history, show);

  function show(): void {
    view.show(history.now);
    undo.disabled = !history.canUndo;
    redo.disabled = !history.canRedo;
    dimensions.textContent = `${history.now.width} × ${history.now.height}`;
    panel.draw();
  }
  function change(next: Sketch): void {
    history.change(next);
    show();
  }
  function step(which: "undo" | "redo"): void {
    if (takeCrop !== undefined) leaveCrop();
    history[which]();
    show();
  }
  function choose(name: Tool): void {
    if (takeCrop !== undefined && name !== "crop") leaveCrop();
    chosen = name;
    for (const [each, button] of toolButtons) button.setAttribute("aria-pressed", String(each === name));
    const sized = name === "brush" || name === "eraser" ? sizes[name] : undefined;
    if (size.parentElement !== null) size.parentElement.hidden = sized === undefined;
    if (sized !== undefined) size.value = String(sized);
    sizeWords.textContent = sized === undefined ? "" : `${sized} px`;
    swatches.hidden = name !== "brush";
    paper.dataset["tool"] = name;
    view.showSize(null);
    if (name === "crop" && takeCrop === undefined) {
      takeCrop = view.startCrop();
      cropBar.hidden = false;
    }
  }
  function setSize(next: number): void {
    if (chosen !== "brush" && chosen !== "eraser") return;
    sizes[chosen] = Math.max(1, Math.min(Number(size.max), Math.round(next)));
    choose(chosen);
  }
  function leaveCrop(): void {
    takeCrop?.();
    takeCrop = undefined;
    cropBar.hidden = true;
    choose(allowed[0] ?? "hand");
  }
  function applyCrop(): void {
    const box = takeCrop?.();
    takeCrop = undefined;
    cropBar.hidden = true;
    if (box !== undefined) change(cropped(history.now, box.x, box.y, box.width, box.height));
    choose(allowed[0] ?? "hand");
  }
  function setColour(next: string): void {
    colour = next;
    for (const swatch of swatches.querySelectorAll("button"))
      swatch.setAttribute("aria-pressed", String(swatch.dataset["colour"] === next));
  }
  async function finish(): Promise<void> {
    if (isDone) return;
    if (!history.canUndo) {
      isDone = true;
      return current.close?.();
    }
    done.disabled = true;
    done.textContent = "Saving…";
    alert.textContent = "";
    try {
      const value = await saveSketch(history.now, opened, current);
      isDone = true;
      current.onchange(value);
      current.close?.();
    } catch (error) {
      alert.textContent = (error as Error).message;
      done.disabled = false;
      done.textContent = "Done";
    }
  }

  for (const each of palette) {
    const swatch = el("button", {
      type: "button",
      class: "f-editor-colour",
      "aria-label": `Colour ${each}`,
      "data-colour": each,
    });
    swatch.style.background = each;
    swatch.addEventListener("click", () => setColour(each));
    swatches.append(swatch);
  }
  if (!isFixed) {
    const own = el("input", {
      type: "color",
      class: "f-editor-own",
      "aria-label": "Another colour",
      value: /^#[0-9a-f]{6}$/i.test(colour) ? colour : "#e8590c",
    });
    own.addEventListener("input", () => setColour(own.value));
    swatches.append(own);
  }
  size.addEventListener("input", () => setSize(Number(size.value)));
  clear.addEventListener("click", () => change(cleared(history.now)));
  discard.addEventListener("click", () => {
    isDone = true;
    current.close?.();
  });
  done.addEventListener("click", () => void finish());
  const button = (word: string, act: () => void, look: string) => {
    const made = el("button", { type: "button", class: look }, word);
    made.addEventListener("click", act);
    return made;
  };
  cropBar.append(
    button("Crop", applyCrop, "button small primary"),
    button("Cancel crop", leaveCrop, "button small"),
  );
  cropBar.hidden = true;

  listenToPointer();
  const root = el(
    "div",
    { class: "f-editor" },
    el(
      "div",
      { class: "f-editor-bar", role: "toolbar", "aria-label": `Tools of ${label}` },
      el("div", { class: "f-editor-group" }, ...toolButtons.values()),
      el("div", { class: "f-editor-group f-editor-sizes" }, size, sizeWords),
      swatches,
      el("div", { class: "f-editor-group" }, undo, redo, clear),
      el("span", { class: "f-editor-space" }),
      el("div", { class: "f-editor-group" }, discard, done),
    ),
    el(
      "div",
      { class: "f-editor-body" },
      el("div", { class: "f-editor-middle" }, paper, cropBar),
      props["layers"] === false ? "" : panel.element,
    ),
    el(
      "div",
      { class: "f-stage-bar" },
      dimensions,
      alert,
      el("span", { class: "f-editor-space" }),
      tool("minus", "Zoom out", () => view.zoomBy(0.8), "-"),
      percent,
      tool("plus", "Zoom in", () => view.zoomBy(1.25), "+"),
      tool("fit", "Fit", () => view.fit(), "0"),
    ),
  );
  root.addEventListener("keydown", keydown);
  root.addEventListener("keyup", (event) => {
    if (event.key === " ") isSpaceHeld = false;
  });
  element.append(root);
  setColour(colour);
  choose(chosen);
  show();
  paper.focus({ preventScroll: true });

  function listenToPointer(): void {
    let draw: ((points: readonly number[]) => void) | undefined;
    let stroke: Stroke | undefined;
    let points: number[] = [];
    let heldAt: { x: number; y: number } | undefined;
    const { stage } = view;
    stage.on("pointerdown", ({ evt }) => {
      if (evt.button === 1 || chosen === "hand" || isSpaceHeld) heldAt = { x: evt.clientX, y: evt.clientY };
      else if (evt.button === 0 && (chosen === "brush" || chosen === "eraser")) {
        const at = view.pointer();
        const layer = history.now.layers.find(({ id }) => id === history.now.selected);
        if (at === undefined || stroke !== undefined) return;
        alert.textContent =
          layer?.isVisible === false ? `${layer.name} is hidden: show it to draw on it.` : "";
        if (layer?.isVisible === false) return;
        points = [at.x, at.y];
        const ink = chosen === "eraser" ? "#000" : colour;
        stroke = { type: "stroke", points, colour: ink, size: sizes[chosen], isErasing: chosen === "eraser" };
        draw = view.begin(stroke);
      } else return;
      paper.setPointerCapture(evt.pointerId);
      paper.focus({ preventScroll: true });
      evt.preventDefault();
    });
    const sized = () => (chosen === "brush" || chosen === "eraser" ? sizes[chosen] : null);
    paper.addEventListener("pointermove", (event) => {
      stage.setPointersPositions(event);
      view.showSize(sized());
      if (heldAt !== undefined) {
        view.moveBy(event.clientX - heldAt.x, event.clientY - heldAt.y);
        heldAt = { x: event.clientX, y: event.clientY };
      }
      const at = view.pointer();
      if (draw === undefined || at === undefined) return;
      points.push(at.x, at.y);
      draw(points);
    });
    const up = () => {
      heldAt = undefined;
      if (stroke === undefined) return;
      const made = { ...stroke, points: [...points] };
      stroke = undefined;
      draw = undefined;
      change(withStroke(history.now, made));
    };
    paper.addEventListener("pointerup", up);
    paper.addEventListener("pointercancel", up);
    paper.addEventListener("pointerleave", () => view.showSize(null));
    paper.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        stage.setPointersPositions(event);
        view.zoomBy(
          Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 400)),
          stage.getPointerPosition() ?? undefined,
        );
      },
      { passive: false },
    );
  }

  function keydown(event: KeyboardEvent): void {
    // The page's own undo, search and Esc are not for what happens here.
    if (event.key !== "Tab") event.stopPropagation();
    const isInField = event.target instanceof HTMLInputElement && event.target.type !== "color";
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      if (key === "z") step(event.shiftKey ? "redo" : "undo");
      else if (key === "y") step("redo");
      else if (key === "enter") void finish();
      else return;
    } else if (event.key === "Escape") takeCrop === undefined ? void finish() : leaveCrop();
    else if (isInField || event.altKey) return;
    else if (takeCrop !== undefined && event.key === "Enter" && event.target === paper) applyCrop();
    else if (takeCrop !== undefined && event.key.startsWith("Arrow")) {
      const by = 10;
      const x = event.key === "ArrowLeft" ? -by : event.key === "ArrowRight" ? by : 0;
      const y = event.key === "ArrowUp" ? -by : event.key === "ArrowDown" ? by : 0;
      view.nudgeCrop(x, y, event.shiftKey);
    } else if (event.key === "[") setSize(Number(size.value) * 0.8 - 1);
    else if (event.key === "]") setSize(Number(size.value) * 1.2 + 1);
    else if (event.key === "+" || event.key === "=") view.zoomBy(1.25);
    else if (event.key === "-") view.zoomBy(0.8);
    else if (event.key === "0") view.fit();
    else if (event.key === " " && event.target === paper) isSpaceHeld = true;
    else {
      const wanted = allowed.find((name) => tools[name].key === key);
      if (wanted === undefined) return;
      choose(wanted);
    }
    event.preventDefault();
  }

  return {
    update(next) {
      current = next;
    },
    destroy() {
      // Left in another way than by its buttons: what was drawn is kept.
      if (!isDone && history.canUndo) {
        const { onchange } = current;
        void saveSketch(history.now, opened, current).then(onchange, () => {});
      }
      view.destroy();
      element.replaceChildren();
    },
  };
}
