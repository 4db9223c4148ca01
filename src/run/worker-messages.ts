import type { ErrorData } from "../base/errors.ts";
import type { StepRequest, StepResult, StepUpdate } from "../graph/step.ts";

/** What a thread is started with. */
export interface WorkerSetup {
  /** The user's script, as a file URL. */
  readonly script: string;
  /** The graph's name. */
  readonly graph: string;
  /** How to open the file store there: `module` exports `openFiles(folder)`. */
  readonly files: { readonly module: string; readonly folder: string } | undefined;
}

/** One step at a time, so that a thread can be stopped without taking anything else with it. */
export type ToWorker =
  | { readonly type: "invoke"; readonly request: StepRequest }
  | { readonly type: "abort" };

export type FromWorker =
  | { readonly type: "update"; readonly update: StepUpdate }
  | { readonly type: "done"; readonly result: StepResult }
  | {
      readonly type: "failed";
      readonly error: ErrorData;
      readonly retryable: boolean;
      readonly stack?: string;
    };
