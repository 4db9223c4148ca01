import { isFileRef } from "../base/files.ts";
import type { Json } from "../base/json.ts";
import { type Codec, type EncodeFile, isRecord, RemoteFile, remoteFile, ShapeError } from "./gradio-codec.ts";
import { chatbot, dataframe, dateTime, highlightedText, label, multimodal, plot } from "./gradio-codecs.ts";
import { gallery, imageEditor, imageSlider } from "./gradio-media-codecs.ts";
import type { FilePlace } from "./gradio-types.ts";

/** What a value is declared as. */
export interface Declared {
  readonly component: string;
  readonly file: FilePlace;
  readonly schema: Json;
}

/** Gradio's names by their lower-case form, as `/info` writes all but the first letter small. */
const NAMES = [
  "AnnotatedImage",
  "BarPlot",
  "BrowserState",
  "CheckboxGroup",
  "ColorPicker",
  "DateTime",
  "DownloadButton",
  "FileExplorer",
  "HTML",
  "HighlightedText",
  "ImageEditor",
  "ImageSlider",
  "JSON",
  "LinePlot",
  "Model3D",
  "MultimodalTextbox",
  "ParamViewer",
  "ScatterPlot",
  "UploadButton",
];
const namesByKind = new Map(NAMES.map((name) => [name.toLowerCase(), name]));

/** Gradio's own spelling of a component's name: `Imageeditor` is `ImageEditor`. */
export function componentName(name: string): string {
  return namesByKind.get(name.toLowerCase()) ?? name;
}

/** Components whose value on the wire is not daggr's. All others are kept, files aside. */
const codecs: Readonly<Record<string, Codec>> = {
  Chatbot: chatbot,
  Dataframe: dataframe,
  DateTime: dateTime,
  Gallery: gallery,
  HighlightedText: highlightedText,
  ImageEditor: imageEditor,
  ImageSlider: imageSlider,
  Label: label,
  MultimodalTextbox: multimodal,
  Plot: plot,
};

/** A raw `gr.update`. */
export function isUpdate(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && value["__type__"] === "update";
}

/**
 * A returned value as daggr has it. Files are left as {@link RemoteFile}s, to be downloaded. A `gr.update` gives its
 * new value, or what the output was before when it has none.
 */
export function decode(value: unknown, declared: Declared, before: unknown = null): unknown {
  if (isUpdate(value)) return "value" in value ? decode(value["value"], declared) : before;
  if (value === null || value === undefined) return null;
  if (declared.file === "many" && !Array.isArray(value)) return decode([value], declared);
  const codec = codecs[declared.component];
  try {
    return codec === undefined ? decodePlain(value, declared) : codec.decode(value, declared.schema);
  } catch (error) {
    if (error instanceof ShapeError) return decodePlain(value, declared);
    throw error;
  }
}

/** Only where the endpoint declares files is an object with a path one: plain JSON may look like it. */
function decodePlain(value: unknown, declared: Declared): unknown {
  if (declared.file === false) return value;
  return markFiles(value);
}

function markFiles(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(markFiles);
  if (!isRecord(value)) return value;
  const file = remoteFile(value);
  return file ?? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, markFiles(item)]));
}

/** A value as the endpoint wants it. `file` uploads; throws a {@link ShapeError} for what does not fit. */
export async function encode(value: unknown, declared: Declared, file: EncodeFile): Promise<unknown> {
  if (value === null || value === undefined) return null;
  const codec = codecs[declared.component];
  if (codec?.encode !== undefined) return codec.encode(value, file, declared.schema);
  if (declared.file === "one") {
    if (Array.isArray(value)) throw new ShapeError("one file");
    return file(value);
  }
  if (declared.file === "many")
    return Promise.all((Array.isArray(value) ? value : [value]).map((item) => file(item)));
  return declared.file === "inside" ? encodeInside(value, file) : withoutFiles(value);
}

/** Components we do not know: every file in the value is uploaded, every text stays a text. */
async function encodeInside(value: unknown, file: EncodeFile): Promise<unknown> {
  if (file.isFile(value)) return file(value);
  if (Array.isArray(value)) return Promise.all(value.map((item) => encodeInside(item, file)));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(
    async ([key, item]) => [key, await encodeInside(item, file)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

function withoutFiles(value: unknown): unknown {
  if (isRecord(value) && value["$daggr"] === "file") throw new ShapeError("a value without files");
  if (Array.isArray(value)) value.forEach(withoutFiles);
  else if (isRecord(value)) Object.values(value).forEach(withoutFiles);
  return value;
}

/** Every file in a decoded value. */
export function remoteFilesIn(value: unknown, found: RemoteFile[] = []): RemoteFile[] {
  if (value instanceof RemoteFile) {
    found.push(value);
    if (value.drawing !== undefined) remoteFilesIn(value.drawing, found);
  } else if (Array.isArray(value)) for (const item of value) remoteFilesIn(item, found);
  else if (isRecord(value)) for (const item of Object.values(value)) remoteFilesIn(item, found);
  return found;
}

/** The value with each file replaced by what it became. */
export function replaceRemoteFiles(value: unknown, by: ReadonlyMap<RemoteFile, unknown>): unknown {
  if (value instanceof RemoteFile) {
    const replaced = by.get(value);
    return value.drawing !== undefined && isFileRef(replaced)
      ? { ...replaced, drawing: replaceRemoteFiles(value.drawing, by) }
      : replaced;
  }
  if (Array.isArray(value)) return value.map((item) => replaceRemoteFiles(item, by));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceRemoteFiles(item, by)]));
}
