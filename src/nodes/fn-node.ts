import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { closest, didYouMean } from "../base/closest.ts";
import { DaggrError, describe } from "../base/errors.ts";
import { hashText } from "../base/json.ts";
import { callSite } from "../base/place.ts";
import type { Capture, IsUnion, MaybePromise, Simplify } from "../base/types.ts";
import type { Behaviour, Concurrency, Parameter } from "../graph/behaviour.ts";
import { type Component, createComponent } from "../graph/component.ts";
import {
  BaseNode,
  type InputsFor,
  type Mode,
  type ModeOf,
  type Node,
  type OutputsFor,
  placeOf,
} from "../graph/node.ts";
import { normalizedSource, readParameters } from "../graph/source-text.ts";
import type { StepContext } from "../graph/step.ts";
import { checkOptions, policyOf, STEP_OPTIONS, type StepOptions } from "./options.ts";
import { byOutput, takeIn, toPaths } from "./values.ts";

/** What `fn` gives back: the value of the only output, or one value for each output by name. */
export type Returns<V> = keyof V extends never
  ? unknown
  : IsUnion<keyof V> extends true
    ? Simplify<{ readonly [K in keyof V]: V[K] }>
    : V[keyof V];

/** The ports of a node whose `outputs` say nothing: none for `{}`, one called `output` when they are left out. */
export type NoOutputs<O> = O extends undefined ? { output: any } : object;

type Yields<V> = IsUnion<keyof V> extends true ? Partial<Returns<V>> : Returns<V>;

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
  /** How many at once in its group, or of its items. */
  maxConcurrent?: number;
  /** Runs in a worker thread: never blocks the server and can be stopped at once. */
  worker?: boolean;
}

/** A node that runs a function of this process. */
export type FnNode<V, M extends Mode = "run", N extends string = string> = Node<V, M, N>;

export interface FnNodeConstructor {
  /**
   * A node that runs `fn`.
   *
   * @param fn - Takes one object with the inputs and a {@link RunContext}. May be async or a generator.
   * @param options - Inputs, outputs and how it runs.
   * @throws DaggrError `UNKNOWN_PARAMETER` for an input that `fn` does not take, and others of `docs/errors.md`.
   *
   * @example
   * ```ts
   * import { FnNode, gr } from "daggr";
   * const shout = new FnNode(({ text }: { text: string }) => text.toUpperCase(), {
   *   name: "shout",
   *   inputs: { text: gr.Textbox({ label: "Text" }) },
   *   outputs: { loud: gr.Textbox() },
   * });
   * console.log(await shout.test({ text: "hello" })); // { loud: "HELLO" }
   * ```
   */
  new <
    P extends object,
    O = undefined,
    V extends object = NoOutputs<O>,
    I = unknown,
    N extends string = string,
  >(
    fn: (inputs: P, context: RunContext) => FnResult<Returns<NoInfer<V>>, Yields<NoInfer<V>>>,
    options?: FnNodeOptions<P, V, I, N, O>,
  ): FnNode<V, ModeOf<I>, N>;
}

type AnyFunction = (inputs: Record<string, unknown>, context: RunContext) => unknown;

const HIDDEN: Component = createComponent(
  {
    kind: "hidden",
    valueType: "any",
    check: () => undefined,
    isEmpty: (value) => value == null,
    example: () => null,
  },
  { visible: false },
);
const KNOWN = [...STEP_OPTIONS, "concurrent", "concurrencyGroup", "maxConcurrent", "worker"];

class FnNodeClass extends BaseNode {
  constructor(fn: AnyFunction, options: FnNodeOptions<object, object, object> = {}) {
    const place = callSite();
    const at = place === undefined ? {} : { place };
    if (typeof fn !== "function")
      throw new DaggrError("INVALID_OPTION", `FnNode takes a function first, got ${describe(fn)}.`, at);
    checkOptions("FnNode", options, KNOWN);
    const name = options.name ?? (fn.name === "" ? "fn" : fn.name);
    const outputs = (options.outputs ?? { output: HIDDEN }) as Record<string, Component | null>;
    const inputs = (options.inputs ?? {}) as Record<string, unknown>;
    const parameters = checkParameters(
      name,
      fn,
      Object.keys(inputs),
      options.preprocess !== undefined,
      place,
    );
    super({
      name: options.name,
      defaultName: name,
      inputs,
      outputs,
      behaviour: behaviour(fn, options as FnNodeOptions<any, any, any>, parameters, () => ({
        name: this.name,
        place: placeOf(this),
        outputs,
      })),
    });
  }
}
Object.defineProperty(FnNodeClass, "name", { value: "FnNode" });

/** See {@link FnNodeConstructor}. */
export const FnNode: FnNodeConstructor = FnNodeClass as unknown as FnNodeConstructor;

interface Self {
  readonly name: string;
  readonly place: ReturnType<typeof callSite>;
  readonly outputs: Readonly<Record<string, Component | null>>;
}

function behaviour(
  fn: AnyFunction,
  options: FnNodeOptions<any, any, any>,
  parameters: readonly Parameter[] | undefined,
  self: () => Self,
): Behaviour {
  const hooks = [options.preprocess, options.postprocess].map((hook) =>
    hook === undefined ? null : normalizedSource(hook),
  );
  let identity: string | undefined;
  return {
    kind: "fn",
    executes: true,
    concurrency: concurrencyOf(options),
    policy: policyOf(options),
    worker: options.worker ?? false,
    trusted: true,
    ...(parameters === undefined ? {} : { parameters }),
    identity() {
      identity ??= hashText(JSON.stringify([normalizedSource(fn), hooks]));
      return { kind: "fn", source: identity };
    },
    invoke: (inputs, context) => invoke(fn, options, self(), inputs, context),
  };
}

function concurrencyOf(options: FnNodeOptions<object, object, object>): Concurrency {
  if (options.concurrencyGroup !== undefined)
    return { type: "group", name: options.concurrencyGroup, max: options.maxConcurrent ?? 1 };
  return options.concurrent === true
    ? { type: "free", maxItems: options.maxConcurrent ?? 8 }
    : { type: "session" };
}

async function invoke(
  fn: AnyFunction,
  options: FnNodeOptions<any, any, any>,
  self: Self,
  inputs: Readonly<Record<string, unknown>>,
  context: StepContext,
): Promise<Record<string, unknown>> {
  const { files, signal, request } = context;
  const warn = (text: string): void => context.update({ type: "log", level: "warning", text });
  let folder: string | undefined;
  const runContext: RunContext = {
    signal,
    attempt: request.attempt,
    item: request.item,
    workId: request.workId,
    progress: (value, text) =>
      context.update({ type: "progress", value, ...(text === undefined ? {} : { text }) }),
    log: (text, level = "info") => context.update({ type: "log", level, text: String(text) }),
    file(name) {
      folder ??= mkdtempSync(join(tmpdir(), "daggr-step-"));
      return join(folder, basename(name));
    },
  };
  try {
    let given = await toPaths(inputs, files);
    if (options.preprocess !== undefined) given = await options.preprocess(given);
    let returned = await fn(given, runContext);
    if (isGenerator(returned)) returned = await consume(returned, self, options, context, warn);
    if (options.postprocess !== undefined) returned = await options.postprocess(returned);
    return await takeIn(self, self.outputs, byOutput(self, self.outputs, returned, warn), files, warn);
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

type AnyGenerator = AsyncGenerator<unknown, unknown> | Generator<unknown, unknown>;

function isGenerator(value: unknown): value is AnyGenerator {
  return (
    typeof value === "object" &&
    value !== null &&
    "next" in value &&
    typeof value.next === "function" &&
    (Symbol.asyncIterator in value || Symbol.iterator in value)
  );
}

/** Shows every yield at once; the `return` value is the result, else the last yield (several outputs: the yields together). */
async function consume(
  generator: AnyGenerator,
  self: Self,
  options: FnNodeOptions<any, any, any>,
  context: StepContext,
  warn: (text: string) => void,
): Promise<unknown> {
  const several = Object.keys(self.outputs).length > 1;
  let last: unknown;
  try {
    for (;;) {
      const step = await generator.next();
      context.signal.throwIfAborted();
      if (step.done === true) return step.value === undefined ? last : step.value;
      last =
        several && isPlainObject(step.value)
          ? { ...(last as object | undefined), ...step.value }
          : step.value;
      const shown = options.postprocess === undefined ? last : await options.postprocess(last);
      const outputs = await takeIn(
        self,
        self.outputs,
        byOutput(self, self.outputs, shown, () => {}, true),
        context.files,
        () => {},
      );
      context.update({ type: "partial", outputs });
      void warn;
    }
  } finally {
    await generator.return(undefined);
  }
}

const isPlainObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Refuses inputs that the function cannot take, where its source tells. */
function checkParameters(
  name: string,
  fn: AnyFunction,
  inputs: readonly string[],
  hasPreprocess: boolean,
  place: ReturnType<typeof callSite>,
): readonly Parameter[] | undefined {
  const read = readParameters(fn as (...values: never[]) => unknown);
  if (read === undefined || !read.complete) return undefined;
  if (hasPreprocess) return read.parameters;
  const valid = read.parameters.map((parameter) => parameter.name);
  const free = valid.filter((parameter) => !inputs.includes(parameter));
  const unknown = inputs.filter((input) => !valid.includes(input));
  const wrong = read.destructured ? unknown : unknown.filter((input) => closest(input, free) !== undefined);
  if (wrong.length > 0) {
    const meant = wrong.flatMap((input) => {
      const near = closest(input, free) ?? closest(input, valid);
      return near === undefined ? [] : [`'${input}' -> '${near}'`];
    });
    throw new DaggrError(
      "UNKNOWN_PARAMETER",
      `Invalid input(s) ${wrong.map((input) => `'${input}'`).join(", ")} for function '${fn.name || name}' of node '${name}'.` +
        `${meant.length === 0 ? "" : ` Did you mean: ${meant.join(", ")}?`} Valid parameters: ${valid.join(", ") || "none"}.`,
      {
        node: name,
        port: wrong[0]!,
        ...(place === undefined ? {} : { place }),
        expected: valid.join(", "),
        got: wrong.join(", "),
        ...(meant[0] === undefined ? {} : { hint: meant[0] }),
      },
    );
  }
  for (const input of unknown)
    console.warn(
      `daggr: function '${fn.name || name}' of node '${name}' never reads its input '${input}'.${didYouMean(input, valid)}`,
    );
  return read.parameters;
}
