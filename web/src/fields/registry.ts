import type { MountField } from "./field.ts";
import { mountText } from "./kinds/text.ts";

type Load = () => Promise<{ readonly mount: MountField }>;

const text: Load = () => Promise.resolve({ mount: mountText });
const checkbox: Load = () => import("./kinds/checkbox.ts");

/** Where each kind's view comes from. Only the text field is part of the first load. */
const kinds: Readonly<Record<string, Load>> = {
  textbox: text,
  textarea: text,
  text,
  code: () => import("./kinds/code.ts"),
  number: () => import("./kinds/number.ts"),
  slider: () => import("./kinds/slider.ts"),
  checkbox,
  colorpicker: () => import("./kinds/color.ts"),
  datetime: () => import("./kinds/date-time.ts"),
  radio: () => import("./kinds/radio.ts"),
  checkboxgroup: () => import("./kinds/checkbox-group.ts"),
  dropdown: () => import("./kinds/dropdown.ts"),
  image: () => import("./kinds/image.ts"),
  imageeditor: () => import("./kinds/image-editor.ts"),
  imageslider: () => import("./kinds/image-slider.ts"),
  model3d: () => import("./kinds/model.ts"),
  audio: () => import("./kinds/audio.ts"),
  video: () => import("./kinds/video.ts"),
  file: () => import("./kinds/file.ts"),
  json: () => import("./kinds/json.ts"),
  markdown: () => import("./kinds/markdown.ts"),
  html: () => import("./kinds/html.ts"),
  gallery: () => import("./kinds/gallery.ts"),
  picture: () => import("./kinds/picture.ts"),
  label: () => import("./kinds/label.ts"),
  dataframe: () => import("./kinds/dataframe.ts"),
  highlightedtext: () => import("./kinds/highlighted-text.ts"),
  chatbot: () => import("./kinds/chatbot.ts"),
  plot: () => import("./kinds/plot.ts"),
  itemlist: () => import("./kinds/item-list.ts"),
};

/** Every kind that has a view. */
export function kindNames(): string[] {
  return Object.keys(kinds);
}

const loaded = new Map<string, Promise<MountField>>();

/** The view of a kind that {@link kindFor} gave. */
export function loadField(kind: string): Promise<MountField> {
  let view = loaded.get(kind);
  if (view === undefined) {
    view = (kinds[kind] ?? kinds["json"]!)().then((module) => module.mount);
    view.catch(() => loaded.delete(kind));
    loaded.set(kind, view);
  }
  return view;
}

/** Kinds whose output can sensibly be corrected by hand. */
const editable = new Set([
  "textbox",
  "textarea",
  "text",
  "code",
  "markdown",
  "html",
  "number",
  "slider",
  "checkbox",
  "colorpicker",
  "datetime",
  "radio",
  "checkboxgroup",
  "dropdown",
  "json",
  "dataframe",
  "itemlist",
  "image",
  "imageeditor",
  "imageslider",
  "gallery",
  "model3d",
  "audio",
  "video",
  "file",
  "chatbot",
]);

export function isEditableKind(kind: string): boolean {
  return editable.has(kind);
}
