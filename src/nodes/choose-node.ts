import { DaggrError, describe } from "../base/errors.ts";
import type { Component } from "../graph/component.ts";
import { BaseNode, type Mode, type ModeOf, type Node } from "../graph/node.ts";
import type { Question } from "../graph/question.ts";
import {
  checkShown,
  elementShownAs,
  humanBehaviour,
  overridden,
  shapeOf,
  shownAs,
  wrongAnswer,
} from "./human.ts";
import type { CheckedOptions, ElementOf } from "./human-types.ts";
import { checkOptions } from "./options.ts";

/** What {@link ChooseNode} takes. */
export interface ChooseNodeOptions<O, N extends string = string> {
  /** Default: `choose`. */
  name?: N;
  /** The list to choose from: a port that carries one, a gathered port, or the list itself. */
  inputs: { options: O & CheckedOptions<O> };
  /** How an option is shown. Default: as the node that the list comes from shows it. */
  components?: { choice?: Component<ElementOf<O>> };
}

/** A step at which a person chooses one of a list. */
export type ChooseNode<T, M extends Mode = "run", N extends string = string> = Node<{ choice: T }, M, N>;

/** What `new ChooseNode(options)` takes and gives. */
export interface ChooseNodeConstructor {
  /**
   * Shows a list and waits until a person chooses one of it. Its output is `choice`.
   *
   * @param options - The list, as the input `options`.
   * @throws DaggrError `UNKNOWN_OPTION`, `INVALID_OPTION` and others of `docs/errors.md`.
   *
   * @example
   * ```ts
   * import { ChooseNode, FnNode, Graph, gr } from "daggr";
   * const titles = new FnNode(() => ["Cats", "All about cats"], {
   *   name: "titles",
   *   inputs: {},
   *   outputs: { titles: gr.JSON<string[]>() },
   * });
   * const pick = new ChooseNode({ name: "pick", inputs: { options: titles.titles } });
   * const graph = new Graph({ name: "Titles", nodes: [pick], persistKey: false });
   * const outputs = await graph.run({}, { onAsk: () => ({ choice: 1 }) });
   * console.log(outputs.pick.choice); // All about cats
   * ```
   */
  new <const O, N extends string = string>(
    options: ChooseNodeOptions<O, N>,
  ): ChooseNode<ElementOf<O>, ModeOf<{ options: O }>, N>;
}

class ChooseNodeClass extends BaseNode {
  constructor(options: ChooseNodeOptions<any>) {
    checkOptions("ChooseNode", options, ["name", "inputs", "components"]);
    const inputs = checkShown("ChooseNode", options.inputs);
    const names = Object.keys(inputs);
    if (names.length !== 1 || names[0] !== "options")
      throw new DaggrError(
        "INVALID_OPTION",
        `ChooseNode has one input, options: the list to choose from. Got ${names.join(", ") || "none"}.`,
      );
    const outputs = overridden(
      "ChooseNode",
      { choice: elementShownAs(inputs.options, "Choice") },
      options.components,
    );
    super({
      name: options.name,
      defaultName: "choose",
      inputs,
      outputs,
      behaviour: humanBehaviour(
        "choose",
        question(shownAs(inputs.options, "options")),
        { outputs: shapeOf(outputs) },
        async (given) => ({ choice: listOf(given.options)[0] }),
      ),
    });
  }
}
Object.defineProperty(ChooseNodeClass, "name", { value: "ChooseNode" });

function listOf(options: unknown): readonly unknown[] {
  if (!Array.isArray(options))
    throw new DaggrError("NOT_A_LIST", `There is no list to choose from: got ${describe(options)}.`, {
      port: "options",
      expected: "a list",
      got: describe(options),
    });
  if (options.length === 0)
    throw new DaggrError("NOTHING_TO_CHOOSE", "There is nothing to choose from: the list is empty.", {
      port: "options",
    });
  return options;
}

function question(shown: Component): Question {
  return {
    form: "choose",
    shown: new Map([["options", shown]]),
    check: ({ options }) => void listOf(options),
    resolve(answer, asked) {
      const options = listOf(asked.options);
      const last = options.length - 1;
      const expected = last === 0 ? "{ choice: 0 }" : `{ choice } with a whole number from 0 to ${last}`;
      if (!("choice" in answer)) throw wrongAnswer(expected, answer);
      const { choice } = answer;
      if (!Number.isInteger(choice) || choice < 0 || choice > last) throw wrongAnswer(expected, choice);
      return { choice: options[choice] };
    },
  };
}

/**
 * A step at which a person chooses one of a list: `new ChooseNode(options)`, see {@link ChooseNodeConstructor}.
 *
 * @example
 * ```ts
 * import { ChooseNode } from "daggr";
 * const size = new ChooseNode({ name: "size", inputs: { options: ["small", "large"] } });
 * console.log(await size.test()); // { choice: "small" }
 * ```
 */
export const ChooseNode: ChooseNodeConstructor = ChooseNodeClass as unknown as ChooseNodeConstructor;
