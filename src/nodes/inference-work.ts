import { DaggrError } from "../base/errors.ts";
import { isRetryable } from "../clients/client-errors.ts";
import {
  callModel,
  isServing,
  type ModelOptions,
  modelCommit,
  waitOf,
} from "../clients/inference/inference.ts";
import type { ModelName } from "../clients/inference/model-id.ts";
import { findModel } from "../clients/inference/model-info.ts";
import { routeOf } from "../clients/inference/providers.ts";
import { type InferenceTask, missingSlots, specOf } from "../clients/inference/tasks.ts";
import { type Caller, type StepContext, StepError } from "../graph/step.ts";
import { preparedInputs } from "./hooked-inputs.ts";
import type { AnyInferenceOptions } from "./inference-options.ts";
import { checkOutputs, type InferenceSelf, toOutputs } from "./inference-outputs.ts";
import { Partials } from "./partials.ts";
import { detailsOf, type Speaker } from "./values.ts";

type Results = Readonly<Record<string, unknown>>;

/** For questions to the Hub: a provider's own key is none of its business. */
function hubOptions(options: AnyInferenceOptions): { token?: string | false } {
  const { token } = options;
  return token === false || token?.startsWith("hf_") ? { token } : {};
}

/** The commit of a model, for the identity. */
export function commitOf(id: string, options: AnyInferenceOptions): Promise<string | null> {
  return modelCommit(id, hubOptions(options));
}

function modelOptions(
  model: ModelName,
  options: AnyInferenceOptions,
  self: InferenceSelf,
  caller: Caller,
): ModelOptions {
  return {
    model: model.id,
    provider: model.provider,
    endpointUrl: options.endpointUrl,
    task: options.task,
    ownToken: options.token,
    callerToken: caller.token,
    billTo: options.billTo,
    headers: options.headers,
    parameters: options.parameters,
    wantsUsage: "usage" in self.outputs,
  };
}

export interface Checked {
  readonly problems: readonly DaggrError[];
  /** The model's task, where it is known by now. */
  readonly task: InferenceTask | undefined;
}

/** What is certainly wrong, or why it cannot be told now. */
export async function check(
  model: ModelName,
  options: AnyInferenceOptions,
  self: InferenceSelf,
  connected: readonly string[],
): Promise<Checked> {
  let task: InferenceTask | undefined = options.task;
  if (options.validate === false) return { problems: [], task };
  try {
    if (options.endpointUrl !== undefined) {
      task ??= "text-generation";
      await isServing(options.endpointUrl, model.id);
    } else if (model.provider !== "openai") {
      const info = await findModel(model.id, hubOptions(options));
      task = routeOf(info, { task, provider: model.provider }).task;
    }
    if (task === undefined) return { problems: [], task };
    const problems = [checkOutputs(self, task, options), missingInput(task, self, options, connected)];
    return { problems: problems.filter((problem) => problem !== undefined), task };
  } catch (error) {
    if (error instanceof DaggrError) return { problems: [located(error, self)], task };
    throw error;
  }
}

function missingInput(
  task: InferenceTask,
  self: Speaker,
  options: AnyInferenceOptions,
  connected: readonly string[],
): DaggrError | undefined {
  if (options.preprocess !== undefined) return undefined;
  const names = [...connected, ...Object.keys(options.parameters ?? {})];
  const missing = missingSlots(specOf(task), names).map((slot) => slot.name);
  if (missing.length === 0) return undefined;
  return new DaggrError(
    "MISSING_PARAMETER",
    `Node '${self.name}': task '${task}' needs ${missing.map((name) => `'${name}'`).join(" and ")}; its inputs are ${connected.length === 0 ? "none" : connected.join(", ")}.`,
    { ...detailsOf(self, missing[0]), expected: missing.join(", ") },
  );
}

/** The same error, naming the node and its line in the script. */
function located(error: DaggrError, self: Speaker): DaggrError {
  return new DaggrError(error.code, `Node '${self.name}': ${error.sentence}`, {
    ...error.details,
    ...detailsOf(self, error.port),
  });
}

/** Calls the model. */
export async function invoke(
  model: ModelName,
  options: AnyInferenceOptions,
  self: InferenceSelf,
  inputs: Results,
  context: StepContext,
): Promise<Results> {
  const { caller, files, signal } = context;
  try {
    const { args, trusted } = await preparedInputs(inputs, options.preprocess, context);
    const warn = (text: string): void => context.update({ type: "log", level: "warning", text });
    const partials = new Partials(async ({ task, results }: { task: InferenceTask; results: Results }) => {
      const outputs = await toOutputs(results, task, self, options, files, () => {});
      context.update({ type: "partial", outputs });
    });
    const { task, results } = await callModel(modelOptions(model, options, self, caller), args, {
      files,
      trusted,
      signal,
      warn,
      onPartial: (partial) => partials.show(partial),
    });
    await partials.end();
    return await toOutputs(results, task, self, options, files, warn);
  } catch (error) {
    if (!(error instanceof DaggrError)) throw error;
    throw new StepError({ ...error.toData(), node: self.name }, isRetryable(error), error, waitOf(error));
  }
}
