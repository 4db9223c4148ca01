import { DaggrError, type ErrorData } from "../base/errors.ts";

/**
 * A run that did not end well (`RUN_FAILED`, `CANCELLED`); what did finish is in `outputs`.
 *
 * @example
 * ```ts
 * import { FnNode, Graph, gr, RunError } from "daggr";
 * const bake = new FnNode(
 *   (): string => {
 *     throw new Error("The oven is cold.");
 *   },
 *   { name: "bake", inputs: {}, outputs: { cake: gr.Textbox() } },
 * );
 * try {
 *   await new Graph({ name: "Bakery", nodes: [bake], persistKey: false }).run();
 * } catch (error) {
 *   if (error instanceof RunError) console.log(error.errors[0]?.error.message); // The oven is cold.
 * }
 * ```
 */
export class RunError extends DaggrError {
  override readonly name = "RunError";
  /** Every failure, in the order in which they happened. */
  readonly errors: readonly { readonly node: string; readonly item?: number; readonly error: ErrorData }[];
  /** Of the nodes that finished: `{ [node]: { [port]: value } }`. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;

  constructor(
    code: "RUN_FAILED" | "CANCELLED",
    message: string,
    errors: RunError["errors"],
    outputs: RunError["outputs"],
  ) {
    const [first] = errors;
    super(code, message, first === undefined ? {} : { node: first.node });
    this.errors = errors;
    this.outputs = outputs;
  }
}
