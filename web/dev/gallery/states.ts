import type { loadField } from "../../src/fields/registry.ts";
import type { Samples } from "../samples.ts";

/** One field as it is shown on the page. */
export interface State {
  readonly name: string;
  readonly value: unknown;
  readonly props: Readonly<Record<string, unknown>>;
  readonly readonly: boolean;
  readonly large: boolean;
  readonly error?: string;
  readonly load?: typeof loadField;
}

const never = () => new Promise<never>(() => {});
const lost = () => Promise.reject(new Error("the page's files are not reachable"));

/** Every state that a field can be in, the same for all kinds, then those that only this kind has. */
export function statesOf({ value, empty = null, props = {}, wrong, refused, more = [] }: Samples): State[] {
  const input = { props, readonly: false, large: false };
  const output = { props, readonly: true, large: false };
  return [
    { ...input, name: "empty input", value: empty },
    { ...input, name: "filled input", value },
    {
      ...input,
      name: "with info and placeholder",
      value: empty,
      props: {
        ...props,
        info: "A line of help, as the script's author wrote it.",
        placeholder: "A placeholder",
      },
    },
    { ...output, name: "disabled", value, props: { ...props, interactive: false } },
    { ...input, name: "refused", value, error: refused },
    { ...output, name: "output", value },
    { ...output, name: "output without a value", value: undefined },
    { ...output, name: "wrong type", value: wrong },
    { ...output, name: "loading", value, load: never },
    { ...output, name: "could not be loaded", value, load: lost },
    ...more.map((extra) => ({
      name: extra.name,
      value: extra.value,
      props: extra.props ?? {},
      readonly: extra.output === true,
      large: extra.large === true,
    })),
    { ...output, name: "full screen", value, large: true },
  ];
}
