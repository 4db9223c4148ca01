import type { Capture, IsUnion, MaybePromise, Simplify } from "../base/types.ts";
import type { InputsFor, OutputsFor } from "../graph/node.ts";
import type { StepOptions } from "./options.ts";

/** What `fn` gives back: the value of the only output, or one value for each output by name. */
export type Returns<V> = keyof V extends never
  ? unknown
  : IsUnion<keyof V> extends true
    ? Simplify<{ readonly [K in keyof V]: V[K] }>
    : V[keyof V];

/** The ports of a node whose `outputs` say nothing: none for `{}`, one called `output` when they are left out. */
export type NoOutputs<O> = O extends undefined ? { output: any } : object;

/** What a generator may yield: one value, or for several outputs some of them. */
export type Yields<V> = IsUnion<keyof V> extends true ? Partial<Returns<V>> : Returns<V>;

/** A value, a promise of it, or a generator whose yields are shown at once and whose last one is the result. */
export type FnResult<T, Y = T> =
  | T
  | Promise<T>
  | Generator<Y, T | void, unknown>
  | AsyncGenerator<Y, T | void, unknown>;

/** What a function is given besides its inputs. */
export interface RunContext {
  /** Aborts when the run is cancelled or the step times out. */
  readonly signal: AbortSignal;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** The index of the item, for a scattered node. */
  readonly item: number | undefined;
  /** The same for every attempt at the same work: an idempotency key. */
  readonly workId: string;
  /** Shows how far it is, from 0 to 1 (`null` when unknown), and what it is doing. */
  progress(value: number | null, text?: string): void;
  /** A line of the card's log. */
  log(text: string, level?: "debug" | "info" | "warning" | "error"): void;
  /** A path for a new file of this name; what is returned is copied, and the folder goes when the step ends. */
  file(name: string): string;
}

/** What {@link FnNode} takes besides the function. */
export interface FnNodeOptions<P, V, I, N extends string = string, O = unknown> extends StepOptions {
  /** Default: the function's name. Results are saved under it. */
  name?: N;
  /** One entry per property of the object that `fn` takes. Left out: connect them with `graph.edge`. */
  inputs?: InputsFor<P> & Capture<I>;
  /** One component per output. Left out: one hidden port `output`. */
  outputs?: OutputsFor<V> & Capture<O>;
  /** Reshapes the inputs before `fn` gets them. */
  preprocess?: (inputs: any) => MaybePromise<any>;
  /** Reshapes what `fn` returned before it is matched to `outputs`. */
  postprocess?: (returned: any) => MaybePromise<unknown>;
  /** Runs beside other functions of the session. Default: one at a time. */
  concurrent?: boolean;
  /** Shares a limit with every node that names the same group, in the whole process. */
  concurrencyGroup?: string;
  /** How many at once in its group (default 1), or of its items where it is `concurrent` (default 8). */
  maxConcurrent?: number;
  /** Runs in a worker thread: never blocks the server and can be stopped at once. */
  worker?: boolean;
}
