import { DaggrError } from "../base/errors.ts";
import { callSite } from "../base/place.ts";
import type { Behaviour } from "../graph/behaviour.ts";
import { isComponent } from "../graph/component.ts";
import { BaseNode, type Node, type OutputsFor } from "../graph/node.ts";
import { checkOptions } from "./options.ts";

/** What {@link InputNode} takes. */
export interface InputNodeOptions<V, N extends string = string> {
  /** Default: `input`. */
  name?: N;
  /** One component per port. */
  ports: OutputsFor<V>;
}

/** Groups input components in one card; each component is an output port. */
export type InputNode<V, N extends string = string> = Node<V, "run", N>;

/** What `new InputNode(options)` takes and gives. */
export interface InputNodeConstructor {
  /**
   * One card with several input fields, each an output port.
   *
   * @param options - The name, and one component for each port.
   * @throws DaggrError `INVALID_OUTPUT` for a port that is no component, and others of `docs/errors.md`.
   *
   * @example
   * ```ts
   * import { gr, InputNode } from "daggr";
   * const episode = new InputNode({
   *   name: "episode",
   *   ports: { topic: gr.Textbox({ label: "Topic" }), minutes: gr.Slider({ minimum: 1, maximum: 30, value: 5 }) },
   * });
   * episode.topic; // Port<string>
   * ```
   */
  new <V extends object, N extends string = string>(options: InputNodeOptions<V, N>): InputNode<V, N>;
}

const behaviour: Behaviour = {
  kind: "input",
  executes: false,
  concurrency: { type: "free", maxItems: 1 },
  policy: { retries: 0, retryDelayMs: 0, timeoutMs: undefined, cache: false, onItemError: "fail" },
  worker: false,
  trusted: false,
  identity: () => ({ kind: "input" }),
  invoke: async (inputs) => inputs,
};

class InputNodeClass extends BaseNode {
  constructor(options: InputNodeOptions<object>) {
    checkOptions("InputNode", options, ["name", "ports"]);
    const ports = (options.ports ?? {}) as Record<string, unknown>;
    for (const [port, component] of Object.entries(ports)) {
      if (!isComponent(component)) {
        const place = callSite();
        const node = options.name ?? "input";
        throw new DaggrError(
          "INVALID_OUTPUT",
          `Port '${port}' of node '${node}': expected a component (gr.…).`,
          { node, port, ...(place === undefined ? {} : { place }) },
        );
      }
    }
    super({ name: options.name, defaultName: "input", inputs: {}, outputs: ports, behaviour });
  }
}
Object.defineProperty(InputNodeClass, "name", { value: "InputNode" });

/**
 * One card with several input fields: `new InputNode(options)`, see {@link InputNodeConstructor}.
 *
 * @example
 * ```ts
 * import { gr, InputNode } from "daggr";
 * const who = new InputNode({ name: "who", ports: { person: gr.Textbox({ label: "Name" }), age: gr.Number() } });
 * ```
 */
export const InputNode: InputNodeConstructor = InputNodeClass as unknown as InputNodeConstructor;
