import { Konva } from "konva/lib/Core.js";
import { Circle } from "konva/lib/shapes/Circle.js";
import { Image as Picture } from "konva/lib/shapes/Image.js";
import { Line } from "konva/lib/shapes/Line.js";
import { Rect } from "konva/lib/shapes/Rect.js";
import { Transformer } from "konva/lib/shapes/Transformer.js";
import type { Layer, Pasted, Sketch, Stroke } from "./document.ts";

// A canvas for each layer is what erasing on one layer needs.
Konva.showWarnings = false;

type Group = InstanceType<typeof Konva.Group>;
type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

const MARGIN = 24;
const MOST_ZOOM = 32;

/** The shape of a mark, as it is shown and as it is exported. */
export function shapeOf(mark: Stroke | Pasted): InstanceType<typeof Konva.Shape> {
  if (mark.type === "picture")
    return new Picture({ image: mark.image as HTMLImageElement, listening: false });
  const [x = 0, y = 0] = mark.points;
  return new Line({
    // A point alone is a dot.
    points: mark.points.length > 2 ? [...mark.points] : [x, y, x + 0.01, y],
    stroke: mark.colour,
    strokeWidth: mark.size,
    lineCap: "round",
    lineJoin: "round",
    listening: false,
    perfectDrawEnabled: false,
    globalCompositeOperation: mark.isErasing ? "destination-out" : "source-over",
  });
}

/** Shows a sketch in an element: zoomed, moved, and with the pointer's place in pixels of the picture. */
export class SketchView {
  readonly stage: InstanceType<typeof Konva.Stage>;
  readonly #paper = new Konva.Layer({ listening: false });
  readonly #above = new Konva.Layer();
  readonly #sheet = new Rect({
    fill: "#fff",
    shadowColor: "#000",
    shadowOpacity: 0.25,
    shadowBlur: 6,
    listening: false,
  });
  readonly #ground = new Konva.Group({ listening: false });
  readonly #cursor = new Circle({ stroke: "#000", strokeWidth: 1, listening: false, visible: false });
  readonly #halo = new Circle({ stroke: "#fff", strokeWidth: 1, listening: false, visible: false });
  readonly #layers = new Map<
    number,
    { readonly layer: InstanceType<typeof Konva.Layer>; readonly group: Group; marks: Layer["marks"] }
  >();
  #sketch: Sketch;
  #zoom = 1;
  #offset = { x: 0, y: 0 };
  #isFitted = true;
  #crop:
    | { readonly rect: InstanceType<typeof Rect>; readonly transformer: InstanceType<typeof Transformer> }
    | undefined;
  readonly #watcher: ResizeObserver;
  readonly #onzoom: (zoom: number) => void;

  constructor(container: HTMLDivElement, sketch: Sketch, onzoom: (zoom: number) => void) {
    this.#onzoom = onzoom;
    this.#sketch = sketch;
    this.stage = new Konva.Stage({ container, width: 1, height: 1 });
    this.#paper.add(this.#sheet, this.#ground);
    this.#above.add(this.#halo, this.#cursor);
    this.stage.add(this.#paper, this.#above);
    this.#watcher = new ResizeObserver(() => {
      this.stage.size({ width: container.clientWidth, height: container.clientHeight });
      if (this.#isFitted) this.fit();
      else this.#place();
    });
    this.#watcher.observe(container);
    this.show(sketch);
  }

  get zoom(): number {
    return this.#zoom;
  }

  show(sketch: Sketch): void {
    const isOtherSize = sketch.width !== this.#sketch.width || sketch.height !== this.#sketch.height;
    const isOtherGround = sketch.background !== this.#sketch.background || this.#ground.children.length === 0;
    this.#sketch = sketch;
    if (isOtherGround) {
      this.#ground.destroyChildren();
      if (sketch.background !== null)
        this.#ground.add(shapeOf({ type: "picture", image: sketch.background }));
    }
    for (const [id, { layer }] of this.#layers) {
      if (sketch.layers.some((each) => each.id === id)) continue;
      layer.destroy();
      this.#layers.delete(id);
    }
    for (const [index, { id, isVisible, marks }] of sketch.layers.entries()) {
      let shown = this.#layers.get(id);
      if (shown === undefined) {
        const layer = new Konva.Layer({ listening: false });
        const group = new Konva.Group();
        layer.add(group);
        this.stage.add(layer);
        shown = { layer, group, marks: [] };
        this.#layers.set(id, shown);
      }
      const same = marks.findIndex((mark, at) => mark !== shown.marks[at]);
      const from = same === -1 ? marks.length : same;
      for (const gone of shown.group.children.slice(from)) gone.destroy();
      for (const mark of marks.slice(from)) shown.group.add(shapeOf(mark));
      shown.marks = marks;
      shown.layer.visible(isVisible);
      shown.layer.zIndex(index + 1);
    }
    this.#above.moveToTop();
    if (isOtherSize) this.fit();
    else this.#place();
  }

  /** Shows a stroke while it is being made, in the place where it will be. */
  begin(stroke: Stroke): (points: readonly number[]) => void {
    const shown = this.#layers.get(this.#sketch.selected);
    const line = shapeOf(stroke) as InstanceType<typeof Line>;
    shown?.group.add(line);
    return (points) => {
      line.points([...points]);
      shown?.layer.batchDraw();
    };
  }

  /** The pointer's place in pixels of the picture, as it was before any crop. */
  pointer(): { x: number; y: number } | undefined {
    const point = this.stage.getPointerPosition();
    if (point === null) return undefined;
    return {
      x: (point.x - this.#offset.x) / this.#zoom + this.#sketch.x,
      y: (point.y - this.#offset.y) / this.#zoom + this.#sketch.y,
    };
  }

  /** A ring as large as what would be drawn; none for `null`. */
  showSize(size: number | null): void {
    const point = this.stage.getPointerPosition();
    const isShown = size !== null && point !== null;
    for (const [ring, more] of [
      [this.#cursor, 0],
      [this.#halo, 1],
    ] as const) {
      ring.visible(isShown);
      if (isShown) ring.setAttrs({ ...point, radius: Math.max(1, (size * this.#zoom) / 2) + more });
    }
    this.#above.batchDraw();
  }

  fit(): void {
    const { width, height } = this.#sketch;
    const zoom = Math.min(
      (this.stage.width() - 2 * MARGIN) / width,
      (this.stage.height() - 2 * MARGIN) / height,
      1,
    );
    this.#isFitted = true;
    this.#zoom = Math.max(zoom, 0.01);
    this.#offset = {
      x: (this.stage.width() - width * this.#zoom) / 2,
      y: (this.stage.height() - height * this.#zoom) / 2,
    };
    this.#place();
  }

  /** The point of the stage stays where it is; without one its middle does. */
  zoomBy(factor: number, at = this.#middle()): void {
    const zoom = Math.max(0.02, Math.min(MOST_ZOOM, this.#zoom * factor));
    this.#offset = {
      x: at.x - ((at.x - this.#offset.x) * zoom) / this.#zoom,
      y: at.y - ((at.y - this.#offset.y) * zoom) / this.#zoom,
    };
    this.#zoom = zoom;
    this.#isFitted = false;
    this.#place();
  }

  moveBy(x: number, y: number): void {
    this.#offset = { x: this.#offset.x + x, y: this.#offset.y + y };
    this.#isFitted = false;
    this.#place();
  }

  /** Shows a frame with handles; gives how to read it and take it away. */
  startCrop(): () => Box {
    const { width, height } = this.#sketch;
    const rect = new Rect({
      x: 0,
      y: 0,
      width,
      height,
      draggable: true,
      stroke: "#e8590c",
      strokeWidth: 1,
      strokeScaleEnabled: false,
    });
    const transformer = new Transformer({
      nodes: [rect],
      rotateEnabled: false,
      keepRatio: false,
      flipEnabled: false,
      borderStroke: "#e8590c",
      anchorStroke: "#e8590c",
      anchorSize: 12,
      ignoreStroke: true,
    });
    const group = new Konva.Group();
    group.add(rect);
    this.#above.add(group, transformer);
    this.#crop = { rect, transformer };
    this.#place();
    return () => {
      const box = {
        x: rect.x(),
        y: rect.y(),
        width: rect.width() * rect.scaleX(),
        height: rect.height() * rect.scaleY(),
      };
      group.destroy();
      transformer.destroy();
      this.#crop = undefined;
      this.#above.batchDraw();
      return box;
    };
  }

  nudgeCrop(x: number, y: number, isSize: boolean): void {
    const rect = this.#crop?.rect;
    if (rect === undefined) return;
    if (isSize) rect.size({ width: Math.max(1, rect.width() + x), height: Math.max(1, rect.height() + y) });
    else rect.position({ x: rect.x() + x, y: rect.y() + y });
  }

  destroy(): void {
    this.#watcher.disconnect();
    this.stage.destroy();
  }

  #middle(): { x: number; y: number } {
    return { x: this.stage.width() / 2, y: this.stage.height() / 2 };
  }

  #place(): void {
    const { x, y, width, height } = this.#sketch;
    const { x: left, y: top } = this.#offset;
    const clip = { x: left, y: top, width: width * this.#zoom, height: height * this.#zoom };
    const view = {
      x: left - x * this.#zoom,
      y: top - y * this.#zoom,
      scaleX: this.#zoom,
      scaleY: this.#zoom,
    };
    this.#sheet.setAttrs(clip);
    this.#ground.setAttrs({ ...view, clip: { x, y, width, height } });
    for (const { layer, group } of this.#layers.values()) {
      layer.clip(clip);
      group.setAttrs(view);
    }
    this.#crop?.rect.getParent()?.setAttrs({ x: left, y: top, scaleX: this.#zoom, scaleY: this.#zoom });
    this.#crop?.transformer.forceUpdate();
    this.stage.batchDraw();
    this.#onzoom(this.#zoom);
  }
}
