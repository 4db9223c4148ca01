import { didYouMean } from "../base/closest.ts";
import { DaggrError, describe } from "../base/errors.ts";
import type { Json } from "../base/json.ts";
import { callSite } from "../base/place.ts";
import { Checkbox } from "../components/choice.ts";
import { JSON as JsonField } from "../components/data.ts";
import { Number as NumberField } from "../components/number.ts";
import { Textbox } from "../components/text.ts";
import type { Behaviour, StepPolicy } from "../graph/behaviour.ts";
import { type Component, createComponent, isComponent } from "../graph/component.ts";
import type { BaseNode } from "../graph/node.ts";
import { type PortSource, sourceOf } from "../graph/port.ts";
import type { Question } from "../graph/question.ts";
import type { StepContext } from "../graph/step.ts";

type Inputs = Readonly<Record<string, unknown>>;
export type Components = Readonly<Record<string, Component>>;

/** How a person is shown what comes in at an input: as the node that it comes from shows it. */
export function shownAs(value: unknown, name: string): Component {
  const source = sourceOf(value);
  if (source !== undefined) return ofPort(source, name);
  if (isComponent(value)) return bare(value, name);
  if (typeof value === "string") return Textbox({ label: name, lines: value.includes("\n") ? 5 : 1 });
  if (typeof value === "number") return NumberField({ label: name });
  if (typeof value === "boolean") return Checkbox({ label: name });
  return JsonField({ label: name });
}

/** How one element of a list is shown. */
export function elementShownAs(value: unknown, name: string): Component {
  if (Array.isArray(value)) return shownAs(value[0], name);
  const source = sourceOf(value);
  const list = source === undefined ? value : outputOf(source);
  if (!isComponent(list)) return JsonField({ label: name });
  if (source?.mode === "all") return relabelled(list, name);
  const item = source?.mode === "each" ? undefined : list.spec.item?.(list.props);
  return item === undefined ? JsonField({ label: name }) : relabelled(item, name);
}

function ofPort(source: PortSource, name: string): Component {
  const component = outputOf(source);
  if (component === undefined || component.kind === "hidden" || source.mode === "all")
    return JsonField({ label: name });
  if (source.mode === "plain") return bare(component, name);
  const item = component.spec.item?.(component.props, source.field);
  return item === undefined ? JsonField({ label: name }) : bare(item, source.field ?? name);
}

const outputOf = ({ node, output }: PortSource): Component | undefined =>
  (node as BaseNode).outputs[output] ?? undefined;

/** Without the value that it starts with, and shown whatever it was upstream. */
function bare(component: Component, name: string): Component {
  const { value: _value, visible: _visible, interactive: _interactive, ...props } = component.props;
  return createComponent(component.spec, { ...props, label: props.label ?? name });
}

const relabelled = (component: Component, label: string): Component =>
  createComponent(component.spec, { ...bare(component, label).props, label });

/** The components that the script gives itself win. */
export function overridden(
  what: string,
  derived: Components,
  given: Readonly<Record<string, unknown>> | undefined,
): Components {
  const components: Record<string, Component> = { ...derived };
  for (const [name, component] of Object.entries(given ?? {})) {
    const place = callSite();
    const at = place === undefined ? {} : { place };
    if (!Object.hasOwn(derived, name)) {
      const known = Object.keys(derived);
      throw new DaggrError(
        "PORT_NOT_FOUND",
        `${what} has no port '${name}' to be shown with a component.${didYouMean(name, known)} It has: ${known.join(", ")}.`,
        { port: name, ...at },
      );
    }
    if (!isComponent(component))
      throw new DaggrError(
        "INVALID_OPTION",
        `${what}: the component of '${name}' must be one of gr.…, got ${describe(component)}.`,
        { port: name, ...at },
      );
    components[name] = component;
  }
  return components;
}

/** A person is shown what is there: a function would give them something else each time they look. */
export function checkShown(what: string, inputs: unknown): Inputs {
  const place = callSite();
  const at = place === undefined ? {} : { place };
  if (inputs === undefined) return {};
  if (typeof inputs !== "object" || inputs === null || Array.isArray(inputs))
    throw new DaggrError(
      "INVALID_OPTION",
      `${what}: inputs must be an object of ports by name, got ${describe(inputs)}.`,
      at,
    );
  for (const [name, value] of Object.entries(inputs)) {
    if (typeof value !== "function") continue;
    throw new DaggrError(
      "INVALID_OPTION",
      `${what}: input '${name}' is a function, but a person decides about what is there. Make the value in a node before, and connect its port.`,
      { port: name, ...at },
    );
  }
  return inputs as Inputs;
}

const POLICY: StepPolicy = {
  retries: 0,
  retryDelayMs: 0,
  timeoutMs: undefined,
  cache: false,
  onItemError: "fail",
};

/** A step that a person does. `agree` is what somebody who only nods would answer: it is what `test()` gives. */
export function humanBehaviour(
  kind: string,
  asks: Question,
  identity: Json,
  agree: (inputs: Inputs, context: StepContext) => Promise<Readonly<Record<string, unknown>>>,
  onItemError: StepPolicy["onItemError"] = "fail",
): Behaviour {
  return {
    kind,
    executes: true,
    // All items are asked at once, and take nobody's place.
    concurrency: { type: "free", maxItems: Number.POSITIVE_INFINITY },
    policy: { ...POLICY, onItemError },
    worker: false,
    trusted: false,
    asks,
    identity: () => ({ kind, ...(identity as object) }),
    invoke: agree,
  };
}

/** What of its components makes another step of it: an answer to the one need not fit the other. */
export function shapeOf(components: Components): Json {
  return Object.entries(components)
    .map(([name, { kind, props }]) => [name, kind, JSON.stringify(props.choices ?? null)])
    .sort((a, b) => (`${a[0]}` < `${b[0]}` ? -1 : 1));
}

export function wrongAnswer(expected: string, got: unknown): DaggrError {
  return new DaggrError("INVALID_ANSWER", `This step takes ${expected}, got ${describe(got)}.`, {
    expected,
    got: describe(got),
  });
}
