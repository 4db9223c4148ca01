import { performance } from "node:perf_hooks";
import { plainValue } from "../base/json.ts";
import { redactValue } from "../base/redact.ts";
import type { Invoker, StepRequest, StepResult, StepUpdate } from "../graph/step.ts";
import { StepError } from "../graph/step.ts";
import type { ResolvedInputs } from "../plan/resolve.ts";
import type { RunEvent } from "../protocol/events.ts";
import type { FallbackUse } from "../protocol/values.ts";
import { type AskContext, ask } from "./asking.ts";
import { inOrder } from "./fallback.ts";
import type { Limits } from "./limits.ts";
import { allowManyListeners, type NodeRun } from "./node-run.ts";
import { cancelled, isCancelled, timedOut, toldError, toStepError } from "./step-errors.ts";
import { inputsOfWay, type Way } from "./ways.ts";

/** The longest pause between two attempts. */
const LONGEST_DELAY_MS = 60_000;

/** One thing to do: a node, or one item of it. */
export interface Work {
  readonly item: number | undefined;
  /** By the node's own parameter names; drawn values are added when it begins. */
  readonly inputs: Record<string, unknown>;
  readonly drawn: Record<string, unknown>;
  readonly workId: string;
  isDrawn: boolean;
  /** How often it was tried, by all variants of a fallback together. */
  attempts: number;
  startedAt: number;
  /** On the monotonic clock, in milliseconds. */
  startedElapsed: number;
}

export interface WorkContext extends AskContext {
  readonly invoker: Invoker;
  readonly limits: Limits;
  tell(event: RunEvent): void;
}

/** What a piece of work gave. */
export interface Performed extends StepResult {
  /** Of a fallback: which variant gave it. */
  readonly fallback?: FallbackUse;
}

/** Does one piece of work; a fallback goes on with its next variant where one fails. */
export async function perform(
  context: WorkContext,
  run: NodeRun,
  inputs: ResolvedInputs,
  work: Work,
): Promise<Performed> {
  const { asks } = run.node.behaviour;
  if (asks !== undefined) {
    if (work.item !== undefined) startScattered(context, run);
    return ask(context, run, asks, work);
  }
  const [only] = run.ways;
  if (only !== undefined && only.prefix === "") return performBy(context, run, only, inputs, work, undefined);
  return inOrder(context, run, inputs, work);
}

/** Does the work in one way: waits for its place, draws its values, tries, and tries again where that can help. */
export async function performBy(
  context: WorkContext,
  run: NodeRun,
  way: Way,
  inputs: ResolvedInputs,
  work: Work,
  fallback: FallbackUse | undefined,
): Promise<StepResult> {
  const { place } = way;
  const { retries, retryDelayMs } = way.behaviour.policy;
  for (let attempt = 1; ; attempt++) {
    if (place !== undefined) {
      const turn = context.limits.take(place.key, place.max);
      if (turn !== undefined) {
        // Items of a fallback wait in line for its variants: the node itself is at work.
        if (!run.queuedTold && !(fallback !== undefined && work.item !== undefined && run.startedTold)) {
          run.queuedTold = true;
          context.tell({ type: "node-queued", node: run.name, waitsFor: place.waitsFor });
        }
        await run.orCancelled(turn.ready).catch((reason) => {
          turn.leave();
          throw reason;
        });
      }
    }
    let failure: StepError;
    const began = performance.now();
    try {
      work.attempts++;
      if (work.attempts === 1) {
        work.startedAt = context.now();
        work.startedElapsed = began;
      }
      tellStarted(context, run, work, fallback);
      if (!work.isDrawn) await draw(run, inputs, work, way);
      if (run.isCancelled) throw cancelled(run.name);
      return await attemptOnce(context, run, way, inputs, work, attempt);
    } catch (thrown) {
      failure = toStepError(thrown);
    } finally {
      if (place !== undefined) context.limits.free(place.key);
    }
    if (run.isCancelled || isCancelled(failure) || !failure.retryable || attempt > retries) throw failure;
    const backOff = Math.min(LONGEST_DELAY_MS, retryDelayMs * 2 ** (attempt - 1));
    const delay = Math.max(backOff, failure.retryAfterMs ?? 0);
    context.tell({
      type: "node-failed",
      node: run.name,
      ...(work.item === undefined ? {} : { item: work.item }),
      error: toldError(failure.data, run.node.definition),
      willRetryInMs: delay,
      durationMs: roundMs(performance.now() - began),
    });
    await pause(run, delay);
  }
}

function tellStarted(
  context: WorkContext,
  run: NodeRun,
  { item, attempts: attempt }: Work,
  fallback: FallbackUse | undefined,
): void {
  const { reason } = run.decision;
  const by = fallback === undefined ? {} : { fallback };
  if (item === undefined) {
    if (attempt === 1) markStarted(context, run);
    context.tell({ type: "node-started", node: run.name, reason, attempt, ...by });
    return;
  }
  startScattered(context, run);
  context.tell({ type: "node-started", node: run.name, item, reason, attempt, ...by });
}

/** Told once, when the first item begins. */
export function startScattered(context: WorkContext, run: NodeRun): void {
  if (run.startedTold) return;
  markStarted(context, run);
  const items = run.items === undefined ? {} : { items: run.items };
  context.tell({ type: "node-started", node: run.name, reason: run.decision.reason, attempt: 1, ...items });
}

function markStarted(context: WorkContext, run: NodeRun): void {
  run.startedTold = true;
  run.startedAt = context.now();
  run.startedElapsed = performance.now();
}

/** Calls the function inputs (of one way: its own), once for all attempts at the same work. */
export async function draw(run: NodeRun, inputs: ResolvedInputs, work: Work, way?: Way): Promise<void> {
  const { timeoutMs } = (way ?? run.node).behaviour.policy;
  const prefix = way?.prefix ?? "";
  for (const { port, parameter, draw: call } of inputs.draws) {
    if (!parameter.startsWith(prefix) || Object.hasOwn(work.drawn, port)) continue;
    let timer: NodeJS.Timeout | undefined;
    try {
      const drawing = [Promise.resolve(call())];
      if (timeoutMs !== undefined) {
        const late = Promise.withResolvers<never>();
        timer = setTimeout(() => late.reject(timedOut(run.name, timeoutMs)), timeoutMs);
        drawing.push(late.promise);
      }
      const value = await run.orCancelled(Promise.race(drawing));
      work.inputs[parameter] = value;
      // Whatever the function gets: what is kept is plain data, to be read again, and without secrets.
      work.drawn[port] = value === undefined ? undefined : redactValue(plainValue(value));
    } catch (thrown) {
      const failure = toStepError(thrown);
      if (isCancelled(failure)) throw failure;
      const message = `The function of input '${parameter}' of node '${run.name}' failed: ${failure.data.message}`;
      throw new StepError({ ...failure.data, message, port }, false, thrown);
    } finally {
      clearTimeout(timer);
    }
  }
  work.isDrawn = prefix === "" || inputs.draws.every(({ port }) => Object.hasOwn(work.drawn, port));
}

function attemptOnce(
  context: WorkContext,
  run: NodeRun,
  way: Way,
  inputs: ResolvedInputs,
  work: Work,
  attempt: number,
): Promise<StepResult> {
  const { item } = work;
  const { variant, prefix } = way;
  const { timeoutMs } = way.behaviour.policy;
  const trusted =
    prefix === ""
      ? inputs.trusted
      : inputs.trusted.flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
  const request: StepRequest = {
    node: run.name,
    attempt,
    // Two variants of a fallback do not do the same work.
    workId: prefix === "" ? work.workId : `${work.workId}/${variant}`,
    inputs: inputsOfWay(way, work.inputs),
    trusted,
    ...(item === undefined ? {} : { item }),
    ...(variant === undefined ? {} : { variant }),
  };
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  const onUpdate = (update: StepUpdate) => {
    if (!isOver && run.end === undefined) run.updates.add(update, item);
  };
  const result =
    timeoutMs === undefined
      ? invoke(context.invoker, request, run.signal, onUpdate)
      : withTimeout(context, run, request, onUpdate, timeoutMs);
  const raced = run.orCancelled(result);
  raced.then(over, over);
  return raced;
}

function withTimeout(
  context: WorkContext,
  run: NodeRun,
  request: StepRequest,
  onUpdate: (update: StepUpdate) => void,
  timeoutMs: number,
): Promise<StepResult> {
  const controller = new AbortController();
  return new Promise<StepResult>((resolve, reject) => {
    const timer = setTimeout(() => {
      const reason = timedOut(run.name, timeoutMs);
      run.signal.removeEventListener("abort", stop);
      reject(reason);
      controller.abort(reason);
    }, timeoutMs);
    const stop = () => {
      clearTimeout(timer);
      controller.abort(run.signal.reason);
    };
    const settled = () => {
      clearTimeout(timer);
      run.signal.removeEventListener("abort", stop);
    };
    run.signal.addEventListener("abort", stop, { once: true });
    invoke(context.invoker, request, allowManyListeners(controller.signal), onUpdate).then(
      (result) => {
        settled();
        resolve(result);
      },
      (reason) => {
        settled();
        reject(reason);
      },
    );
  });
}

function invoke(
  invoker: Invoker,
  request: StepRequest,
  signal: AbortSignal,
  onUpdate: (update: StepUpdate) => void,
): Promise<StepResult> {
  try {
    return invoker.invoke(request, { signal, onUpdate });
  } catch (thrown) {
    return Promise.reject(thrown);
  }
}

async function pause(run: NodeRun, delayMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  try {
    await run.orCancelled(
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, delayMs);
      }),
    );
  } finally {
    clearTimeout(timer);
  }
}

/** Tenths of a millisecond tell enough. */
export function roundMs(ms: number): number {
  return Math.round(ms * 10) / 10;
}
