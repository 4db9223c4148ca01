import { randomUUID } from "node:crypto";
import { DaggrError, type ErrorData } from "../base/errors.ts";
import type { ResultRecord } from "../graph/result.ts";
import { makePlan } from "../plan/make-plan.ts";
import { missingInputs } from "../plan/missing-inputs.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import type { Plan } from "../protocol/plan.ts";
import type { GivenAnswer } from "../run/asking.ts";
import { Limits } from "../run/limits.ts";
import { type RunGraphOptions, runGraph } from "../run/run-graph.ts";
import type { RunRecord, Scope } from "../store/store.ts";
import type { EngineContext } from "./context.ts";
import type { StartRun } from "./engine.ts";
import type { EventLog } from "./event-log.ts";
import { checkFields, checkVariants, fittingFields } from "./field-values.ts";
import { LiveRun, type LiveRunOptions } from "./live-run.ts";
import type { LiveSheet } from "./live-sheet.ts";
import type { PendingAnswers } from "./pending-answers.ts";
import { runSnapshot } from "./snapshot.ts";

/** Groups hold for the whole process, whichever graph names them. */
export const processLimits = new Limits();

/** Checks, plans, keeps the run's record and starts it. Rejects before anything runs. */
export async function startRun(
  context: EngineContext,
  scope: Scope,
  sheet: LiveSheet | undefined,
  options: StartRun,
): Promise<LiveRun> {
  const { definition, store } = context;
  const { mode, nodes: targets, item } = options;
  const given = await checkFields(definition, store, scope, options.fields ?? {});
  const chosen = checkVariants(definition, options.variants ?? {});
  const saved = {
    scope,
    fields: { ...sheet?.state.fields, ...given },
    variants: { ...sheet?.state.variants, ...chosen },
    selected: sheet?.selected ?? new Map<string, ResultRecord>(),
  };
  const snapshot = await runSnapshot(context, saved, sheet === undefined ? undefined : { sheet: sheet.id });
  refuseMissing(context, snapshot, options);
  const { fields, variants } = saved;
  const record: RunRecord = {
    id: randomUUID(),
    sheet: sheet?.id ?? null,
    mode,
    targets,
    ...(item === undefined ? {} : { item }),
    fields,
    variants,
    status: "running",
    startedAt: Date.now(),
    endedAt: null,
    nodes: {},
    lastSeq: 0,
  };
  if (sheet !== undefined) await keepInputs(context, sheet, given, chosen);
  await store.createRun(scope, record);
  return liveRun(context, scope, sheet, record, snapshot);
}

/** Goes on with a run: what it has finished is kept, nodes and items. */
export async function resumeRun(
  context: EngineContext,
  scope: Scope,
  id: string,
  openSheet: (id: string) => Promise<LiveSheet>,
): Promise<LiveRun> {
  const { store } = context;
  const record = await store.run(scope, id);
  if (record === undefined) throw new DaggrError("RUN_NOT_FOUND", "There is no such run.");
  if (record.status === "done")
    throw new DaggrError("RUN_NOT_RESUMABLE", "This run is done: there is nothing left to do.");
  if (record.status === "waiting")
    throw new DaggrError("RUN_NOT_RESUMABLE", "This run waits for an answer: answer it, and it goes on.");
  if (!(await store.claimRun(scope, id))) {
    throw new DaggrError("RUN_NOT_RESUMABLE", "This run goes on in another process.");
  }
  const sheet = record.sheet === null ? undefined : await openSheet(record.sheet);
  const snapshot = await snapshotOfRun(context, scope, record, sheet);
  return liveRun(context, scope, sheet, { ...record, status: "running", endedAt: null }, snapshot);
}

/** Goes on with a run that this process has claimed, because somebody answered what it had asked. */
export async function continueRun(
  context: EngineContext,
  scope: Scope,
  record: RunRecord,
  sheet: LiveSheet | undefined,
  answers: PendingAnswers,
  given: GivenAnswer,
  log: EventLog | undefined,
): Promise<LiveRun> {
  const snapshot = await snapshotOfRun(context, scope, record, sheet);
  const continued = { ...record, status: "running" as const, endedAt: null };
  const continuation = await continuationOf(context, scope, record, [given]);
  return liveRun(context, scope, sheet, continued, snapshot, { answers, log }, continuation);
}

/** What a run that goes on looks at: its own values, and the results that it has made. */
export async function snapshotOfRun(
  context: EngineContext,
  scope: Scope,
  record: RunRecord,
  sheet: Pick<LiveSheet, "id" | "selected"> | undefined,
): Promise<Snapshot> {
  const selected = new Map(sheet?.selected);
  for (const [node, { result }] of Object.entries(record.nodes)) {
    const kept = result === undefined ? undefined : await context.store.result(scope, result);
    if (kept !== undefined) selected.set(node, kept);
  }
  const { variants } = record;
  const fields = fittingFields(context.definition, record.fields);
  const owner = sheet === undefined ? { run: record.id } : { sheet: sheet.id };
  return runSnapshot(context, { scope, fields, variants, selected }, owner);
}

type Continuation = NonNullable<RunGraphOptions["continuation"]>;

/** What a run at rest knows of what it has done: neither what failed nor what was cancelled is tried again. */
export async function continuationOf(
  { store }: EngineContext,
  scope: Scope,
  record: RunRecord,
  answers: readonly GivenAnswer[],
): Promise<Continuation> {
  const waitingSince = new Map<string, number>();
  const ended = new Map<string, { error: ErrorData } | { isCancelled: true }>();
  for (const [node, { status, startedAt, error }] of Object.entries(record.nodes)) {
    if (status === "waiting" && startedAt !== undefined) waitingSince.set(node, startedAt);
    else if (status === "failed" && error !== undefined) ended.set(node, { error });
    else if (status === "cancelled") ended.set(node, { isCancelled: true });
  }
  return { answers, waitingSince, ended, failedItems: await store.failedItems(scope, record.id) };
}

function liveRun(
  context: EngineContext,
  scope: Scope,
  sheet: LiveSheet | undefined,
  record: RunRecord,
  snapshot: Snapshot,
  continues?: LiveRunOptions["continues"],
  continuation?: Continuation,
): LiveRun {
  const { definition, invoker } = context;
  const { id: runId, mode, targets, item } = record;
  const run = new LiveRun({
    context,
    scope,
    record,
    sheet,
    ...(continues === undefined ? {} : { continues }),
    start: (signal) =>
      runGraph({
        definition,
        snapshot,
        mode,
        targets,
        runId,
        invoker,
        limits: processLimits,
        sessionKey: record.sheet ?? runId,
        signal,
        ...(item === undefined ? {} : { item }),
        ...(continuation === undefined ? {} : { continuation }),
      }),
  });
  if (sheet !== undefined) sheet.begin(run);
  return run;
}

/** Throws `NEEDS_A_PERSON` for a plan that asks somebody. */
export function refuseAsking({ entries }: Plan, instead?: string): void {
  const first = entries.find((entry) => entry.asks);
  if (first === undefined) return;
  const advice = instead ?? "Pass onAsk, which answers in that person's place: run(inputs, { onAsk }).";
  throw new DaggrError(
    "NEEDS_A_PERSON",
    `Step '${first.node}' asks a person, and nobody is there to answer. ${advice}`,
    { node: first.node },
  );
}

function refuseMissing(
  { definition }: EngineContext,
  snapshot: Snapshot,
  { mode, nodes, item, unattended }: StartRun,
): void {
  const plan = makePlan(definition, snapshot, mode, nodes);
  const missing = missingInputs(definition, snapshot, plan);
  if (missing !== undefined) throw missing;
  if (unattended === true) refuseAsking(plan);
  if (item === undefined) return;
  const node = nodes.length === 1 ? definition.nodes.get(nodes[0] as string) : undefined;
  if (node?.scattered !== true || mode !== "step") {
    throw new DaggrError(
      "NOT_SCATTERED",
      "One item can be run again only of one node that runs once per item.",
      node === undefined ? {} : { node: node.name },
    );
  }
}

/** On a sheet, what a run is given is saved there first. */
async function keepInputs(
  { store }: EngineContext,
  sheet: LiveSheet,
  fields: Readonly<Record<string, unknown>>,
  variants: Readonly<Record<string, number>>,
): Promise<void> {
  const kept: Promise<void>[] = [];
  if (Object.keys(fields).length > 0) kept.push(store.setFields(sheet.scope, sheet.id, fields));
  for (const [node, variant] of Object.entries(variants))
    kept.push(store.setVariant(sheet.scope, sheet.id, node, variant));
  await Promise.all(kept);
  sheet.setInputs(fields, variants);
}
