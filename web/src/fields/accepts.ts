import { isFileRef } from "../../../src/protocol/values.ts";

type Check = (value: unknown, props: Readonly<Record<string, unknown>>) => boolean;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText: Check = (value) => typeof value === "string";
const isNumber: Check = (value) => typeof value === "number";
const isFile: Check = (value) => isFileRef(value);
const isList =
  (check: (entry: unknown) => boolean): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const isScalar = (value: unknown) => ["string", "number", "boolean"].includes(typeof value);

/** What each kind can show. Anything else is shown as JSON with a note, and never breaks the card. */
const checks: Readonly<Record<string, Check>> = {
  textbox: isText,
  textarea: isText,
  text: isText,
  code: isText,
  markdown: isText,
  html: isText,
  colorpicker: isText,
  datetime: isText,
  number: isNumber,
  slider: isNumber,
  checkbox: (value) => typeof value === "boolean",
  dropdown: (value, props) =>
    props["multiselect"] === true ? isList(isScalar)(value, props) : isScalar(value),
  radio: isScalar,
  checkboxgroup: isList(isScalar),
  image: isFile,
  imageeditor: (value) => isFileRef(value) || (isRecord(value) && isFileRef(value["composite"])),
  imageslider: (value) => Array.isArray(value) && value.length === 2 && value.every(isFileRef),
  model3d: isFile,
  audio: isFile,
  video: isFile,
  file: (value) => isFileRef(value) || (Array.isArray(value) && value.every(isFileRef)),
  json: () => true,
  label: (value) =>
    isRecord(value) &&
    (Object.values(value).every((entry) => typeof entry === "number") || typeof value["label"] === "string"),
  highlightedtext: isList(
    (entry) => Array.isArray(entry) && entry.length === 2 && typeof entry[0] === "string",
  ),
  dataframe: (value) =>
    isRecord(value) &&
    Array.isArray(value["headers"]) &&
    Array.isArray(value["data"]) &&
    value["data"].every(Array.isArray),
  chatbot: isList(
    (entry) =>
      (isRecord(entry) && typeof entry["role"] === "string" && "content" in entry) ||
      (Array.isArray(entry) && entry.length === 2),
  ),
  plot: (value) => isRecord(value) || isText(value, {}),
  picture: (value) => isRecord(value) && isFileRef(value["image"]),
  gallery: isList((entry) => isRecord(entry) && isFileRef(entry["image"])),
  itemlist: isList(isRecord),
};

/** Kinds with a view of their own. */
export function isKnownKind(kind: string): boolean {
  return Object.hasOwn(checks, kind);
}

/** Whether there is nothing to show: the field shows its empty place. */
export function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

/** The kind that shows this value, and a note where it is not the one that was asked for. */
export function kindFor(
  kind: string,
  value: unknown,
  props: Readonly<Record<string, unknown>>,
): { kind: string; note: string | null } {
  if (!isKnownKind(kind)) return { kind: "json", note: isNothing(value) ? null : `${kind} is shown as JSON` };
  if (isNothing(value) || checks[kind]!(value, props)) return { kind, note: null };
  return { kind: "json", note: `Not a value for ${kind}, shown as JSON` };
}
