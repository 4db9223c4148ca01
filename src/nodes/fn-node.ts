import { DaggrError, describe } from "../base/errors.ts";
import { hashText } from "../base/json.ts";
import { callSite } from "../base/place.ts";
import { Hidden } from "../components/structure.ts";
import type { Behaviour, Concurrency, Parameter } from "../graph/behaviour.ts";
import type { Component } from "../graph/component.ts";
import { BaseNode, type Mode, type ModeOf, type Node, placeOf } from "../graph/node.ts";
import { normalizedSource } from "../graph/source-text.ts";
import { type AnyFunction, type FnSelf, invokeFunction } from "./fn-invoke.ts";
import type { FnNodeOptions, FnResult, NoOutputs, Returns, RunContext, Yields } from "./fn-options.ts";
import { checkParameters } from "./fn-parameters.ts";
import { checkOptions, policyOf, STEP_OPTIONS } from "./options.ts";

/** A node that runs a function of this process. */
export type FnNode<V, M extends Mode = "run", N extends string = string> = Node<V, M, N>;

/** What `new FnNode(fn, options)` takes and gives. */
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

const KNOWN = [...STEP_OPTIONS, "concurrent", "concurrencyGroup", "maxConcurrent", "worker"];

class FnNodeClass extends BaseNode {
  constructor(fn: AnyFunction, options: FnNodeOptions<object, object, object> = {}) {
    const place = callSite();
    const at = place === undefined ? {} : { place };
    if (typeof fn !== "function")
      throw new DaggrError("INVALID_OPTION", `FnNode takes a function first, got ${describe(fn)}.`, at);
    checkOptions("FnNode", options, KNOWN);
    const name = options.name ?? (fn.name === "" ? "fn" : fn.name);
    const outputs = (options.outputs ?? { output: Hidden() }) as Record<string, Component | null>;
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

/**
 * A node that runs a function of this process: `new FnNode(fn, options)`, see {@link FnNodeConstructor}.
 *
 * @example
 * ```ts
 * import { FnNode, gr } from "daggr";
 * const shout = new FnNode(({ text }: { text: string }) => text.toUpperCase(), {
 *   name: "shout",
 *   inputs: { text: gr.Textbox({ label: "Text" }) },
 *   outputs: { loud: gr.Textbox() },
 * });
 * ```
 */
export const FnNode: FnNodeConstructor = FnNodeClass as unknown as FnNodeConstructor;

function behaviour(
  fn: AnyFunction,
  options: FnNodeOptions<any, any, any>,
  parameters: readonly Parameter[] | undefined,
  self: () => FnSelf,
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
      // With other outputs, or one that is a file now, the same function gives another result.
      const outputs = Object.entries(self().outputs)
        .map(([output, component]) => [output, component?.spec.mapFiles !== undefined])
        .sort();
      identity ??= hashText(JSON.stringify([normalizedSource(fn), hooks, outputs]));
      return { kind: "fn", source: identity };
    },
    invoke: (inputs, context) => invokeFunction(fn, options, self(), inputs, context),
  };
}

function concurrencyOf(options: FnNodeOptions<object, object, object>): Concurrency {
  if (options.concurrencyGroup !== undefined)
    return { type: "group", name: options.concurrencyGroup, max: options.maxConcurrent ?? 1 };
  return options.concurrent === true
    ? { type: "free", maxItems: options.maxConcurrent ?? 8 }
    : { type: "session" };
}
