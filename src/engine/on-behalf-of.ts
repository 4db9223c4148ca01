import type { Caller } from "../graph/step.ts";
import type { EngineContext } from "./context.ts";

/** The same context, whose steps are carried out for this caller. */
export function onBehalfOf(context: EngineContext, caller: Caller | undefined): EngineContext {
  if (caller === undefined) return context;
  const { invoker } = context;
  return {
    ...context,
    invoker: {
      invoke: (request, options) => invoker.invoke(request, { ...options, caller }),
      close: () => invoker.close(),
    },
  };
}
