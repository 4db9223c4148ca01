import { DaggrError, describe } from "../base/errors.ts";
import { callSite } from "../base/place.ts";
import { isComponent } from "../graph/component.ts";
import { BaseNode, type Mode, type ModeOf, type Node, type OutputsFor } from "../graph/node.ts";
import type { Question } from "../graph/question.ts";
import { type Components, checkShown, humanBehaviour, shapeOf, shownAs, wrongAnswer } from "./human.ts";
import type { CheckedShown } from "./human-types.ts";
import { checkOptions } from "./options.ts";

/** What {@link AskNode} takes. */
export interface AskNodeOptions<V, I = unknown, N extends string = string> {
  /** Default: `ask`. */
  name?: N;
  /** One component per port: the form. */
  ports: OutputsFor<V>;
  /** What is shown beside the form. */
  inputs?: I & CheckedShown<I>;
}

/** A step at which a person fills in a form; its fields are the outputs. */
export type AskNode<V, M extends Mode = "run", N extends string = string> = Node<V, M, N>;

/** What `new AskNode(options)` takes and gives. */
export interface AskNodeConstructor {
  /**
   * Shows a form and waits until a person sends it.
   *
   * @param options - One component for each port; with `inputs`, what the person has to look at.
   * @throws DaggrError `INVALID_OUTPUT` for a port that is no component, and others of `docs/errors.md`.
   *
   * @example
   * ```ts
   * import { AskNode, Graph, gr } from "daggr";
   * const details = new AskNode({
   *   name: "details",
   *   ports: { title: gr.Textbox({ label: "Title" }), copies: gr.Number({ label: "Copies", value: 1 }) },
   * });
   * const graph = new Graph({ name: "Print", nodes: [details], persistKey: false });
   * const outputs = await graph.run({}, { onAsk: () => ({ values: { title: "Cats" } }) });
   * console.log(outputs.details); // { title: "Cats", copies: 1 }
   * ```
   */
  new <V extends object, I = unknown, N extends string = string>(
    options: AskNodeOptions<V, I, N>,
  ): AskNode<V, ModeOf<I>, N>;
}

class AskNodeClass extends BaseNode {
  constructor(options: AskNodeOptions<object>) {
    checkOptions("AskNode", options, ["name", "ports", "inputs"]);
    const inputs = checkShown("AskNode", options.inputs);
    const outputs = checkPorts(options.name ?? "ask", options.ports);
    const shown = new Map(Object.entries(inputs).map(([name, value]) => [name, shownAs(value, name)]));
    super({
      name: options.name,
      defaultName: "ask",
      inputs,
      outputs,
      behaviour: humanBehaviour(
        "ask",
        question(outputs, shown),
        { outputs: shapeOf(outputs) },
        async (given) => {
          const own = Object.fromEntries(Object.entries(given).filter(([name]) => !shown.has(name)));
          return { ...examples(outputs), ...own };
        },
      ),
    });
  }
}
Object.defineProperty(AskNodeClass, "name", { value: "AskNode" });

function checkPorts(node: string, ports: unknown): Components {
  const place = callSite();
  const at = place === undefined ? {} : { place };
  if (typeof ports !== "object" || ports === null || Object.keys(ports).length === 0)
    throw new DaggrError(
      "INVALID_OPTION",
      `AskNode needs ports: an object with one component for each field, got ${describe(ports)}.`,
      at,
    );
  for (const [port, component] of Object.entries(ports)) {
    if (isComponent(component)) continue;
    throw new DaggrError("INVALID_OUTPUT", `Port '${port}' of node '${node}': expected a component (gr.…).`, {
      node,
      port,
      ...at,
    });
  }
  return ports as Components;
}

const examples = (outputs: Components): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(outputs).map(([name, { props, spec }]) => [name, props.value ?? spec.example(props)]),
  );

function question(outputs: Components, shown: Question["shown"]): Question {
  return {
    form: "fill",
    shown,
    resolve(answer) {
      if (typeof answer !== "object" || !("values" in answer) || typeof answer.values !== "object")
        throw wrongAnswer(`{ values } with ${Object.keys(outputs).join(", ")}`, answer);
      const { values } = answer;
      return Object.fromEntries(
        Object.entries(outputs).map(([name, component]) => [name, entered(name, component, values)]),
      );
    },
  };
}

/** What was entered, else what the field starts with. An empty text is a value, an empty number or file is none. */
function entered(
  name: string,
  { props, spec }: Components[string],
  values: Readonly<Record<string, unknown>>,
) {
  // A file that the field starts with is a path of the script, and no value yet.
  const otherwise = spec.mapFiles === undefined ? props.value : undefined;
  const value = Object.hasOwn(values, name) ? values[name] : otherwise;
  if (!spec.isEmpty(value)) return value;
  if (spec.valueType === "text" && typeof spec.example(props) === "string" && props.choices === undefined)
    return "";
  throw new DaggrError("MISSING_VALUE", `The answer needs a value for '${name}'.`, {
    port: name,
    hint: name,
  });
}

/**
 * A step at which a person fills in a form: `new AskNode(options)`, see {@link AskNodeConstructor}.
 *
 * @example
 * ```ts
 * import { AskNode, gr } from "daggr";
 * const who = new AskNode({ name: "who", ports: { person: gr.Textbox({ label: "Name", value: "Ada" }) } });
 * console.log(await who.test()); // { person: "Ada" }
 * ```
 */
export const AskNode: AskNodeConstructor = AskNodeClass as unknown as AskNodeConstructor;
