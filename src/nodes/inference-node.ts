import { didYouMean } from "../base/closest.ts";
import { DaggrError, describe } from "../base/errors.ts";
import { callSite, type Place } from "../base/place.ts";
import { rememberSecret } from "../base/redact.ts";
import { type ModelName, nearModel, parseModel } from "../clients/inference/model-id.ts";
import { type InferenceTask, isTask, TASKS } from "../clients/inference/tasks.ts";
import type { Component } from "../graph/component.ts";
import { BaseNode, type Mode, type ModeOf, type Node, placeOf } from "../graph/node.ts";
import { inferenceBehaviour } from "./inference-behaviour.ts";
import { defaultOutputs } from "./inference-defaults.ts";
import type { AnyInferenceOptions, InferenceNodeOptions } from "./inference-options.ts";
import type { DefaultOutputs } from "./inference-types.ts";
import { checkOptions, STEP_OPTIONS } from "./options.ts";

/** A node that calls a model. */
export type InferenceNode<V, M extends Mode = "run", N extends string = string> = Node<V, M, N>;

type LastPart<S extends string> = S extends `${string}/${infer Rest}` ? LastPart<Rest> : S;

/** The literal name of an unnamed node: the last part of the model's id, without the provider. */
export type NameOfModel<S extends string> = string extends S
  ? string
  : S extends `${infer Model}:${string}`
    ? LastPart<Model>
    : LastPart<S>;

/** What `new InferenceNode(model, options)` takes and gives. */
export interface InferenceNodeConstructor {
  /**
   * A node that calls a model through Hugging Face's inference providers, or on a server of one's own. Making it
   * touches no network. Text comes word by word, as partial outputs.
   *
   * @param model - `owner/name`, or `owner/name:provider`. With `endpointUrl` whatever the server calls it.
   * @param options - Task, inputs, outputs, where it is called and who pays.
   * @throws DaggrError `INVALID_SOURCE`, `UNKNOWN_OPTION`, `INVALID_OPTION` and others of `docs/errors.md`. What only
   *   the Hub knows (`MODEL_NOT_FOUND`, `UNSUPPORTED_TASK`) is told by `launch()` and `run()`.
   *
   * @example
   * ```ts
   * import { InferenceNode, gr } from "daggr";
   * const poem = new InferenceNode("HuggingFaceTB/SmolLM3-3B", {
   *   task: "text-generation",
   *   inputs: { prompt: gr.Textbox({ label: "About" }), system: "You write poems.", max_tokens: 300 },
   *   outputs: { text: gr.Markdown() },
   * });
   * const picture = new InferenceNode("black-forest-labs/FLUX.1-schnell:fal-ai", {
   *   task: "text-to-image",
   *   inputs: { prompt: poem.text, num_inference_steps: 4 },
   * });
   * picture.image; // Port<string>
   * ```
   */
  new <
    T extends InferenceTask | undefined = undefined,
    V extends object = DefaultOutputs<T>,
    I = unknown,
    const S extends string = string,
    N extends string = NameOfModel<S>,
  >(
    model: S,
    options?: InferenceNodeOptions<V, I, T, N>,
  ): InferenceNode<V, ModeOf<I>, N>;
}

const KNOWN = [
  ...STEP_OPTIONS,
  "task",
  "provider",
  "endpointUrl",
  "token",
  "billTo",
  "headers",
  "parameters",
  "validate",
  "maxConcurrent",
  "concurrencyGroup",
];

class InferenceNodeClass extends BaseNode {
  constructor(model: string, options: AnyInferenceOptions = {}) {
    const place = callSite();
    checkOptions("InferenceNode", options, KNOWN);
    const name = modelName(model, options, place);
    checkTask(options.task, place);
    if (options.token !== false) rememberSecret(options.token);
    for (const [header, value] of Object.entries(options.headers ?? {})) {
      if (/auth|token|key|cookie|secret/i.test(header))
        rememberSecret(value.replace(/^(Bearer|Basic)\s+/i, ""));
    }
    const outputs = (options.outputs ?? defaultOutputs(options.task)) as Record<string, Component | null>;
    super({
      name: options.name,
      defaultName: (name.id.split("/").at(-1) ?? name.id).replace(/:.*$/, "").replaceAll("__", "_"),
      inputs: (options.inputs ?? {}) as Record<string, unknown>,
      outputs,
      behaviour: inferenceBehaviour(name, options, () => ({
        name: this.name,
        place: placeOf(this),
        outputs,
      })),
    });
  }
}
Object.defineProperty(InferenceNodeClass, "name", { value: "InferenceNode" });

/**
 * A node that calls a model: `new InferenceNode(model, options)`, see {@link InferenceNodeConstructor}.
 *
 * @example
 * ```ts
 * import { InferenceNode, gr } from "daggr";
 * // A model of Ollama on this machine.
 * const answer = new InferenceNode("llama3.2:3b", {
 *   endpointUrl: "http://localhost:11434",
 *   task: "text-generation",
 *   inputs: { prompt: gr.Textbox({ label: "Question" }) },
 * });
 * answer.text; // Port<string>
 * ```
 */
export const InferenceNode: InferenceNodeConstructor =
  InferenceNodeClass as unknown as InferenceNodeConstructor;

function modelName(model: unknown, options: AnyInferenceOptions, place: Place | undefined): ModelName {
  const at = place === undefined ? {} : { place };
  if (typeof model !== "string" || model.trim() === "")
    throw new DaggrError(
      "INVALID_OPTION",
      `InferenceNode takes the id of a model first, got ${describe(model)}.`,
      at,
    );
  if (options.endpointUrl !== undefined) {
    checkEndpoint(options, at);
    // Ollama's own names have a colon in them.
    return { id: model.trim() };
  }
  const name = parseModel(model);
  if (name === undefined) {
    throw new DaggrError(
      "INVALID_SOURCE",
      `'${model}' is no model of the Hub ('owner/name', or 'owner/name:provider').${nearModel(model)} For a model of another server give its address as endpointUrl.`,
      at,
    );
  }
  if (name.provider !== undefined && options.provider !== undefined && name.provider !== options.provider) {
    throw new DaggrError(
      "INVALID_OPTION",
      `InferenceNode: the model '${model}' names the provider '${name.provider}', and the option provider '${options.provider}'. Give one of them.`,
      at,
    );
  }
  const provider = name.provider ?? options.provider;
  return provider === undefined || provider === "auto" ? { id: name.id } : { id: name.id, provider };
}

function checkEndpoint({ endpointUrl, provider }: AnyInferenceOptions, at: { place?: Place }): void {
  const url = typeof endpointUrl === "string" ? URL.parse(endpointUrl) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    throw new DaggrError(
      "INVALID_OPTION",
      `InferenceNode: endpointUrl must be the address of a server ('http://localhost:11434'), without a user or a password in it, got ${describe(endpointUrl)}.`,
      at,
    );
  }
  if (provider !== undefined)
    throw new DaggrError(
      "INVALID_OPTION",
      "InferenceNode: a model at an endpointUrl has no provider; give one of the two.",
      at,
    );
}

function checkTask(task: unknown, place: Place | undefined): void {
  if (task === undefined || isTask(task as string)) return;
  const known = Object.keys(TASKS);
  throw new DaggrError(
    "INVALID_OPTION",
    `InferenceNode has no task ${typeof task === "string" ? `'${task}'` : describe(task)}.${typeof task === "string" ? didYouMean(task, known) : ""} It has: ${known.join(", ")}.`,
    place === undefined ? {} : { place },
  );
}
