import { randomUUID } from "node:crypto";
import type { ErrorData } from "../base/errors.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import type { ItemRecord, ResultRecord } from "../graph/result.ts";
import type { Invoker } from "../graph/step.ts";
import { type ActiveGraph, activeGraph } from "../plan/active.ts";
import { type Decisions, decide } from "../plan/decide.ts";
import { heldValues } from "../plan/fields.ts";
import { baseOf, fingerprint, withDrawn } from "../plan/fingerprint.ts";
import { toPlan } from "../plan/make-plan.ts";
import { type Given, type ResolvedInputs, resolveInputs } from "../plan/resolve.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import type { Answer } from "../protocol/ask.ts";
import type { NodeOutputs, Outputs, RunEvent } from "../protocol/events.ts";
import type { RunMode } from "../protocol/plan.ts";
import type { Continuation } from "./asking.ts";
import { Channel } from "./channel.ts";
import type { Limits } from "./limits.ts";
import { type NodeEnd, NodeRun } from "./node-run.ts";
import type { RunNotice } from "./notice.ts";
import { gather, type ItemsContext, ItemsError, type Reusable, runItems } from "./run-items.ts";
import { isCancelled, toldError, toStepError } from "./step-errors.ts";
import { waysOf } from "./ways.ts";
import { draw, perform, roundMs, type Work } from "./work.ts";

export interface RunGraphOptions {
  readonly definition: GraphDefinition;
  /** As it is when the run starts. Results that carry this run's id count as finished by it (a run that goes on). */
  readonly snapshot: Snapshot;
  readonly mode: RunMode;
  /** Empty means all. */
  readonly targets?: readonly string[];
  /** Only this item of the (one, scattered) target; its siblings are kept as they are. */
  readonly item?: number;
  readonly runId: string;
  readonly invoker: Invoker;
  /** One for the process. */
  readonly limits: Limits;
  /** What runs one step at a time shares: the sheet, or the run when it has none. */
  readonly sessionKey: string;
  readonly signal?: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** For a run that goes on because somebody answered. */
  readonly continuation?: Continuation & {
    /** By node, how it ended before: what failed or was cancelled is not tried again. */
    readonly ended: ReadonlyMap<string, { readonly error: ErrorData } | { readonly isCancelled: true }>;
    /** By node, the items of this run that failed. */
    readonly failedItems: Readonly<Record<string, readonly ItemRecord[]>>;
  };
  /** Ids of new results. */
  readonly newId?: () => string;
}

/** A run, to be listened to once. It starts when somebody listens, and ends when they leave. */
export interface GraphRun extends AsyncIterable<RunNotice> {
  /** Cancels one node that is queued or running; the branches that do not need it go on. `false` when it is neither. */
  cancelNode(node: string): boolean;
  /** Answers an open question. `false` when there is none. Throws when the answer does not fit; the question stays. */
  answer(node: string, item: number | undefined, answer: Answer): boolean;
}

/**
 * Runs what the mode says: a step starts the moment its inputs are there. Everything that happens is told in order,
 * with the records to keep; the last notice is `run-done`, `run-failed` or `run-cancelled`. The iterator never throws.
 * When nothing is left but steps that wait for a person it ends without such a notice: the run is at rest, and
 * another one with a `continuation` goes on.
 *
 * @throws DaggrError `NODE_NOT_FOUND`, `NO_TARGET`
 */
export function runGraph(options: RunGraphOptions): GraphRun {
  return new Runner(options);
}

class Runner implements GraphRun, ItemsContext {
  readonly runId: string;
  readonly snapshot: Snapshot;
  readonly invoker: Invoker;
  readonly limits: Limits;
  readonly now: () => number;
  readonly #options: RunGraphOptions;
  readonly #graph: ActiveGraph;
  readonly #decisions: Decisions;
  readonly #runs = new Map<string, NodeRun>();
  readonly #channel: Channel<RunNotice>;
  readonly #newId: () => string;
  readonly #errors: { node: string; item?: number; error: ErrorData }[] = [];
  readonly #ready: NodeRun[] = [];
  #open = 0;
  /** Nodes at work: with none, only people can bring the run on. */
  #busy = 0;
  #isAtRest = false;
  #isStarting = false;
  #isCancelled = false;
  #startedElapsed = 0;

  constructor(options: RunGraphOptions) {
    this.#options = options;
    this.runId = options.runId;
    this.snapshot = options.snapshot;
    this.invoker = options.invoker;
    this.limits = options.limits;
    this.now = options.now ?? Date.now;
    this.#newId = options.newId ?? randomUUID;
    this.#channel = new Channel(() => this.#cancel());
    this.#graph = activeGraph(options.definition, options.snapshot.variants);
    this.#decisions = decide(
      this.#graph,
      options.snapshot,
      options.mode,
      options.targets ?? [],
      options.runId,
    );
  }

  [Symbol.asyncIterator](): AsyncIterator<RunNotice, undefined> {
    this.#start();
    return this.#channel;
  }

  cancelNode(name: string): boolean {
    const run = this.#runs.get(name);
    if (run === undefined || run.end !== undefined || run.waitingFor > 0) return false;
    run.cancel();
    return true;
  }

  answer(name: string, item: number | undefined, answer: Answer): boolean {
    const open = this.#isAtRest ? undefined : this.#runs.get(name)?.asks.get(item);
    open?.(answer);
    return open !== undefined;
  }

  get continuation(): Continuation | undefined {
    return this.#options.continuation;
  }

  /** A node that waits for nothing but answers is not at work. */
  asksChanged(run: NodeRun): void {
    if (run.end !== undefined) return;
    const isBusy = run.asks.size === 0 || run.asks.size < run.undone;
    if (isBusy === run.isBusy) return;
    run.isBusy = isBusy;
    this.#busy += isBusy ? 1 : -1;
    this.#restIfQuiet();
  }

  #restIfQuiet(): void {
    if (this.#isStarting || this.#isCancelled || this.#isAtRest || this.#busy > 0 || this.#open === 0) return;
    this.#isAtRest = true;
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    this.#channel.close();
  }

  notice(notice: RunNotice): void {
    this.#channel.push(notice);
  }

  readonly tell = (event: RunEvent): void => {
    this.#channel.push({ event });
  };

  #start(): void {
    const { definition: _, mode, targets = [], sessionKey, signal } = this.#options;
    this.#startedElapsed = performance.now();
    this.tell({
      type: "run-started",
      run: this.runId,
      plan: toPlan(this.#graph, this.#decisions, this.snapshot, mode, targets),
    });
    for (const decision of this.#decisions.entries.values()) {
      const node = this.#graph.get(decision.node);
      if (node === undefined) continue;
      const run = new NodeRun(node, decision, waysOf(node, sessionKey, this.runId), this.tell);
      this.#runs.set(node.name, run);
      for (const from of node.upstream.values()) {
        const upstream = this.#runs.get(from.name);
        if (upstream === undefined) continue;
        upstream.readers.push(run);
        run.waitingFor++;
      }
      if (run.waitingFor === 0) this.#ready.push(run);
    }
    this.#open = this.#runs.size;
    if (signal?.aborted) this.#cancel();
    else signal?.addEventListener("abort", this.#onAbort, { once: true });
    this.#startReady();
    if (this.#open === 0) this.#finish();
    else this.#restIfQuiet();
  }

  readonly #onAbort = (): void => this.#cancel();

  #cancel(): void {
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    for (const run of this.#runs.values()) run.cancel();
  }

  /** Starts what is ready, in the graph's order. A loop and no recursion: chains may be long, and may end at once. */
  #startReady(): void {
    if (this.#isStarting) return;
    this.#isStarting = true;
    for (let next = 0; next < this.#ready.length; next++) this.#begin(this.#ready[next] as NodeRun);
    this.#ready.length = 0;
    this.#isStarting = false;
  }

  #begin(run: NodeRun): void {
    if (this.#isCancelled) return this.#end(run, { type: "cancelled" });
    const ended = this.#options.continuation?.ended.get(run.name);
    if (ended !== undefined) return this.#endAsBefore(run, ended);
    const missing =
      run.decision.action === "blocked" && run.decision.problem === undefined ? run.decision.by : undefined;
    const blockedBy =
      this.#blockedBy(run) ?? (missing === undefined || this.#runs.has(missing) ? undefined : missing);
    if (blockedBy !== undefined) {
      const reason = this.#reasonOf(blockedBy);
      this.tell({ type: "node-blocked", node: run.name, by: blockedBy, reason });
      return this.#end(run, { type: "blocked", by: blockedBy });
    }
    try {
      const inputs = resolveInputs(run.node, this.snapshot.fields, (from) => this.#given(from.name));
      const identity = this.snapshot.identities.get(run.name) ?? "";
      const base = fingerprint(identity, inputs.hashes, inputs.parameters);
      const selected = this.snapshot.selected.get(run.name);
      const isFresh =
        selected !== undefined &&
        selected.variant === run.node.variant &&
        baseOf(selected.fingerprint) === base;
      // What was changed by hand is no result of the node: it stands until the node is asked for anew.
      const mayReuse =
        !run.decision.always ||
        (this.#asksCache(run) && inputs.draws.length === 0 && selected !== undefined && isWhole(selected));
      if (isFresh && mayReuse) return this.#reuse(run, selected);
      run.base = base;
      run.isBusy = true;
      this.#busy++;
      const execution =
        inputs.scatter === null
          ? this.#runOnce(run, inputs, base)
          : this.#runItems(run, inputs, base, isFresh);
      execution.catch((thrown) => this.#fail(run, thrown));
    } catch (thrown) {
      this.#fail(run, thrown);
    }
  }

  #endAsBefore(run: NodeRun, ended: { error: ErrorData } | { isCancelled: true }): void {
    if ("isCancelled" in ended) return this.#end(run, { type: "cancelled" });
    this.#errors.push({ node: run.name, error: ended.error });
    this.#end(run, { type: "failed", isRejected: ended.error.code === "REJECTED" });
  }

  #blockedBy(run: NodeRun): string | undefined {
    for (const from of run.node.upstream.keys()) {
      const end = this.#runs.get(from)?.end;
      if (end?.type === "blocked") return end.by;
      if (end !== undefined && end.type !== "done") return from;
    }
    return undefined;
  }

  #reasonOf(name: string): string {
    const end = this.#runs.get(name)?.end;
    if (end === undefined) return `needs ${name}`;
    if (end.type === "failed" && end.isRejected === true) return `rejected by ${name}`;
    return end.type === "cancelled" ? `${name} was cancelled` : `${name} failed`;
  }

  #given(name: string): Given | undefined {
    const run = this.#runs.get(name);
    if (run === undefined) return this.snapshot.selected.get(name);
    return run.end?.type === "done" ? run.end.given : undefined;
  }

  #reuse(run: NodeRun, result: ResultRecord): void {
    const { outputs, durationMs, id } = result;
    const by = result.fallback === undefined ? {} : { fallback: result.fallback };
    this.tell({ type: "node-done", node: run.name, outputs, durationMs, reused: true, result: id, ...by });
    this.#end(run, { type: "done", given: result });
  }

  async #runOnce(run: NodeRun, inputs: ResolvedInputs, base: string): Promise<void> {
    const work: Work = {
      item: undefined,
      inputs: { ...inputs.shared },
      drawn: {},
      workId: `${this.runId}/${run.name}`,
      isDrawn: inputs.draws.length === 0,
      attempts: 0,
      startedAt: 0,
      startedElapsed: 0,
    };
    if (this.#asksCache(run)) {
      if (!work.isDrawn) await draw(run, inputs, work);
      if (await this.#takeCached(run, inputs, base, work.drawn)) return;
    }
    const { outputs, busyMs, fallback } = await perform(this, run, inputs, work);
    const record = this.#record(run, inputs, withDrawn(base, work.drawn), {
      drawn: work.drawn,
      inputs: { ...inputs.values, ...work.drawn },
      outputs,
      items: null,
      durationMs: roundMs(performance.now() - run.startedElapsed),
      ...(fallback === undefined ? {} : { fallback }),
    });
    this.#done(run, record, false, busyMs);
  }

  async #runItems(run: NodeRun, inputs: ResolvedInputs, base: string, isFresh: boolean): Promise<void> {
    const { scatter } = inputs;
    if (scatter === null) return;
    const asksCache = inputs.draws.length === 0 && this.#asksCache(run);
    if (asksCache && (await this.#takeCached(run, inputs, base, {}))) return;
    const { items, isMixed } = await runItems(
      this,
      run,
      inputs,
      scatter,
      this.#reusable(run, isFresh, asksCache),
    );
    const record = this.#record(run, inputs, isMixed ? `mixed:${base}` : base, {
      drawn: {},
      inputs: inputs.values,
      outputs: gather(run.node.definition.outputs.keys(), items),
      items,
      durationMs: roundMs(performance.now() - run.startedElapsed),
    });
    this.#done(run, record, false, run.busyMs > 0 ? run.busyMs : undefined);
  }

  /** What was asked for is done again, even where the history has an equal result. */
  #asksCache(run: NodeRun): boolean {
    return run.node.behaviour.policy.cache && (!run.decision.always || this.#options.mode === "all");
  }

  async #takeCached(
    run: NodeRun,
    inputs: ResolvedInputs,
    base: string,
    drawn: Record<string, unknown>,
  ): Promise<boolean> {
    const cached = await this.snapshot.cached(run.name, withDrawn(base, drawn));
    if (cached === undefined || !isWhole(cached)) return false;
    run.startedAt = this.now();
    const { outputs, items, durationMs } = cached;
    const record = this.#record(run, inputs, withDrawn(base, drawn), {
      drawn,
      inputs: { ...inputs.values, ...drawn },
      outputs,
      items,
      durationMs,
      ...(cached.fallback === undefined ? {} : { fallback: cached.fallback }),
    });
    this.#done(run, record, true, undefined);
    return true;
  }

  #reusable(run: NodeRun, isFresh: boolean, asksCache: boolean): Reusable {
    const selected = this.snapshot.selected.get(run.name);
    const kept = this.snapshot.keptItems(run.name);
    const known: ItemRecord[] = [...(selected?.items ?? []), ...kept];
    const { item, mode, targets } = this.#options;
    const own = known.filter((record) => record.run === this.runId);
    if (item !== undefined && targets?.includes(run.name)) {
      return { records: known, only: { item, result: selected } };
    }
    if (asksCache && run.decision.always)
      return { records: selected?.edited === true ? kept : known, only: undefined };
    // Everything anew, or a node that is fresh and asked for once more: only what this very run has finished is kept.
    const isAnew = mode === "all" || (run.decision.always && isFresh);
    const failed = this.#options.continuation?.failedItems[run.name];
    return { records: isAnew ? own : known, only: undefined, ...(failed === undefined ? {} : { failed }) };
  }

  #record(
    run: NodeRun,
    inputs: ResolvedInputs,
    fingerprint: string,
    made: Pick<ResultRecord, "drawn" | "inputs" | "outputs" | "items" | "durationMs" | "fallback">,
  ): ResultRecord {
    return {
      id: this.#newId(),
      node: run.name,
      variant: run.node.variant,
      fingerprint,
      identity: this.snapshot.identities.get(run.name) ?? "",
      inputHashes: inputs.hashes,
      fields: inputs.fields,
      upstream: inputs.upstream,
      startedAt: run.startedAt,
      run: this.runId,
      edited: false,
      ...made,
    };
  }

  #done(run: NodeRun, result: ResultRecord, reused: boolean, busyMs: number | undefined): void {
    run.updates.end();
    const { outputs, durationMs, id, fallback } = result;
    const by = fallback === undefined ? {} : { fallback };
    const busy = busyMs === undefined ? {} : { busyMs };
    this.notice({
      event: { type: "node-done", node: run.name, outputs, durationMs, reused, result: id, ...by, ...busy },
      result,
    });
    this.#end(run, { type: "done", given: result });
  }

  #fail(run: NodeRun, thrown: unknown): void {
    run.updates.end();
    const failure = toStepError(thrown);
    if (run.isCancelled || isCancelled(failure)) {
      this.tell({ type: "node-cancelled", node: run.name });
      return this.#end(run, { type: "cancelled" });
    }
    const error = toldError(failure.data, run.node.definition);
    if (failure instanceof ItemsError) {
      for (const { item, error: itemError } of failure.failures)
        this.#errors.push({ node: run.name, item, error: itemError });
    } else this.#errors.push({ node: run.name, error });
    const durationMs = run.startedTold ? roundMs(performance.now() - run.startedElapsed) : 0;
    this.tell({ type: "node-failed", node: run.name, error, durationMs });
    this.#end(run, { type: "failed", isRejected: error.code === "REJECTED" });
  }

  #end(run: NodeRun, end: NodeEnd): void {
    run.end = end;
    if (run.isBusy) this.#busy--;
    run.isBusy = false;
    this.#open--;
    for (const reader of run.readers) {
      if (--reader.waitingFor === 0) this.#ready.push(reader);
    }
    this.#startReady();
    if (this.#open === 0 && !this.#isStarting) this.#finish();
    else this.#restIfQuiet();
  }

  #finish(): void {
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    const outputs: Record<string, Outputs> = {};
    let isCancelledAnywhere = this.#isCancelled;
    let blocked: NodeRun | undefined;
    for (const node of this.#graph.values()) {
      const run = this.#runs.get(node.name);
      if (run?.end?.type === "done") outputs[node.name] = run.end.given.outputs;
      else if (run?.end?.type === "cancelled") isCancelledAnywhere = true;
      else if (run?.end?.type === "blocked") blocked ??= run;
      else if (!node.behaviour.executes && this.#decisions.scope.nodes.has(node)) {
        outputs[node.name] = heldValues(node.definition, this.snapshot.fields).outputs;
      }
    }
    this.#tellEnd(outputs, isCancelledAnywhere, blocked);
    this.#channel.close();
  }

  #tellEnd(outputs: NodeOutputs, isCancelledAnywhere: boolean, blocked: NodeRun | undefined): void {
    const about = { run: this.runId, outputs, durationMs: roundMs(performance.now() - this.#startedElapsed) };
    if (this.#isCancelled || (isCancelledAnywhere && this.#errors.length === 0))
      this.tell({ type: "run-cancelled", ...about });
    else if (this.#errors.length > 0) this.tell({ type: "run-failed", ...about, errors: this.#errors });
    else if (blocked !== undefined) {
      const by = blocked.end?.type === "blocked" ? blocked.end.by : "";
      const error = toldError(
        { code: "BLOCKED", message: `Node '${blocked.name}' needs a result of '${by}', which has none.` },
        blocked.node.definition,
      );
      this.tell({ type: "run-failed", ...about, errors: [{ node: blocked.name, error }] });
    } else this.tell({ type: "run-done", ...about });
  }
}

/** Made by the node alone, and nothing of it was skipped: such a result is as good as another run. */
function isWhole({ edited, items }: ResultRecord): boolean {
  return !edited && (items === null || items.every((item) => item.error === undefined));
}
