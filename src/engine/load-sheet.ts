import type { GraphDefinition } from "../graph/definition.ts";
import type { ResultRecord } from "../graph/result.ts";
import type { ItemState } from "../protocol/view.ts";
import type { RunNodeRecord, RunRecord, Scope, SheetState } from "../store/store.ts";
import type { EngineContext } from "./context.ts";
import { fittingFields } from "./field-values.ts";
import type { LiveNode } from "./live-node.ts";
import { LiveSheet } from "./live-sheet.ts";
import { peekAtRun } from "./peek.ts";
import { readersOf } from "./readers.ts";
import { snapshotOfRun } from "./start-run.ts";
import { withShortOutputs } from "./told-outputs.ts";

/** Of so many runs what went wrong is looked for: cards may have been run one by one. */
const LATEST_RUNS = 8;

/** Reads a sheet; `undefined` when there is none. Only selected results are read, however many there are. */
export async function loadSheet(
  context: EngineContext,
  scope: Scope,
  id: string,
): Promise<LiveSheet | undefined> {
  const state = await readState(context, scope, id);
  if (state === undefined) return undefined;
  const sheet = new LiveSheet(context, scope, state);
  await readInto(context, sheet);
  return sheet;
}

/** Reads a sheet again that another process may have changed; `false` when it is gone. */
export async function reloadSheet(context: EngineContext, sheet: LiveSheet): Promise<boolean> {
  const state = await readState(context, sheet.scope, sheet.id);
  if (state === undefined) return false;
  const before = toCompare(sheet);
  sheet.state = state;
  sheet.liveItems.clear();
  await readInto(context, sheet);
  if (before !== toCompare(sheet))
    sheet.notices.tell({ type: "sheet", view: withShortOutputs(sheet.view()) });
  return true;
}

function toCompare({ state, tallies, interrupted, runs }: LiveSheet): string {
  return JSON.stringify([state, [...tallies], interrupted, [...runs]]);
}

async function readState(
  { definition, store }: EngineContext,
  scope: Scope,
  id: string,
): Promise<SheetState | undefined> {
  const state = await store.loadSheet(scope, id);
  return state && { ...state, fields: fittingFields(definition, state.fields) };
}

async function readInto(context: EngineContext, sheet: LiveSheet): Promise<void> {
  const { store, definition } = context;
  const { scope, id } = sheet;
  const steps = [...definition.nodes.values()].filter(({ behaviour }) => behaviour.executes);
  const [tallies, waiting, durations, latest, ...selected] = await Promise.all([
    store.tallies(scope, id),
    store.waitingRuns(scope, id),
    store.durations(
      scope,
      steps.map(({ name }) => name),
      9,
    ),
    store.listRuns(scope, { sheet: id, offset: 0, limit: LATEST_RUNS }),
    ...Object.entries(sheet.state.selected).map(([node, result]) =>
      readSelected(context, sheet, node, result),
    ),
  ]);
  sheet.tallies.clear();
  for (const [node, tally] of Object.entries(tallies)) sheet.tallies.set(node, tally);
  sheet.selected.clear();
  for (const result of selected) if (result !== undefined) sheet.selected.set(result.node, result);
  for (const [node, latest] of Object.entries(durations)) sheet.usual.set(node, latest);
  takeLatestRuns(context, sheet, latest);
  for (const record of waiting) await takeWaitingRun(context, sheet, record);
  await sheet.refresh();
  sheet.forgetTroubleOfFresh();
}

async function readSelected(
  { definition, store }: EngineContext,
  sheet: LiveSheet,
  node: string,
  id: string,
): Promise<ResultRecord | undefined> {
  if (!definition.nodes.has(node)) return undefined;
  const known = sheet.selected.get(node);
  return known?.id === id ? known : store.result(sheet.scope, id);
}

/**
 * What went wrong in the latest run of a node still shows on its card, unless an input that it depends on was changed
 * since.
 */
function takeLatestRuns(
  { definition }: EngineContext,
  sheet: LiveSheet,
  [latest, ...earlier]: readonly RunRecord[],
): void {
  sheet.live.clear();
  sheet.asks.clear();
  sheet.runs.clear();
  sheet.interrupted = null;
  if (latest === undefined) return;
  const seen = new Set<string>();
  for (const run of [latest, ...earlier]) {
    const affected =
      run === latest ? new Set() : dependentOn(definition, changedSince(run, sheet.state.fields));
    for (const [node, state] of Object.entries(run.nodes)) {
      if (seen.has(node)) continue;
      seen.add(node);
      const trouble = affected.has(node) ? undefined : troubleOf(run.id, state);
      if (trouble !== undefined) sheet.live.set(node, trouble);
    }
  }
  if (latest.status !== "interrupted") return;
  const nodes = Object.values(latest.nodes);
  const done = nodes.filter(({ status }) => status === "done" || status === "failed").length;
  sheet.interrupted = {
    id: latest.id,
    status: "interrupted",
    startedAt: latest.startedAt,
    total: Math.max(nodes.length, done),
    done,
  };
}

function troubleOf(run: string, state: RunNodeRecord): LiveNode | undefined {
  const { status, error, startedAt, durationMs, reason } = state;
  if (status !== "failed" && status !== "blocked" && status !== "interrupted") return undefined;
  return {
    run,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(error === undefined ? {} : { error }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(durationMs === undefined ? {} : { durationMs }),
  };
}

function changedSince(run: RunRecord, fields: Readonly<Record<string, unknown>>): string[] {
  const addresses = new Set([...Object.keys(run.fields), ...Object.keys(fields)]);
  return [...addresses].filter(
    (address) => JSON.stringify(run.fields[address]) !== JSON.stringify(fields[address]),
  );
}

/** The nodes that read these fields, and all after them. */
function dependentOn(definition: GraphDefinition, fields: readonly string[]): Set<string> {
  const affected = new Set(readersOf(definition, fields));
  for (const node of definition.nodes.values())
    if (node.upstream.some((name) => affected.has(name))) affected.add(node.name);
  return affected;
}

/** What a run asks, as before; one that could not simply go on counts as interrupted. */
async function takeWaitingRun(context: EngineContext, sheet: LiveSheet, record: RunRecord): Promise<void> {
  const { id, startedAt, nodes, lastSeq } = record;
  const peek = await peekAtRun(
    context,
    sheet.scope,
    record,
    await snapshotOfRun(context, sheet.scope, record, sheet),
  );
  const ended = Object.values(nodes).filter(({ status }) => status !== "waiting" && status !== "reused");
  const left = peek?.planned.filter((node) => nodes[node] === undefined) ?? [];
  const total = Object.values(nodes).filter(({ status }) => status !== "reused").length + left.length;
  const info = { id, startedAt, total, done: ended.length };
  if (peek === undefined) {
    const { store } = context;
    if (!(await store.claimRun(sheet.scope, id))) return;
    const runs = [{ run: id, status: "interrupted" as const, endedAt: Date.now(), lastSeq }];
    await store.commit(sheet.scope, { runs });
    sheet.interrupted = { ...info, status: "interrupted" };
    return;
  }
  sheet.runs.set(id, { ...info, status: "waiting" });
  for (const node of left) sheet.live.set(node, { run: id, status: "planned" });
  for (const [node, open] of peek.asks) {
    const { reason, startedAt: since } = nodes[node] ?? {};
    const items = peek.items.get(node);
    sheet.asks.set(node, open);
    sheet.live.set(node, {
      run: id,
      status: "waiting",
      ...(reason === undefined ? {} : { reason }),
      ...(since === undefined ? {} : { startedAt: since }),
      ...(items === undefined
        ? {}
        : {
            items: {
              total: items.total,
              done: items.reused,
              failed: items.total - items.reused - open.size,
              running: 0,
            },
          }),
    });
    const states = new Map<number, ItemState>();
    for (const index of open.keys()) if (index !== undefined) states.set(index, { index, status: "waiting" });
    if (states.size > 0) sheet.liveItems.set(node, states);
  }
}
