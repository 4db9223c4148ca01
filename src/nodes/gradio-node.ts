import { DaggrError, describe } from "../base/errors.ts";
import type { Json } from "../base/json.ts";
import { callSite } from "../base/place.ts";
import type { Capture, MaybePromise } from "../base/types.ts";
import type { Component } from "../graph/component.ts";
import { BaseNode, type Mode, type ModeOf, type Node, type OutputsFor, placeOf } from "../graph/node.ts";
import type { ItemSource, Port } from "../graph/port.ts";
import { gradioBehaviour } from "./gradio-behaviour.ts";
import { checkOptions, STEP_OPTIONS, type StepOptions } from "./options.ts";

/** Everything an input of a Gradio endpoint can be connected to; its own type is known only when the app is reached. */
export type GradioInput =
  | Json
  | Component<unknown>
  | Port<unknown>
  | ItemSource<unknown>
  | (() => MaybePromise<Json>);

export interface GradioNodeOptions<V, I, N extends string = string> extends StepOptions {
  /** Default: the last part of the Space id. Results are saved under it. */
  name?: N;
  /** The endpoint, as "Use via API" shows it. Default: the app's only one, else `/predict`. */
  apiName?: string;
  /** One entry per parameter of the endpoint; what has a default may be left out. */
  inputs?: { readonly [K in keyof I]: GradioInput } & Capture<I>;
  /** One entry per returned value, in the order in which the endpoint returns them. */
  outputs: OutputsFor<V>;
  /** Reshapes the inputs before they are sent. Files are paths. */
  preprocess?: (inputs: any) => MaybePromise<any>;
  /** Reshapes what the endpoint returns, value by value, before it is matched to `outputs`. Files are paths. */
  postprocess?: (...returned: any[]) => MaybePromise<unknown>;
  /** Check inputs and outputs against what the endpoint offers before the first run. Default true. */
  validate?: boolean;
  /** A Hugging Face token. Goes only where the Hub says. Default: `HF_TOKEN` or the saved login. */
  token?: string;
  /** For a Gradio server with a login. */
  auth?: readonly [user: string, password: string];
  /** Sent with every request to the app's own origin. */
  headers?: Readonly<Record<string, string>>;
  /** Items of a scattered node at once. Default 8. */
  maxConcurrent?: number;
  /** Shares a limit with every node that names the same group, in the whole process. */
  concurrencyGroup?: string;
}

/** A node that calls an endpoint of a Gradio app. */
export type GradioNode<V, M extends Mode = "run", N extends string = string> = Node<V, M, N>;

type LastPart<S extends string> = string extends S
  ? string
  : S extends `${string}/${infer Rest}`
    ? LastPart<Rest>
    : S;

/** The literal name of an unnamed node: the last part of a Space id; a URL tells none. */
export type NameFrom<S extends string> = S extends `${string}:${string}` ? string : LastPart<S>;

export interface GradioNodeConstructor {
  /**
   * A node that calls a Gradio app. Making it touches no network.
   *
   * @param source - A Space id (`owner/name`), a Space page's URL, or any Gradio URL.
   *
   * @example
   * ```ts
   * import { GradioNode, gr } from "daggr";
   * const image = new GradioNode("hf-applications/Z-Image-Turbo", {
   *   apiName: "/generate_image",
   *   inputs: { prompt: gr.Textbox({ label: "Prompt" }), height: 1024, width: 1024, seed: () => Math.random() },
   *   outputs: { image: gr.Image({ label: "Image" }) },
   * });
   * image.image; // Port<string>
   * ```
   */
  new <V extends object, I = unknown, const S extends string = string, N extends string = NameFrom<S>>(
    source: S,
    options: GradioNodeOptions<V, I, N>,
  ): GradioNode<V, ModeOf<I>, N>;
}

const KNOWN = [
  ...STEP_OPTIONS,
  "apiName",
  "validate",
  "token",
  "auth",
  "headers",
  "maxConcurrent",
  "concurrencyGroup",
];

class GradioNodeClass extends BaseNode {
  constructor(source: string, options: GradioNodeOptions<object, object>) {
    const place = callSite();
    const at = place === undefined ? {} : { place };
    if (typeof source !== "string" || source.trim() === "") {
      throw new DaggrError(
        "INVALID_OPTION",
        `GradioNode takes a Space id or the URL of a Gradio app first, got ${describe(source)}.`,
        at,
      );
    }
    checkOptions("GradioNode", options, KNOWN);
    const outputs = (options.outputs ?? {}) as Record<string, Component | null>;
    super({
      name: options.name,
      defaultName: defaultName(source),
      inputs: (options.inputs ?? {}) as Record<string, unknown>,
      outputs,
      behaviour: gradioBehaviour(source, options, () => ({ name: this.name, place: placeOf(this), outputs })),
    });
  }
}
Object.defineProperty(GradioNodeClass, "name", { value: "GradioNode" });

/** See {@link GradioNodeConstructor}. */
export const GradioNode: GradioNodeConstructor = GradioNodeClass as unknown as GradioNodeConstructor;

function defaultName(source: string): string {
  const withoutQuery = source.replace(/[?#].*$/, "").replace(/\/+$/, "");
  const last = withoutQuery.split("/").at(-1) ?? source;
  return (last === "" ? source : last).replaceAll("__", "_");
}
