import type { Json } from "../../base/json.ts";
import { type ComponentProps, choicesOf } from "../../clients/gradio-props.ts";
import { propertyName, schemaType } from "../../clients/gradio-schema.ts";
import type { GradioParameter, GradioReturn } from "../../clients/gradio-types.ts";
import { decode, remoteFilesIn } from "../../clients/gradio-values.ts";
import { labelOf } from "../../clients/signature.ts";
import { splitUnion } from "../../clients/signature-diff.ts";
import { MOST_CHOICES, takesSeveral } from "../../clients/signature-types.ts";
import * as gr from "../../components/gr.ts";

type Declared = GradioParameter | GradioReturn;
type Source = { readonly name: keyof typeof gr; readonly props: Readonly<Record<string, unknown>> };

const components = { ...gr } as unknown as Readonly<Record<Source["name"], (props: unknown) => unknown>>;

/** A component of `gr` as it is written in a script: `gr.Slider({ label: "Steps", maximum: 50 })`. */
export function componentSource(declared: Declared): string {
  const { name, props } = build(declared);
  const written = literal(props);
  return `gr.${name}(${written === "{}" ? "" : written})`;
}

/** The component with as many of the app's own properties as ours takes. */
function build(declared: Declared): Source {
  const { name, props } = kindOf(declared);
  const label = labelOf(declared.label);
  const common = {
    ...(label === "" ? {} : { label }),
    ...(typeof declared.props["info"] === "string" ? { info: declared.props["info"] } : {}),
    ...props,
  };
  const preset = presetOf(declared);
  for (const candidate of [...(preset === undefined ? [] : [{ ...common, value: preset }]), common])
    if (isAccepted(name, candidate)) return { name, props: candidate };
  return { name: "JSON", props: label === "" ? {} : { label } };
}

/** What the component itself refuses would stop the script: a default outside of its choices, a value that only Gradio knows. */
function isAccepted(name: Source["name"], props: Source["props"]): boolean {
  try {
    components[name](props);
    return true;
  } catch {
    return false;
  }
}

/** The default as daggr has it; files lie on the app's machine. */
function presetOf(declared: Declared): unknown {
  if (!("hasDefault" in declared) || !declared.hasDefault || declared.default === null) return undefined;
  const value = decode(declared.default, declared);
  const isEmptyText = value === "" || (Array.isArray(value) && value.length === 0);
  return value === null || isEmptyText || remoteFilesIn(value).length > 0 ? undefined : value;
}

type Kind = (declared: Declared) => Source;

/** Our properties under Gradio's names. */
function pick(props: ComponentProps, names: Readonly<Record<string, string>>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([theirs, ours]) => {
      const value = props[theirs];
      return value === undefined || value === false ? [] : [[ours, value]];
    }),
  );
}

const plain =
  (name: Source["name"], names: Readonly<Record<string, string>> = {}): Kind =>
  ({ props }) => ({ name, props: pick(props, names) });

const texts: Kind = ({ props }) => ({
  name: "Textbox",
  props: {
    ...(Number(props["lines"]) > 1 ? { lines: props["lines"] } : {}),
    ...(props["type"] === "password" || props["type"] === "email" ? { type: props["type"] } : {}),
    ...pick(props, { placeholder: "placeholder", max_length: "maxLength" }),
  },
});

const numbers =
  (name: "Number" | "Slider"): Kind =>
  ({ props }) => ({
    name,
    props: {
      ...pick(props, { minimum: "minimum", maximum: "maximum", precision: "precision" }),
      ...(props["step"] === undefined || (name === "Number" && props["step"] === 1)
        ? {}
        : { step: props["step"] }),
    },
  });

const choices: Kind = (declared) => {
  const { props } = declared;
  const all = choicesOf(props);
  const areOurs = all.every(({ value }) => typeof value === "string" || typeof value === "number");
  // Nothing to choose from yet, or more than a script should hold.
  if (all.length === 0 || all.length > MOST_CHOICES || !areOurs) {
    if (takesSeveral(declared) || !areOurs) return { name: "JSON", props: {} };
    return texts(declared);
  }
  const listed = all.map(({ shown, value }) => (shown === String(value) ? value : [shown, value]));
  if (declared.component === "Radio") return { name: "Radio", props: { choices: listed } };
  if (declared.component === "CheckboxGroup") return { name: "CheckboxGroup", props: { choices: listed } };
  const several = takesSeveral(declared) ? { multiselect: true } : {};
  const names = { max_choices: "maxChoices", allow_custom_value: "allowCustomValue" };
  return { name: "Dropdown", props: { choices: listed, ...several, ...pick(props, names) } };
};

const files: Kind = ({ file, props }) => ({
  name: "File",
  props: {
    ...(file === "many" ? { fileCount: "multiple" } : {}),
    ...pick(props, { file_types: "fileTypes" }),
  },
});

const KINDS: Readonly<Record<string, Kind>> = {
  Textbox: texts,
  MultimodalTextbox: texts,
  Number: numbers("Number"),
  Slider: numbers("Slider"),
  Checkbox: plain("Checkbox"),
  CheckboxGroup: choices,
  Dropdown: choices,
  Radio: choices,
  Code: plain("Code", { language: "language", lines: "lines" }),
  ColorPicker: plain("ColorPicker"),
  DateTime: ({ props }) => ({
    name: "DateTime",
    props: props["include_time"] === false ? { includeTime: false } : {},
  }),
  HTML: plain("HTML"),
  Markdown: plain("Markdown"),
  Audio: plain("Audio"),
  Image: plain("Image"),
  ImageEditor: plain("ImageEditor"),
  ImageSlider: plain("ImageSlider"),
  Gallery: plain("Gallery"),
  Model3D: plain("Model3D"),
  Video: plain("Video"),
  File: files,
  UploadButton: files,
  DownloadButton: files,
  Chatbot: plain("Chatbot"),
  Dataframe: plain("Dataframe", { headers: "headers" }),
  HighlightedText: plain("HighlightedText"),
  Label: plain("Label"),
  Plot: plain("Plot"),
};

/** Components that we have none for go by their value. */
function kindOf(declared: Declared): Source {
  const kind = KINDS[declared.component];
  if (kind !== undefined) return kind(declared);
  if (declared.file === "one" || declared.file === "many") return files(declared);
  const members = splitUnion(schemaType(declared.schema, () => false)).filter((member) => member !== "null");
  const [only] = members;
  if (members.every((member) => member.startsWith('"')))
    return { name: "Dropdown", props: { choices: members.map((member) => JSON.parse(member)) } };
  if (members.length > 1) return { name: "JSON", props: {} };
  if (only === "string") return texts(declared);
  if (only === "number") return numbers("Number")(declared);
  return { name: only === "boolean" ? "Checkbox" : "JSON", props: {} };
}

/** A plain value as it is written in a script, on one line. */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value).map(([key, item]) => `${propertyName(key)}: ${literal(item)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}
