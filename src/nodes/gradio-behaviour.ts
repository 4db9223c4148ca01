import type { Behaviour } from "../graph/behaviour.ts";
import type { GradioNodeOptions } from "./gradio-node.ts";
import { policyOf } from "./options.ts";
import type { OutputComponents, Speaker } from "./values.ts";

// For the Gradio engineer: identity, check and invoke on src/clients/gradio.ts go here. `self()` is known only
// once the node is made. retries default to 2 for transport errors; maxConcurrent to 8.

/** How a GradioNode does its work. */
export function gradioBehaviour(
  source: string,
  options: GradioNodeOptions<any, any>,
  self: () => Speaker & { readonly outputs: OutputComponents },
): Behaviour {
  void self;
  return {
    kind: "gradio",
    source,
    executes: true,
    concurrency: { type: "free", maxItems: options.maxConcurrent ?? 8 },
    policy: policyOf(options),
    worker: false,
    trusted: false,
    identity: () => ({ kind: "gradio", source }),
    invoke: () => Promise.reject(new Error("not implemented yet")),
  };
}
