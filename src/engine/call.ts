import { makePlan } from "../plan/make-plan.ts";
import { missingInputs } from "../plan/missing-inputs.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import type { RunEvent } from "../protocol/events.ts";
import { runGraph } from "../run/run-graph.ts";
import type { Scope } from "../store/store.ts";
import type { EngineContext } from "./context.ts";
import type { CallOptions, CallResult } from "./engine.ts";
import { runSnapshot } from "./snapshot.ts";
import { processLimits } from "./start-run.ts";

type End = Extract<RunEvent, { readonly type: "run-done" | "run-failed" | "run-cancelled" }>;

let count = 0;

/** Runs what the targets need and keeps nothing: no record, no results, no events. */
export async function call(
  context: EngineContext,
  scope: Scope,
  { targets, fields, variants, signal }: CallOptions,
): Promise<CallResult> {
  // Nothing is reused, so that nobody has to wait for a Space to say what it is.
  const saved = { scope, fields, variants, selected: new Map() };
  const snapshot: Snapshot = await runSnapshot(context, saved, undefined, 0);
  const missing = missingInputs(
    context.definition,
    snapshot,
    makePlan(context.definition, snapshot, "all", targets),
  );
  if (missing !== undefined) throw missing;
  const runId = `call-${count++}`;
  const run = runGraph({
    definition: context.definition,
    snapshot,
    mode: "all",
    targets,
    runId,
    invoker: context.invoker,
    limits: processLimits,
    sessionKey: runId,
    ...(signal === undefined ? {} : { signal }),
  });
  let end: End | undefined;
  for await (const { event } of run) {
    if (event.type === "run-done" || event.type === "run-failed" || event.type === "run-cancelled")
      end = event;
  }
  const wanted = new Set(targets);
  const outputs = Object.fromEntries(Object.entries(end?.outputs ?? {}).filter(([node]) => wanted.has(node)));
  return { outputs, errors: end?.type === "run-failed" ? end.errors : [] };
}
