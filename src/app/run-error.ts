import { DaggrError, type ErrorData } from "../base/errors.ts";

/** A run that did not end well; what did finish is in `outputs`. */
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
