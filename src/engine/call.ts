import type { GraphDefinition } from "../graph/definition.ts";
import { makePlan } from "../plan/make-plan.ts";
import { missingInputs } from "../plan/missing-inputs.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import type { RunEvent } from "../protocol/events.ts";
import type { Plan } from "../protocol/plan.ts";
import { runGraph } from "../run/run-graph.ts";
import type { Scope } from "../store/store.ts";
import type { EngineContext } from "./context.ts";
import type { CallOptions, CallResult } from "./engine.ts";
import { runSnapshot } from "./snapshot.ts";
import { processLimits, refuseAsking } from "./start-run.ts";

type End = Extract<RunEvent, { readonly type: "run-done" | "run-failed" | "run-cancelled" }>;

let count = 0;

const MOST_PLANS = 100;
const plans = new WeakMap<GraphDefinition, Map<string, Plan>>();

/** With nothing saved a plan depends on targets and variants only, never on the values: it is made once. */
function planFor(definition: GraphDefinition, snapshot: Snapshot, targets: readonly string[]): Plan {
  const known = plans.get(definition) ?? new Map<string, Plan>();
  plans.set(definition, known);
  const key = JSON.stringify([targets, snapshot.variants]);
  let plan = known.get(key);
  if (plan === undefined) {
    plan = makePlan(definition, snapshot, "all", targets);
    if (known.size >= MOST_PLANS) known.clear();
    known.set(key, plan);
  }
  return plan;
}

/** Runs what the targets need and keeps nothing: no record, no results, no events. */
export async function call(
  context: EngineContext,
  scope: Scope,
  { targets, fields, variants, signal }: CallOptions,
): Promise<CallResult> {
  // Nothing is reused, so that nobody has to wait for a Space to say what it is.
  const saved = { scope, fields, variants, selected: new Map() };
  const snapshot: Snapshot = await runSnapshot(context, saved, undefined, 0);
  const plan = planFor(context.definition, snapshot, targets);
  const missing = missingInputs(context.definition, snapshot, plan);
  if (missing !== undefined) throw missing;
  refuseAsking(plan, "Start a run (POST /api/runs) and answer it (POST /api/runs/{id}/answers/{node}).");
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
