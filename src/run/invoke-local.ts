import { copyValue } from "../base/copy.ts";
import { DaggrError, toErrorData } from "../base/errors.ts";
import type { FileStore } from "../base/files.ts";
import { placeInStack } from "../base/place.ts";
import { redactValue } from "../base/redact.ts";
import type { Behaviour } from "../graph/behaviour.ts";
import { type GraphDefinition, variantBehaviour } from "../graph/definition.ts";
import {
  type InvokeOptions,
  type Invoker,
  StepError,
  type StepRequest,
  type StepResult,
  type StepUpdate,
} from "../graph/step.ts";
import { watchBusy } from "./busy.ts";

/** Carries out steps in this process. */
export class LocalInvoker implements Invoker {
  readonly #definition: GraphDefinition;
  readonly #files: FileStore;

  constructor(definition: GraphDefinition, files: FileStore) {
    this.#definition = definition;
    this.#files = files;
  }

  async invoke(request: StepRequest, options: InvokeOptions): Promise<StepResult> {
    return invokeBehaviour(findBehaviour(this.#definition, request), this.#files, request, options);
  }

  async close(): Promise<void> {}
}

export function findBehaviour(definition: GraphDefinition, request: StepRequest): Behaviour {
  const node = definition.nodes.get(request.node);
  if (node !== undefined) return variantBehaviour(node, request.variant ?? 0);
  throw new StepError(
    {
      code: "NODE_NOT_FOUND",
      message: `Graph '${definition.name}' has no node '${request.node}'.`,
      node: request.node,
    },
    false,
  );
}

/** One step by its behaviour; whatever is thrown comes out as a {@link StepError}. */
export async function invokeBehaviour(
  behaviour: Behaviour,
  files: FileStore,
  request: StepRequest,
  options: InvokeOptions,
): Promise<StepResult> {
  const { signal } = options;
  // Only the user's own code can hold the event loop; a request that waits meanwhile is not to blame.
  const stopWatching = behaviour.trusted ? watchBusy() : undefined;
  try {
    const update = (told: StepUpdate) => options.onUpdate(told);
    const context = { signal, files, request, caller: options.caller ?? {}, update };
    // Copies: what a function does to its inputs, or later to what it returned, must not reach anybody else.
    // No secret of this process gets into a result: from there it would reach the database, the page and other services.
    const outputs = redactValue(copyValue(await behaviour.invoke(copyValue(request.inputs), context)));
    const busyMs = stopWatching?.();
    return busyMs === undefined ? { outputs } : { outputs, busyMs };
  } catch (thrown) {
    stopWatching?.();
    throw signal.aborted ? abortError(signal, request) : mapError(thrown, behaviour, request);
  }
}

function abortError(signal: AbortSignal, request: StepRequest): StepError {
  if (signal.reason instanceof StepError) return signal.reason;
  return new StepError(
    { code: "CANCELLED", message: `Node '${request.node}' was cancelled.`, node: request.node },
    false,
    signal.reason,
  );
}

/** Errors of daggr keep their code; those of user code keep their message, their line and (as the cause) their stack. */
function mapError(thrown: unknown, behaviour: Behaviour, request: StepRequest): StepError {
  if (thrown instanceof StepError) return thrown;
  const data = { node: request.node, ...toErrorData(thrown) };
  if (thrown instanceof DaggrError) return new StepError(data, false, thrown);
  const place = thrown instanceof Error ? placeInStack(thrown.stack ?? "") : undefined;
  const placed = place === undefined ? data : { ...data, place: `${place.file}:${place.line}` };
  return new StepError(placed, behaviour.trusted && behaviour.policy.retries > 0, thrown);
}
