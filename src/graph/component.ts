import type { ValueType } from "../protocol/values.ts";

/** Type-only key under which a port or a component remembers the type of the value it carries. */
export declare const carried: unique symbol;

/** Replaces the file in one place of a value. */
export type ReplaceFile = (file: unknown) => Promise<unknown>;

/** What a kind of component knows of its values; each kind answers for itself. */
export interface ComponentSpec {
  /** Gradio's lower-case name: `textbox`. */
  readonly kind: string;
  readonly valueType: ValueType;
  /** Says what is expected when the value does not fit ("a number from 1 to 30"), `undefined` when it does. Files come as `FileRef`s. Never coerces. */
  check(value: unknown, props: Props): string | undefined;
  /** No value at all: an empty number, choice or file. An empty text is a value. */
  isEmpty(value: unknown): boolean;
  /** A value of its kind for `node.test()`; `undefined` where none can be made up (files). */
  example(props: Props): unknown;
  /** For values that are lists: the component of one item, or of one field of it; `undefined` where none fits. */
  readonly item?: (props: Props, field?: string) => Component | undefined;
  /** For values that hold files: replaces each of them, whatever it is now (path or ref), and keeps the rest. */
  readonly mapFiles?: (value: unknown, replace: ReplaceFile, props: Props) => Promise<unknown>;
}

export type Props = Readonly<Record<string, unknown>>;

/** A UI component that shows or edits a value of type `T`. Made by the functions of `gr`. */
export interface Component<out T = unknown> {
  readonly [carried]: { readonly component: T };
  readonly kind: string;
  readonly props: Props;
  readonly spec: ComponentSpec;
}

const components = new WeakSet<object>();

/** Makes a component; only for the files of `src/components`. */
export function createComponent<T>(spec: ComponentSpec, props: object): Component<T> {
  const component = { kind: spec.kind, props: { ...props }, spec } as unknown as Component<T>;
  components.add(component);
  return component;
}

export function isComponent(value: unknown): value is Component {
  return typeof value === "object" && value !== null && components.has(value);
}
