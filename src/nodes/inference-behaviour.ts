import type { Json } from "../base/json.ts";
import { hubEndpoint } from "../clients/hub-environment.ts";
import type { ModelName } from "../clients/inference/model-id.ts";
import type { Behaviour } from "../graph/behaviour.ts";
import { normalizedSource } from "../graph/source-text.ts";
import type { AnyInferenceOptions } from "./inference-options.ts";
import type { InferenceSelf } from "./inference-outputs.ts";
import { freely, policyOf } from "./options.ts";

/** Failures of transport are tried again unasked; a refused call costs as much the second time. */
const DEFAULT_RETRIES = 2;

/** The client is loaded when the first model is asked: describing a graph stays quick. */
const work = () => import("./inference-work.ts");

/** How an InferenceNode does its work. `self()` is known only once the node is made. */
export function inferenceBehaviour(
  model: ModelName,
  options: AnyInferenceOptions,
  self: () => InferenceSelf,
): Behaviour {
  const hooks = [options.preprocess, options.postprocess].map((hook) =>
    hook === undefined ? null : normalizedSource(hook),
  );
  let task: string | undefined = options.task;
  const address = options.endpointUrl === undefined ? null : addressOf(options.endpointUrl);
  return {
    kind: "inference",
    source: model.id,
    ...(options.endpointUrl === undefined ? { sourceUrl: `${hubEndpoint()}/${model.id}` } : {}),
    // A provider serves the latest; a server of one's own serves what it was given.
    ...(address === null
      ? { upstream: { kind: "model", id: model.id, canPin: false, token: options.token } as const }
      : {}),
    get detail() {
      return task;
    },
    executes: true,
    concurrency: freely(options),
    policy: { ...policyOf(options), retries: options.retries ?? DEFAULT_RETRIES },
    worker: false,
    trusted: false,
    ...(address === null ? { identityChange: "the model has a new commit, or the node changed" } : {}),
    async identity(): Promise<Json> {
      return {
        kind: "inference",
        model: model.id,
        provider: model.provider ?? null,
        commit: address === null ? await (await work()).commitOf(model.id, options) : null,
        endpointUrl: address,
        task: options.task ?? null,
        parameters: options.parameters ?? null,
        hooks,
        outputs: Object.keys(self().outputs),
      };
    },
    async check(connected) {
      const checked = await (await work()).check(model, options, self(), connected);
      task = checked.task;
      return checked.problems;
    },
    invoke: async (inputs, context) => (await work()).invoke(model, options, self(), inputs, context),
  };
}

/** Without what may be a secret. */
function addressOf(endpointUrl: string): string {
  const url = new URL(endpointUrl);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}
