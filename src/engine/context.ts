import type { GraphDefinition } from "../graph/definition.ts";
import type { Invoker } from "../graph/step.ts";
import type { Store } from "../store/store.ts";
import type { Identities } from "./identities.ts";

/** What every part of the engine works with. */
export interface EngineContext {
  readonly definition: GraphDefinition;
  readonly store: Store;
  readonly invoker: Invoker;
  readonly identities: Identities;
}
