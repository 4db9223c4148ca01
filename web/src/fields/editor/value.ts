import { type FileRef, fileUrl, isFileRef } from "../../../../src/protocol/values.ts";
import { isRecord } from "../dom.ts";
import type { FieldOptions } from "../field.ts";
import type { Sketch } from "./document.ts";

type Props = FieldOptions["props"];

/** What a value is made of, whichever of its two forms it has. */
export interface Parts {
  readonly composite: FileRef | null;
  readonly background: FileRef | null;
  readonly layers: readonly FileRef[];
}

export function partsOf(value: unknown): Parts {
  if (isFileRef(value)) {
    const { drawing } = value;
    return {
      composite: value,
      background: drawing === undefined ? value : drawing.background,
      layers: drawing?.layers ?? [],
    };
  }
  if (!isRecord(value)) return { composite: null, background: null, layers: [] };
  const file = (each: unknown) => (isFileRef(each) ? each : null);
  const layers = Array.isArray(value["layers"]) ? value["layers"].filter(isFileRef) : [];
  const background = file(value["background"]);
  return { composite: file(value["composite"]) ?? background, background, layers };
}

/** The value that a field with these properties has. */
export function madeOf({ composite, background, layers }: Parts, props: Props): unknown {
  if (composite === null) return null;
  if (props["withLayers"] === true) return { background, layers, composite };
  const { drawing: _, ...picture } = composite;
  return layers.length === 0 && background?.id === picture.id
    ? picture
    : { ...picture, drawing: { background, layers } };
}

async function load(file: FileRef): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = fileUrl(file);
  try {
    await image.decode();
  } catch {
    throw new Error(`${file.name} cannot be drawn on: it is broken, or of a kind that browsers do not know.`);
  }
  return image;
}

/** The sketch of a value, with its layers; a blank one where there is none. */
export async function openSketch(value: unknown, props: Props): Promise<Sketch> {
  const { background, layers } = partsOf(value);
  const { layerNamed } = await import("./export.ts");
  const [ground, ...pictures] = await Promise.all([
    background === null ? null : load(background),
    ...layers.map(load),
  ]);
  const size = ground ?? pictures[0];
  const [width, height] =
    size === undefined ? blankSize(props) : [size.naturalWidth || 800, size.naturalHeight || 800];
  const opened = pictures.map((image, index) => ({
    id: index + 1,
    ...layerNamed(layers[index]!.name),
    marks: [{ type: "picture" as const, image: image! }],
  }));
  const empty = { id: 1, name: "Layer 1", isVisible: true, marks: [] };
  const all = opened.length > 0 ? opened : [empty];
  return { x: 0, y: 0, width, height, background: ground, layers: all, selected: all.at(-1)!.id };
}

export function blankSize(props: Props): [number, number] {
  const given = props["canvasSize"];
  const [width, height] = Array.isArray(given) ? given : [];
  const side = (value: unknown) =>
    typeof value === "number" && value >= 1 ? Math.min(8192, Math.round(value)) : 800;
  return [side(width), side(height)];
}

/** Uploads what was drawn; what did not change is not sent again. */
export async function saveSketch(
  sketch: Sketch,
  opened: Sketch,
  { value, props, upload }: FieldOptions,
): Promise<unknown> {
  const { drawBackground, drawComposite, drawLayer, fileNameOf, pngFile } = await import("./export.ts");
  const before = partsOf(value);
  const isWhole = (["x", "y", "width", "height"] as const).every((side) => sketch[side] === opened[side]);
  const drawn = sketch.layers.filter(({ marks }) => marks.length > 0);
  const background =
    sketch.background === null
      ? null
      : isWhole && before.background !== null
        ? before.background
        : await upload(await pngFile(drawBackground(sketch), "background.png"));
  const layers: FileRef[] = [];
  for (const layer of drawn)
    layers.push(await upload(await pngFile(drawLayer(sketch, layer), fileNameOf(layer))));
  const composite =
    drawn.length === 0 && background !== null
      ? background
      : await upload(await pngFile(drawComposite(sketch), "drawing.png"));
  return madeOf({ composite, background, layers }, props);
}
