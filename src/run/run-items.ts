import type { ErrorData } from "../base/errors.ts";
import type { ItemRecord, ResultRecord } from "../graph/result.ts";
import { StepError } from "../graph/step.ts";
import { baseOf, withDrawn } from "../plan/fingerprint.ts";
import { itemBase, sharedFingerprint } from "../plan/reasons.ts";
import type { ResolvedInputs } from "../plan/resolve.ts";
import type { Scatter } from "../plan/scatter.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import type { FallbackUse } from "../protocol/values.ts";
import { breath } from "./breath.ts";
import type { NodeRun } from "./node-run.ts";
import { cancelled, isCancelled, toldError, toStepError } from "./step-errors.ts";
import { perform, roundMs, startScattered, type Work, type WorkContext } from "./work.ts";

export interface ItemsContext extends WorkContext {
  readonly runId: string;
  readonly snapshot: Snapshot;
}

export interface ItemsResult {
  /** One for each position, those that failed and were skipped included. */
  readonly items: readonly ItemRecord[];
  /** Items that were kept although their inputs are others now, because only one was asked for. */
  readonly isMixed: boolean;
}

/** What may be taken over instead of running again. */
export interface Reusable {
  /** Finished items that count only where their inputs are the same. */
  readonly records: readonly ItemRecord[];
  /** Items that failed earlier in this run, which are not tried again. */
  readonly failed?: readonly ItemRecord[];
  /** With one item asked for: everything else, whatever its inputs were. */
  readonly only: { readonly item: number; readonly result: ResultRecord | undefined } | undefined;
}

/**
 * Runs the items of a scattered node that cannot be taken over, some at once. A failed item does not stop its
 * siblings; the node fails when all have ended, unless it skips failed items.
 */
export async function runItems(
  context: ItemsContext,
  run: NodeRun,
  inputs: ResolvedInputs,
  scatter: Scatter,
  reusable: Reusable,
): Promise<ItemsResult> {
  const { concurrency, policy } = run.node.behaviour;
  const identity = context.snapshot.identities.get(run.name) ?? "";
  const shared = sharedFingerprint(identity, inputs, scatter);
  const { total } = scatter;
  const items = new Array<ItemRecord>(total);
  const bases = new Array<string>(total);
  const open: number[] = [];
  const take = finder(reusable.records);
  let isMixed = false;
  for (let position = 0; position < total; position++) {
    if (scatter.leftOut.has(position)) {
      items[position] = leftOut(position, shared, context.runId, context.now());
      continue;
    }
    const base = itemBase(shared, scatter, position);
    bases[position] = base;
    const { only } = reusable;
    if (only !== undefined && position !== only.item) {
      const kept = only.result?.items?.[position] ?? take(base, position);
      if (kept === undefined) items[position] = missing(position, base, context.runId, context.now());
      else {
        items[position] = kept.index === position ? kept : { ...kept, index: position };
        if (baseOf(kept.fingerprint) !== base) isMixed = true;
      }
      continue;
    }
    const failed = reusable.failed?.find(
      ({ index, fingerprint }) => index === position && baseOf(fingerprint) === base,
    );
    const known = only === undefined ? (failed ?? take(base, position)) : undefined;
    if (known === undefined) open.push(position);
    else items[position] = known.index === position ? known : { ...known, index: position };
  }
  const failedBefore = reusable.failed?.length ?? 0;
  run.items = { total, reused: Math.max(0, total - open.length - failedBefore) };
  run.undone = open.length;
  if (open.length === 0) startScattered(context, run);

  let next = 0;
  const work = async () => {
    while (next < open.length && !run.isCancelled) {
      const pause = breath();
      if (pause !== undefined) {
        await pause;
        continue;
      }
      const position = open[next++] as number;
      items[position] = await runItem(context, run, inputs, scatter, position, bases[position] as string);
      run.undone--;
      context.asksChanged(run);
    }
  };
  const places =
    concurrency.type === "free" ? concurrency.maxItems : concurrency.type === "group" ? concurrency.max : 1;
  const workers: Promise<void>[] = [];
  for (let count = Math.min(Math.max(1, places), open.length); count > 0; count--) workers.push(work());
  // All of them: an item that ends just before the others are cancelled is told and kept.
  for (const ended of await Promise.allSettled(workers)) if (ended.status === "rejected") throw ended.reason;
  if (run.isCancelled) throw cancelled(run.name);
  if (policy.onItemError === "fail") {
    const failures = [];
    for (let item = 0; item < total; item++) {
      const error = items[item]?.error;
      if (error !== undefined && error.code !== "LEFT_OUT") failures.push({ item, error });
    }
    if (failures.length > 0) throw new ItemsError(failures, total);
  }
  return { items, isMixed };
}

/** Some items of a node failed. */
export class ItemsError extends StepError {
  readonly failures: readonly { readonly item: number; readonly error: ErrorData }[];

  constructor(failures: readonly { readonly item: number; readonly error: ErrorData }[], total: number) {
    const first = failures[0] as { readonly item: number; readonly error: ErrorData };
    const message =
      failures.length === 1
        ? `Item ${first.item + 1} of ${total} failed: ${first.error.message}`
        : `${failures.length} of ${total} items failed; item ${first.item + 1}: ${first.error.message}`;
    super({ ...first.error, message }, false);
    this.failures = failures;
  }
}

async function runItem(
  context: ItemsContext,
  run: NodeRun,
  inputs: ResolvedInputs,
  scatter: Scatter,
  position: number,
  base: string,
): Promise<ItemRecord> {
  const values: Record<string, unknown> = { ...inputs.shared };
  for (const input of scatter.inputs) {
    const value = input.list[position];
    if (value !== undefined) values[input.parameter] = value;
  }
  const work: Work = {
    item: position,
    inputs: values,
    drawn: {},
    workId: `${context.runId}/${run.name}/${position}`,
    isDrawn: inputs.draws.length === 0,
    attempts: 0,
    startedAt: 0,
    startedElapsed: 0,
  };
  let outputs: Readonly<Record<string, unknown>> = {};
  let error: ErrorData | undefined;
  let busyMs: number | undefined;
  let fallback: FallbackUse | undefined;
  try {
    ({ outputs, busyMs, fallback } = await perform(context, run, inputs, work));
  } catch (thrown) {
    const failure = toStepError(thrown);
    if (run.isCancelled || isCancelled(failure)) throw failure;
    error = toldError(failure.data, run.node.definition);
  }
  run.updates.drop(position);
  const record: ItemRecord = {
    index: position,
    fingerprint: withDrawn(base, work.drawn),
    drawn: work.drawn,
    outputs,
    startedAt: work.startedAt,
    durationMs: roundMs(performance.now() - work.startedElapsed),
    run: context.runId,
    ...(error === undefined ? {} : { error }),
    ...(fallback === undefined ? {} : { fallback }),
  };
  const about = { node: run.name, item: position, durationMs: record.durationMs } as const;
  if (error !== undefined)
    context.notice({ event: { type: "node-failed", ...about, error }, item: { node: run.name, record } });
  else {
    const busy = busyMs === undefined ? {} : { busyMs };
    if (busyMs !== undefined) run.busyMs = Math.max(run.busyMs, busyMs);
    const by = fallback === undefined ? {} : { fallback };
    context.notice({
      event: { type: "node-done", ...about, outputs, reused: false, ...by, ...busy },
      item: { node: run.name, record },
    });
  }
  return record;
}

/** Finds a finished item with the same inputs: the one at the same position first, and each at most once while there are others. */
function finder(records: readonly ItemRecord[]): (base: string, position: number) => ItemRecord | undefined {
  const byBase = new Map<string, ItemRecord[]>();
  for (const record of records) {
    if (record.error !== undefined) continue;
    const base = baseOf(record.fingerprint);
    const known = byBase.get(base);
    if (known === undefined) byBase.set(base, [record]);
    else known.push(record);
  }
  return (base, position) => {
    const known = byBase.get(base);
    if (known === undefined) return undefined;
    return known.length === 1 ? known[0] : (known.find((record) => record.index === position) ?? known[0]);
  };
}

function leftOut(index: number, fingerprint: string, run: string, now: number): ItemRecord {
  const error = { code: "LEFT_OUT", message: `Item ${index + 1} was skipped because it failed upstream.` };
  return { index, fingerprint, drawn: {}, outputs: {}, startedAt: now, durationMs: 0, run, error };
}

function missing(index: number, fingerprint: string, run: string, now: number): ItemRecord {
  const error = { code: "NO_RESULT", message: `Item ${index + 1} has no result yet.` };
  return { index, fingerprint, drawn: {}, outputs: {}, startedAt: now, durationMs: 0, run, error };
}

/** The list of every output's values, in the items' order, without those that failed. */
export function gather(outputs: Iterable<string>, items: readonly ItemRecord[]): Record<string, unknown[]> {
  const lists: Record<string, unknown[]> = {};
  const done = items.filter((item) => item.error === undefined);
  for (const output of outputs) lists[output] = done.map((item) => item.outputs[output]);
  return lists;
}
