import type { Json } from "../base/json.ts";
import type { Capture, MaybePromise } from "../base/types.ts";
import type { Component } from "../graph/component.ts";
import type { ItemSource, Port } from "../graph/port.ts";
import type { StepOptions } from "./options.ts";
import type { EndpointInputs, EndpointReturns, GradioOutputs, Has, Returned } from "./spaces.ts";

/** Everything an input of a Gradio endpoint can be connected to; its own type is known only when the app is reached. */
export type GradioInput =
  | Json
  | Component<unknown>
  | Port<unknown>
  | ItemSource<unknown>
  | (() => MaybePromise<Json>);

/** How an app is run on this machine. */
export interface RunLocally {
  /** The branch, tag or commit of the Space. Default: its newest commit. */
  revision?: string;
  /** Use the Space on the Hub when it cannot be run here, or may not. Default false. */
  fallback?: boolean | "remote";
  /** For a path: the interpreter, or the folder of its environment. Default: the `.venv` beside it or above, else the active one. */
  python?: string;
  /** Further environment variables for the app. It gets only what it needs of this process's own. */
  env?: Readonly<Record<string, string>>;
  /** Give the app the Hugging Face token, as `HF_TOKEN`. Default false. */
  passToken?: boolean;
  /** Milliseconds until it must answer once it is started. Default 600,000: it may download weights first. */
  startTimeout?: number;
}

/**
 * What {@link GradioNode} takes besides the source. Where the types of the app are known (`daggr add`), `S` and `A` are
 * the source and the endpoint against which inputs and outputs are checked.
 */
export interface GradioNodeOptions<
  V,
  I,
  N extends string = string,
  S extends string = string,
  A extends string = string,
  O = unknown,
> extends StepOptions {
  /** Default: the last part of the Space id. Results are saved under it. */
  name?: N;
  /** The endpoint, as "Use via API" shows it. Default: the app's only one, else `/predict`. */
  apiName?: A;
  /** One entry per parameter of the endpoint; what has a default may be left out. */
  inputs?: EndpointInputs<S, A, I, O> & Capture<I>;
  /** One entry per returned value, in the order in which the endpoint returns them. */
  outputs: GradioOutputs<V, EndpointReturns<S, A>, Has<O, "postprocess">>;
  /** Reshapes the inputs before they are sent. Files are paths. */
  preprocess?: (inputs: any) => MaybePromise<any>;
  /** Reshapes what the endpoint returns, value by value, before it is matched to `outputs`. Files are paths. */
  postprocess?: (...returned: Returned<EndpointReturns<S, A>>) => MaybePromise<unknown>;
  /**
   * The commit of the Space that the script was made for. With `runLocally` it is run as it was then. A Space on the Hub
   * answers as it is now: at another commit the node fails with `SPACE_REVISION`, and says how to have the one that is meant.
   */
  revision?: string;
  /** Check inputs and outputs against what the endpoint offers before the first run. Default true. */
  validate?: boolean;
  /** A Hugging Face token. Goes only where the Hub says. Default: `HF_TOKEN` or the saved login. */
  token?: string;
  /** For a Gradio server with a login. */
  auth?: readonly [user: string, password: string];
  /** Sent with every request to the app's own origin. */
  headers?: Readonly<Record<string, string>>;
  /**
   * Runs the Space's own code on this machine: downloaded, with its packages in an environment of its own, ended with
   * the graph. Somebody has to agree to that once. A path (`./tools.py`) always runs here; then it says how.
   *
   * @example
   * ```ts
   * import { GradioNode, gr } from "daggr";
   * const upper = new GradioNode("owner/upper", {
   *   runLocally: { fallback: true },
   *   inputs: { text: gr.Textbox() },
   *   outputs: { upper: gr.Textbox() },
   * });
   * ```
   */
  runLocally?: boolean | RunLocally;
  /** Items of a scattered node at once. Default 8. */
  maxConcurrent?: number;
  /** Shares a limit with every node that names the same group, in the whole process. */
  concurrencyGroup?: string;
}
