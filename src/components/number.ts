import type { Component, ComponentSpec, Props } from "../graph/component.ts";
import { type CommonProps, define, isNothing } from "./define.ts";

function bounds(props: Props): string {
  const { minimum, maximum } = props;
  if (minimum !== undefined && maximum !== undefined) return `a number from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `a number of at least ${minimum}`;
  return maximum === undefined ? "a number" : `a number of at most ${maximum}`;
}

function check(value: unknown, props: Props): string | undefined {
  const { minimum, maximum, precision } = props;
  if (typeof value !== "number" || !Number.isFinite(value)) return bounds(props);
  if (typeof minimum === "number" && value < minimum) return bounds(props);
  if (typeof maximum === "number" && value > maximum) return bounds(props);
  return precision === 0 && !Number.isInteger(value) ? `${bounds(props)} without a fraction` : undefined;
}

const example = (props: Props): number => (typeof props.minimum === "number" ? props.minimum : 1);
const number: ComponentSpec = { kind: "number", valueType: "number", check, isEmpty: isNothing, example };
const slider: ComponentSpec = {
  ...number,
  kind: "slider",
  check: (value, props) => check(value, { minimum: 0, maximum: 100, ...props }),
};

export interface NumberProps extends CommonProps {
  value?: number;
  minimum?: number;
  maximum?: number;
  step?: number;
  /** Digits after the point; 0 for whole numbers. */
  precision?: number;
  placeholder?: string;
}

/** A number field. Value: `number`; empty is no value. */
function numberField(props?: NumberProps): Component<number> {
  return define("Number", number, ["minimum", "maximum", "step", "precision", "placeholder"], props);
}

export { numberField as Number };

/** A slider from `minimum` (0) to `maximum` (100). Value: `number`; untouched it stands at `minimum`. */
export function Slider(
  props?: CommonProps & {
    value?: number;
    minimum?: number;
    maximum?: number;
    step?: number;
    /** Digits after the point; 0 for whole numbers. */
    precision?: number;
  },
): Component<number> {
  return define("Slider", slider, ["minimum", "maximum", "step", "precision"], {
    ...props,
    value: props?.value ?? props?.minimum ?? 0,
  });
}
