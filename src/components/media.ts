import { isFileRef } from "../base/files.ts";
import { type Component, type ComponentSpec, createComponent, type ReplaceFile } from "../graph/component.ts";
import type { ValueType } from "../protocol/values.ts";
import { type CommonProps, define, isNothing, textSpec } from "./define.ts";

const isFile = (value: unknown): boolean => isFileRef(value);
const noExample = (): undefined => undefined;
const isEmptyList = (value: unknown): boolean =>
  isNothing(value) || (Array.isArray(value) && value.length === 0);

function oneFile(kind: string, valueType: ValueType, what: string): ComponentSpec {
  return {
    kind,
    valueType,
    check: (value) => (isFile(value) ? undefined : what),
    isEmpty: (value) => isNothing(value) || value === "",
    example: noExample,
    mapFiles: async (value, replace) => (isNothing(value) ? value : replace(value)),
  };
}

async function mapList(value: unknown, replace: ReplaceFile): Promise<unknown> {
  return Array.isArray(value)
    ? Promise.all(value.map((item) => (isNothing(item) ? item : replace(item))))
    : value;
}

const image = oneFile("image", "image", "an image file");
const audio = oneFile("audio", "audio", "an audio file");
const video = oneFile("video", "video", "a video file");
const model3D = oneFile("model3d", "file", "a 3D model file");

const file: ComponentSpec = {
  kind: "file",
  valueType: "file",
  check(value, props) {
    if (props.fileCount !== "multiple" && props.fileCount !== "directory")
      return isFile(value) ? undefined : "a file";
    return Array.isArray(value) && value.every(isFile) ? undefined : "a list of files";
  },
  isEmpty: (value) => isEmptyList(value) || value === "",
  example: noExample,
  mapFiles: async (value, replace) =>
    Array.isArray(value) ? mapList(value, replace) : isNothing(value) ? value : replace(value),
  item: ({ fileCount: _, ...props }, field) =>
    field === undefined ? createComponent(file, props) : undefined,
};

const isEmptyFile = (value: unknown): boolean => isNothing(value) || value === "";

/** One picture that remembers what it was drawn from; with `withLayers` a record of the parts. */
const imageEditor: ComponentSpec = {
  kind: "imageeditor",
  valueType: "image",
  check(value, props) {
    if (props.withLayers === true)
      return isEditorValue(value) ? undefined : "{ background, layers, composite } of image files";
    // Without properties either will do.
    const fits = isFile(value) || (props.withLayers === undefined && isEditorValue(value));
    return fits ? undefined : "an image file";
  },
  isEmpty: isEmptyFile,
  example: noExample,
  async mapFiles(value, replace, props) {
    if (isEmptyFile(value)) return value;
    if (props.withLayers !== true) return replace(value);
    if (isRecord(value) && !isFile(value)) {
      const part = async (each: unknown) => (isEmptyFile(each) ? null : replace(each));
      const background = await part(value.background);
      const layers = await mapList(value.layers ?? [], replace);
      return {
        background,
        layers,
        composite: isEmptyFile(value.composite) ? background : await part(value.composite),
      };
    }
    const picture = await replace(value);
    if (!isFileRef(picture) || picture.drawing === undefined)
      return { background: picture, layers: [], composite: picture };
    const { drawing, ...composite } = picture;
    return { ...drawing, composite };
  },
};

const isEditorValue = (value: unknown): boolean =>
  isRecord(value) &&
  isFile(value.composite) &&
  (value.background === null || isFile(value.background)) &&
  Array.isArray(value.layers) &&
  value.layers.every(isFile);

const imageSlider: ComponentSpec = {
  kind: "imageslider",
  valueType: "image",
  check: (value) =>
    Array.isArray(value) && value.length === 2 && value.every(isFile) ? undefined : "two image files",
  isEmpty: isEmptyList,
  example: noExample,
  mapFiles: mapList,
  item: (_, field) => (field === undefined ? createComponent(image, {}) : undefined),
};

/** One picture of a gallery, with its caption. */
const picture: ComponentSpec = {
  kind: "picture",
  valueType: "image",
  check: (value) => (isPicture(value) ? undefined : "{ image, caption }"),
  isEmpty: isNothing,
  example: noExample,
  mapFiles: async (value, replace) =>
    isRecord(value) && !isNothing(value.image) ? { ...value, image: await replace(value.image) } : value,
};
const caption = textSpec("textbox");

const gallery: ComponentSpec = {
  kind: "gallery",
  valueType: "image",
  check: (value) =>
    Array.isArray(value) && value.every(isPicture) ? undefined : "a list of { image, caption }",
  isEmpty: isNothing,
  example: () => [],
  async mapFiles(value, replace) {
    if (!Array.isArray(value)) return value;
    return Promise.all(
      value.map(async (item) =>
        isRecord(item) && !isNothing(item.image) ? { ...item, image: await replace(item.image) } : item,
      ),
    );
  },
  item(_, field) {
    if (field === undefined) return createComponent(picture, {});
    return field === "image"
      ? createComponent(image, {})
      : field === "caption"
        ? createComponent(caption, {})
        : undefined;
  },
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isPicture = (value: unknown): boolean =>
  isRecord(value) &&
  isFile(value.image) &&
  (value.caption === undefined || typeof value.caption === "string");

export interface FileProps extends CommonProps {
  /** In a script a path; taken into the file store when it is used. */
  value?: string;
  placeholder?: string;
}

type Source = "upload" | "webcam" | "microphone" | "clipboard";

/** An image. Value: the path of a file. */
export function Image(
  props?: FileProps & { sources?: readonly Source[]; format?: string; imageMode?: string },
): Component<string> {
  return define("Image", image, ["sources", "format", "imageMode", "placeholder"], props);
}

/** A drawn image in its parts, as Gradio has them. Each is the path of a file. */
export interface EditorValue {
  /** What is drawn on; `null` for a blank canvas. */
  background: string | null;
  /** From the lowest to the topmost, each as large as the whole and transparent where nothing is drawn. */
  layers: string[];
  /** Everything together. */
  composite: string;
}

/** What an image editor is made of, as Gradio names it. */
export interface ImageEditorProps extends CommonProps {
  sources?: readonly Source[];
  /** Pixels of a blank canvas, width and height. Default: 800 x 800. */
  canvasSize?: readonly [width: number, height: number];
  /** `false` leaves the brush out. */
  brush?:
    | false
    | {
        colors?: readonly string[];
        defaultColor?: string;
        defaultSize?: number;
        colorMode?: "fixed" | "defaults";
      };
  /** `false` leaves the eraser out. */
  eraser?: false | { defaultSize?: number };
  /** `false`: everything is drawn on one layer. */
  layers?: boolean;
  /** What may be done to the whole picture. Default: `["crop"]`. */
  transforms?: readonly "crop"[];
  placeholder?: string;
}

/** An image that can be drawn on. Value: the path of the image with all that was drawn. */
function imageEditorField(
  props: ImageEditorProps & { withLayers: true; value?: string | EditorValue },
): Component<EditorValue>;
function imageEditorField(
  props?: ImageEditorProps & { withLayers?: false; value?: string },
): Component<string>;
function imageEditorField(props: { withLayers?: boolean } = {}): Component<any> {
  const own = [
    "sources",
    "canvasSize",
    "brush",
    "eraser",
    "layers",
    "transforms",
    "placeholder",
    "withLayers",
  ];
  return define("ImageEditor", imageEditor, own, { ...props, withLayers: props.withLayers === true });
}

export { imageEditorField as ImageEditor };

/** A line of subtitles: its text, and from and to when it is shown, in seconds. */
export interface Subtitle {
  text: string;
  timestamp: readonly [from: number, to: number];
}

/** A sound. Value: the path of a file; what is recorded or trimmed on the canvas is a WAV. */
export function Audio(
  props?: FileProps & {
    sources?: readonly Source[];
    format?: string;
    autoplay?: boolean;
    loop?: boolean;
    /** `false` takes "Trim" away. Default `true`. */
    editable?: boolean;
  },
): Component<string> {
  return define("Audio", audio, ["sources", "format", "autoplay", "loop", "editable", "placeholder"], props);
}

/** A video. Value: the path of a file; what is recorded on the canvas is an MP4 or a WebM, as the browser writes it. */
export function Video(
  props?: FileProps & {
    sources?: readonly Source[];
    format?: string;
    autoplay?: boolean;
    loop?: boolean;
    /** Whether a recording has sound. Default `true`. */
    includeAudio?: boolean;
    subtitles?: readonly Subtitle[];
  },
): Component<string> {
  return define(
    "Video",
    video,
    ["sources", "format", "autoplay", "loop", "includeAudio", "subtitles", "placeholder"],
    props,
  );
}

/** A 3D model (glTF, OBJ, STL, PLY, splat). Value: the path of a file. */
export function Model3D(
  props?: FileProps & {
    /** Behind the model: red, green, blue and opacity, from 0 to 1. */
    clearColor?: readonly number[];
    displayMode?: "solid" | "point_cloud" | "wireframe";
    /** Degrees around, degrees from above, and the distance; `null` is chosen to fit. */
    cameraPosition?: readonly [alpha: number | null, beta: number | null, radius: number | null];
    zoomSpeed?: number;
    panSpeed?: number;
  },
): Component<string> {
  return define(
    "Model3D",
    model3D,
    ["clearColor", "displayMode", "cameraPosition", "zoomSpeed", "panSpeed", "placeholder"],
    props,
  );
}

/** Any file. Value: its path; a list of paths with `fileCount: "multiple"`. */
function fileField(
  props: CommonProps & {
    value?: readonly string[];
    fileCount: "multiple" | "directory";
    fileTypes?: readonly string[];
  },
): Component<string[]>;
function fileField(
  props?: CommonProps & { value?: string; fileCount?: "single"; fileTypes?: readonly string[] },
): Component<string>;
function fileField(props?: object): Component<any> {
  return define("File", file, ["fileCount", "fileTypes"], props);
}

export { fileField as File };

/** Two images under one slider. Value: two paths. */
export function ImageSlider(
  props?: CommonProps & { value?: readonly [string, string] },
): Component<[string, string]> {
  return define("ImageSlider", imageSlider, [], props);
}

/** A picture of a gallery. */
export interface Picture {
  /** Path of a file. */
  image: string;
  caption?: string;
}

/** A grid of pictures. Value: `{ image, caption? }[]`. */
export function Gallery(
  props?: CommonProps & { value?: readonly Picture[]; columns?: number; rows?: number; objectFit?: string },
): Component<Picture[]> {
  return define("Gallery", gallery, ["columns", "rows", "objectFit"], props);
}
