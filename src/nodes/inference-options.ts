import type { Json } from "../base/json.ts";
import type { Capture, MaybePromise } from "../base/types.ts";
import type { InferenceTask } from "../clients/inference/tasks.ts";
import type { OutputsFor } from "../graph/node.ts";
import type { AllValues, FittingOutputs, InputOfTask, MainValue } from "./inference-types.ts";
import type { StepOptions } from "./options.ts";

/** What {@link InferenceNode} takes besides the model. */
export interface InferenceNodeOptions<V, I, T = undefined, N extends string = string> extends StepOptions {
  /** Default: the last part of the model's id. Results are saved under it. */
  name?: N;
  /**
   * What the model does, by the Hub's name for it (`text-to-image`). Default: what the model's page says. Said here,
   * inputs and outputs are typed by it; with `endpointUrl` it is a chat unless said otherwise.
   */
  task?: T;
  /** Who runs the model (`fal-ai`, `together`, `hf-inference`, …), or `auto`; the same as `model:provider`. */
  provider?: string;
  /**
   * A server of one's own: a dedicated endpoint, or anything that speaks OpenAI's API (Ollama, llama.cpp, vLLM,
   * LM Studio). No token goes there but the one of `token`; only `*.endpoints.huggingface.cloud` gets the account's.
   */
  endpointUrl?: string;
  /**
   * A Hugging Face token, or a provider's own key, which goes straight to that provider. `false` sends none. Default:
   * the token of whoever the step runs for, else `HF_TOKEN` or the saved login.
   */
  token?: string | false;
  /** The organisation that pays, instead of the account. */
  billTo?: string;
  /** Sent with every request to the model's own origin. */
  headers?: Readonly<Record<string, string>>;
  /** Sent with every call and never on the canvas; an input of the same name comes first. */
  parameters?: Readonly<Record<string, Json>>;
  /** The task's inputs by name; every other name is a parameter of the model. Default: the task's main input. */
  inputs?: { readonly [K in keyof I]: InputOfTask<T, K> } & Capture<I>;
  /** Results by name; another name takes the first result that its component can show. Default: the main result. */
  outputs?: OutputsFor<V> & FittingOutputs<T, NoInfer<V>>;
  /** Reshapes the inputs before they are sent. Files are paths. */
  preprocess?: (inputs: any) => MaybePromise<any>;
  /** Reshapes the result: gets the main one, and all of them by name. Files are paths. */
  postprocess?: (result: MainValue<T>, all: AllValues<T>) => MaybePromise<unknown>;
  /** Ask the Hub for the model before the first run. Default true. */
  validate?: boolean;
  /** Items of a scattered node at once. Default 8. */
  maxConcurrent?: number;
  /** Shares a limit with every node that names the same group, in the whole process. */
  concurrencyGroup?: string;
}

/** Of any node, whatever it was typed as. */
export type AnyInferenceOptions = InferenceNodeOptions<any, any, InferenceTask | undefined>;
