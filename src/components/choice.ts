import { type Component, type ComponentSpec, createComponent, type Props } from "../graph/component.ts";
import { type CommonProps, define, isNothing, textSpec } from "./define.ts";

/** A choice: its value, or what is shown for it and its value. */
export type Choice<T> = T | readonly [shown: string, value: T];

function values(props: Props): unknown[] {
  const choices = Array.isArray(props.choices) ? props.choices : [];
  return choices.map((choice) => (Array.isArray(choice) ? choice[1] : choice));
}

function list(props: Props): string {
  const shown = values(props).map((value) => (typeof value === "string" ? `'${value}'` : String(value)));
  return shown.length > 12
    ? `${shown.slice(0, 12).join(", ")}, … (${shown.length} in all)`
    : shown.join(", ");
}

function checkOne(value: unknown, props: Props): string | undefined {
  if (values(props).includes(value)) return undefined;
  if (props.allowCustomValue === true && (typeof value === "string" || typeof value === "number"))
    return undefined;
  return `one of ${list(props)}`;
}

function checkSeveral(value: unknown, props: Props): string | undefined {
  if (!Array.isArray(value) || value.some((item) => checkOne(item, props) !== undefined))
    return `a list of some of ${list(props)}`;
  const { maxChoices } = props;
  return typeof maxChoices === "number" && value.length > maxChoices
    ? `a list of at most ${maxChoices} of ${list(props)}`
    : undefined;
}

const first = (props: Props): unknown => values(props)[0];

const text = textSpec("textbox");
/** One of several texts that were chosen. */
const oneOfThem = (): Component => createComponent(text, {});

const dropdown: ComponentSpec = {
  kind: "dropdown",
  valueType: "text",
  check: (value, props) => (props.multiselect === true ? checkSeveral(value, props) : checkOne(value, props)),
  isEmpty: isNothing,
  example: (props) => (props.multiselect === true ? values(props).slice(0, 1) : first(props)),
  item: (props) => (props.multiselect === true ? oneOfThem() : undefined),
};
const radio: ComponentSpec = {
  kind: "radio",
  valueType: "text",
  check: checkOne,
  isEmpty: isNothing,
  example: first,
};
const checkboxGroup: ComponentSpec = {
  kind: "checkboxgroup",
  valueType: "json",
  check: checkSeveral,
  isEmpty: isNothing,
  example: (props) => values(props).slice(0, 1),
  item: oneOfThem,
};
const checkbox: ComponentSpec = {
  kind: "checkbox",
  valueType: "boolean",
  check: (value) => (typeof value === "boolean" ? undefined : "true or false"),
  isEmpty: isNothing,
  example: () => true,
};

export interface DropdownProps<T, M extends boolean> extends CommonProps {
  choices: readonly Choice<T>[];
  value?: M extends true ? readonly NoInfer<T>[] : NoInfer<T>;
  /** Several can be chosen. Default false. */
  multiselect?: M;
  /** With `multiselect`. */
  maxChoices?: number;
  /** Other texts may be entered. */
  allowCustomValue?: boolean;
  filterable?: boolean;
  placeholder?: string;
}

/** A list to choose from. Value: the union of its choices, or a list of them with `multiselect: true`. */
export function Dropdown<const T extends string | number, M extends boolean = false>(
  props: DropdownProps<T, M>,
): Component<M extends true ? T[] : T> {
  return define(
    "Dropdown",
    dropdown,
    ["choices", "multiselect", "maxChoices", "allowCustomValue", "filterable", "placeholder"],
    props.multiselect === true ? { ...props, value: props.value ?? [] } : props,
  );
}

/** Buttons of which one is chosen. Value: the union of its choices. */
export function Radio<const T extends string | number>(
  props: CommonProps & {
    choices: readonly Choice<T>[];
    value?: NoInfer<T>;
    /** Written from right to left. */
    rtl?: boolean;
  },
): Component<T> {
  return define("Radio", radio, ["choices", "rtl"], props);
}

/** Boxes of which several can be ticked. Value: a list of choices; none ticked is an empty list. */
export function CheckboxGroup<const T extends string | number>(
  props: CommonProps & {
    choices: readonly Choice<T>[];
    value?: readonly NoInfer<T>[];
    /** A box above them ticks all. */
    showSelectAll?: boolean;
    /** Written from right to left. */
    rtl?: boolean;
  },
): Component<T[]> {
  const own = ["choices", "showSelectAll", "rtl"];
  return define("CheckboxGroup", checkboxGroup, own, { ...props, value: props.value ?? [] });
}

/** A box to tick. Value: `boolean`; not ticked is `false`. */
export function Checkbox(props?: CommonProps & { value?: boolean }): Component<boolean> {
  return define("Checkbox", checkbox, [], { ...props, value: props?.value ?? false });
}
