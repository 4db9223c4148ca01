import type { Json } from "../base/json.ts";
import { choicesOf } from "./gradio-props.ts";
import { filePlace, schemaType } from "./gradio-schema.ts";
import type { GradioParameter, GradioReturn } from "./gradio-types.ts";

type Declared = Pick<GradioParameter, "component" | "file" | "schema" | "props">;

/** More than these make a type that nobody reads, and slow the compiler. */
export const MOST_CHOICES = 200;

interface ValueTypes {
  /** What a parameter takes: more than one way to write it where the client understands them. */
  readonly takes: string;
  readonly gives: string;
  /** An empty field of this kind is no value, so that `null` may be sent. */
  readonly canBeEmpty: boolean;
}

const same = (type: string, canBeEmpty = true): ValueTypes => ({ takes: type, gives: type, canBeEmpty });
const text = same("string", false);

/** TypeScript's types of values as daggr has them; everything else goes by its JSON schema. */
const TYPES: Readonly<Record<string, ValueTypes>> = {
  Textbox: text,
  Code: text,
  Markdown: text,
  HTML: text,
  ColorPicker: same("string"),
  DateTime: same("string"),
  Number: same("number"),
  Slider: same("number", false),
  Checkbox: same("boolean", false),
  Chatbot: same("ChatMessage[]"),
  Dataframe: {
    takes: "DataframeValue | unknown[][] | Record<string, unknown>[]",
    gives: "DataframeValue",
    canBeEmpty: true,
  },
  Gallery: { takes: "(Picture | string)[]", gives: "Picture[]", canBeEmpty: true },
  HighlightedText: same("HighlightedTextValue"),
  ImageEditor: { takes: "string | EditorValue", gives: "string | EditorValue", canBeEmpty: true },
  ImageSlider: same("[string, string]"),
  Label: { takes: "LabelValue | string", gives: "LabelValue", canBeEmpty: true },
  MultimodalTextbox: {
    takes: "string | { text: string; files?: string[] }",
    gives: "{ text: string; files: string[] }",
    canBeEmpty: true,
  },
  Plot: same("Figure"),
};

/** Types of `daggr` that may stand in the type of a value. */
export const NAMED_TYPES = [
  "ChatMessage",
  "DataframeValue",
  "EditorValue",
  "Figure",
  "HighlightedTextValue",
  "LabelValue",
  "Picture",
] as const;

const CHOICES = new Set(["CheckboxGroup", "Dropdown", "Radio"]);

/** Whether several of the choices can be taken. */
export function takesSeveral({ component, schema, props }: Declared): boolean {
  const isList =
    typeof schema === "object" && schema !== null && (schema as { type?: Json }).type === "array";
  return component === "CheckboxGroup" || props["multiselect"] === true || isList;
}

/** The type of what a parameter takes; `unknown` where everything fits. */
export function parameterType(parameter: GradioParameter): string {
  const { takes, canBeEmpty } = typesOf(parameter);
  const isNullable = canBeEmpty || (parameter.hasDefault && parameter.default === null);
  return isNullable && takes !== "unknown" && !takes.endsWith("null") ? `${takes} | null` : takes;
}

/** The type of what is returned. Choices may be others by then, so that they are texts here. */
export function returnType(declared: GradioReturn): string {
  return typesOf(declared).gives;
}

function typesOf(declared: Declared): ValueTypes {
  if (CHOICES.has(declared.component)) return choiceTypes(declared);
  const known = TYPES[declared.component];
  if (known !== undefined) return known;
  if (declared.file === "one") return same("string");
  if (declared.file === "many") return same("string[]");
  // `gr.api` has no fields that could be empty.
  return same(
    schemaType(declared.schema, (part) => filePlace(part) === "one"),
    declared.component !== "Api",
  );
}

function choiceTypes(declared: Declared): ValueTypes {
  const several = takesSeveral(declared);
  const values = valuesOf(declared);
  const given =
    typeof declared.props["allow_custom_value"] === "boolean" && declared.props["allow_custom_value"];
  const base = [...new Set(values.map((value) => (typeof value === "string" ? "string" : typeof value)))]
    .toSorted()
    .join(" | ");
  const open = base === "" ? "string" : base;
  const literals = [...new Set(values.map((value) => JSON.stringify(value)))];
  const one =
    literals.length === 0 || literals.length > MOST_CHOICES
      ? open
      : [...literals, ...(given ? ["(string & {})"] : [])].join(" | ");
  const list = (type: string): string => (type.includes(" | ") ? `(${type})[]` : `${type}[]`);
  return {
    takes: several ? list(one) : one,
    gives: several ? list(open) : open,
    canBeEmpty: !several,
  };
}

/** The values of the choices: from the configuration, else from the schema's `enum`. */
function valuesOf({ props, schema }: Declared): Json[] {
  const choices = choicesOf(props).map((choice) => choice.value);
  if (choices.length > 0) return choices.filter((value) => value !== null && typeof value !== "object");
  const { enum: own, items } = (schema ?? {}) as { enum?: Json; items?: { enum?: Json } };
  const listed = own ?? items?.enum;
  return Array.isArray(listed) ? (listed as Json[]).filter((value) => typeof value !== "object") : [];
}
