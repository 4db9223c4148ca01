import type { ErrorData } from "../base/errors.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import type { Invoker } from "../graph/step.ts";
import type { Store } from "../store/store.ts";
import type { Identities } from "./identities.ts";

/** Hears of every step that failed for good, after that was kept; no secret is in it. */
export type FailureListener = (node: string, error: ErrorData) => void;

/** What every part of the engine works with. */
export interface EngineContext {
  readonly definition: GraphDefinition;
  readonly store: Store;
  readonly invoker: Invoker;
  readonly identities: Identities;
  readonly onFailure?: FailureListener;
}
