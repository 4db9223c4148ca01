import type { Json } from "../base/json.ts";

/** What is kept of a component's own properties, under Gradio's names. */
export type ComponentProps = Readonly<Record<string, Json>>;

/** What decides about a value, and what a field on the canvas can show; the rest is how Gradio's page looks. */
const KEPT = [
  "allow_custom_value",
  "choices",
  "file_count",
  "file_types",
  "headers",
  "include_time",
  "info",
  "language",
  "lines",
  "max_choices",
  "max_length",
  "maximum",
  "minimum",
  "multiselect",
  "placeholder",
  "precision",
  "step",
  "type",
  "visible",
];

/** A configuration may hold anything under `props`. */
export function keptProps(props: unknown): ComponentProps {
  if (typeof props !== "object" || props === null) return {};
  const given = props as Readonly<Record<string, Json>>;
  return Object.fromEntries(
    KEPT.flatMap((name) =>
      given[name] === undefined || given[name] === null ? [] : [[name, given[name] as Json]],
    ),
  );
}

/** The choices of a component: what is shown, and the value that it stands for. */
export function choicesOf(props: ComponentProps): { shown: string; value: Json }[] {
  const { choices } = props;
  if (!Array.isArray(choices)) return [];
  return (choices as readonly Json[]).map((choice) => {
    if (!Array.isArray(choice)) return { shown: String(choice), value: choice };
    const [shown, value] = choice as readonly Json[];
    return { shown: String(shown), value: value ?? null };
  });
}
