import { DaggrError } from "../base/errors.ts";
import type { Component } from "../graph/component.ts";
import { BaseNode, type Mode, type ModeOf, type Node } from "../graph/node.ts";
import type { Question } from "../graph/question.ts";
import {
  type Components,
  checkShown,
  humanBehaviour,
  overridden,
  shapeOf,
  shownAs,
  wrongAnswer,
} from "./human.ts";
import type { CheckedApproved, ShownValue } from "./human-types.ts";
import { checkOptions } from "./options.ts";

/** What {@link ApproveNode} takes. */
export interface ApproveNodeOptions<I, N extends string = string> {
  /** Default: `approve`. */
  name?: N;
  /** What is shown. Each input is an output too, as it came or as it was edited. */
  inputs: I & CheckedApproved<I>;
  /** How a value is shown and edited. Default: as the node that it comes from shows it. */
  components?: { readonly [K in keyof I]?: Component<ShownValue<I[K]>> };
  /** For a step that runs once per item: `skip` leaves rejected items out instead of failing. Default `fail`. */
  onItemError?: "fail" | "skip";
}

/** A step at which a person looks values over: it gives them on, edited or not. */
export type ApproveNode<V, M extends Mode = "run", N extends string = string> = Node<V, M, N>;

/** What `new ApproveNode(options)` takes and gives. */
export interface ApproveNodeConstructor {
  /**
   * Shows values and waits until a person approves, edits or rejects them.
   *
   * @param options - The inputs, which are the outputs too.
   * @throws DaggrError `RESERVED_PORT` for an input that cannot be an output, and others of `docs/errors.md`.
   *
   * @example
   * ```ts
   * import { ApproveNode, FnNode, Graph, gr } from "daggr";
   * const draft = new FnNode(({ topic }: { topic: string }) => `All about ${topic}.`, {
   *   name: "draft",
   *   inputs: { topic: gr.Textbox({ label: "Topic", value: "cats" }) },
   *   outputs: { text: gr.Textbox({ label: "Text", lines: 4 }) },
   * });
   * const review = new ApproveNode({ name: "review", inputs: { text: draft.text } });
   * const graph = new Graph({ name: "Reviewed", nodes: [review], persistKey: false });
   * const outputs = await graph.run({}, { onAsk: () => ({ action: "approve", values: { text: "All about dogs." } }) });
   * console.log(outputs.review.text); // All about dogs.
   * ```
   */
  new <I extends Readonly<Record<string, unknown>>, N extends string = string>(
    options: ApproveNodeOptions<I, N>,
  ): ApproveNode<{ [K in keyof I]: ShownValue<I[K]> }, ModeOf<I>, N>;
}

class ApproveNodeClass extends BaseNode {
  constructor(options: ApproveNodeOptions<Readonly<Record<string, unknown>>>) {
    checkOptions("ApproveNode", options, ["name", "inputs", "components", "onItemError"]);
    const inputs = checkShown("ApproveNode", options.inputs);
    if (Object.keys(inputs).length === 0)
      throw new DaggrError("INVALID_OPTION", "ApproveNode needs inputs: what is to be approved.");
    const derived = Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [name, shownAs(value, name)]),
    );
    const outputs = overridden("ApproveNode", derived, options.components);
    super({
      name: options.name,
      defaultName: "approve",
      inputs,
      outputs,
      behaviour: humanBehaviour(
        "approve",
        question(outputs),
        { outputs: shapeOf(outputs) },
        async (given) => given,
        options.onItemError,
      ),
    });
  }
}
Object.defineProperty(ApproveNodeClass, "name", { value: "ApproveNode" });

function question(outputs: Components): Question {
  return {
    form: "approve",
    shown: new Map(Object.entries(outputs)),
    resolve(answer, asked) {
      if (!("action" in answer)) throw wrongAnswer('{ action: "approve" } or { action: "reject" }', answer);
      const given = typeof answer.values === "object" ? answer.values : {};
      return Object.fromEntries(
        Object.keys(outputs).map((name) => [name, Object.hasOwn(given, name) ? given[name] : asked[name]]),
      );
    },
  };
}

/**
 * A step at which a person looks values over: `new ApproveNode(options)`, see {@link ApproveNodeConstructor}.
 *
 * @example
 * ```ts
 * import { ApproveNode, gr } from "daggr";
 * const review = new ApproveNode({ name: "review", inputs: { text: gr.Textbox({ label: "Text", value: "Hello" }) } });
 * console.log(await review.test()); // { text: "Hello" }
 * ```
 */
export const ApproveNode: ApproveNodeConstructor = ApproveNodeClass as unknown as ApproveNodeConstructor;
