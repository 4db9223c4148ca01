import { Konva } from "konva/lib/Core.js";
import { el } from "../dom.ts";
import { toBlob } from "../pictures/png.ts";
import type { Layer, Sketch } from "./document.ts";
import { shapeOf } from "./view.ts";

const HIDDEN = " (hidden)";

/** The layer's file: its name tells the layer's, for when it is opened again. */
export const fileNameOf = ({ name, isVisible }: Layer): string => `${name}${isVisible ? "" : HIDDEN}.png`;

export function layerNamed(file: string): Pick<Layer, "name" | "isVisible"> {
  const name = file.replace(/\.[^.]*$/, "");
  return name.endsWith(HIDDEN)
    ? { name: name.slice(0, -HIDDEN.length), isVisible: false }
    : { name, isVisible: true };
}

const blank = ({ width, height }: Sketch) => el("canvas", { width, height });

/** One layer as large as the whole, transparent where nothing is drawn. */
export function drawLayer(sketch: Sketch, { marks }: Layer): HTMLCanvasElement {
  const group = new Konva.Group({ x: -sketch.x, y: -sketch.y });
  for (const mark of marks) group.add(shapeOf(mark));
  const canvas = group.toCanvas({ x: 0, y: 0, width: sketch.width, height: sketch.height, pixelRatio: 1 });
  group.destroy();
  return canvas as HTMLCanvasElement;
}

export function drawBackground(sketch: Sketch): HTMLCanvasElement {
  const canvas = blank(sketch);
  if (sketch.background !== null) canvas.getContext("2d")?.drawImage(sketch.background, -sketch.x, -sketch.y);
  return canvas;
}

/** Everything that is visible, on top of each other. */
export function drawComposite(sketch: Sketch): HTMLCanvasElement {
  const canvas = drawBackground(sketch);
  const context = canvas.getContext("2d");
  for (const layer of sketch.layers)
    if (layer.isVisible && layer.marks.length > 0) context?.drawImage(drawLayer(sketch, layer), 0, 0);
  return canvas;
}

export async function pngFile(canvas: HTMLCanvasElement, name: string): Promise<File> {
  return new File([await toBlob(canvas)], name, { type: "image/png" });
}
