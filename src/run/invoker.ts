import type { FileStore } from "../base/files.ts";
import { type GraphDefinition, variantBehaviour } from "../graph/definition.ts";
import type { InvokeOptions, Invoker, StepRequest, StepResult } from "../graph/step.ts";
import { LocalInvoker } from "./invoke-local.ts";
import { WorkerInvoker } from "./invoke-worker.ts";

/** Sends each step where its node wants it carried out: to a worker thread, or to this process. */
export class RoutedInvoker implements Invoker {
  readonly #definition: GraphDefinition;
  readonly #local: Invoker;
  readonly #worker: Invoker;

  constructor(definition: GraphDefinition, local: Invoker, worker: Invoker) {
    this.#definition = definition;
    this.#local = local;
    this.#worker = worker;
  }

  invoke(request: StepRequest, options: InvokeOptions): Promise<StepResult> {
    const node = this.#definition.nodes.get(request.node);
    const inWorker = node !== undefined && variantBehaviour(node, request.variant ?? 0).worker;
    return (inWorker ? this.#worker : this.#local).invoke(request, options);
  }

  async close(): Promise<void> {
    await Promise.all([this.#local.close(), this.#worker.close()]);
  }
}

/** The invoker of one process: functions that ask for it in worker threads, everything else here. */
export function createInvoker(definition: GraphDefinition, files: FileStore): Invoker {
  return new RoutedInvoker(
    definition,
    new LocalInvoker(definition, files),
    new WorkerInvoker(definition, files),
  );
}
