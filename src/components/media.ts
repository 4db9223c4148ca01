import { isFileRef } from "../base/files.ts";
import type { Component, ComponentSpec, ReplaceFile } from "../graph/component.ts";
import type { ValueType } from "../protocol/values.ts";
import { type CommonProps, define, isNothing } from "./define.ts";

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
const imageEditor = oneFile("imageeditor", "image", "an image file");
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
};

const imageSlider: ComponentSpec = {
  kind: "imageslider",
  valueType: "image",
  check: (value) =>
    Array.isArray(value) && value.length === 2 && value.every(isFile) ? undefined : "two image files",
  isEmpty: isEmptyList,
  example: noExample,
  mapFiles: mapList,
};

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

/** An image that can be drawn on. Value: the path of a file. */
export function ImageEditor(props?: FileProps & { sources?: readonly Source[] }): Component<string> {
  return define("ImageEditor", imageEditor, ["sources", "placeholder"], props);
}

/** A sound. Value: the path of a file. */
export function Audio(
  props?: FileProps & { sources?: readonly Source[]; format?: string; autoplay?: boolean },
): Component<string> {
  return define("Audio", audio, ["sources", "format", "autoplay", "placeholder"], props);
}

/** A video. Value: the path of a file. */
export function Video(
  props?: FileProps & { sources?: readonly Source[]; format?: string; autoplay?: boolean; loop?: boolean },
): Component<string> {
  return define("Video", video, ["sources", "format", "autoplay", "loop", "placeholder"], props);
}

/** A 3D model (glTF, OBJ, STL, PLY, splat). Value: the path of a file. */
export function Model3D(props?: FileProps & { clearColor?: readonly number[] }): Component<string> {
  return define("Model3D", model3D, ["clearColor", "placeholder"], props);
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
