import { setMaxListeners } from "node:events";
import type { StepError } from "../graph/step.ts";
import type { ActiveNode } from "../plan/active.ts";
import type { Decision } from "../plan/decide.ts";
import type { Given } from "../plan/resolve.ts";
import type { Answer } from "../protocol/ask.ts";
import type { RunEvent } from "../protocol/events.ts";
import { cancelled } from "./step-errors.ts";
import { Updates } from "./updates.ts";
import type { Way } from "./ways.ts";

export type NodeEnd =
  | { readonly type: "done"; readonly given: Given }
  | { readonly type: "failed"; readonly isRejected?: boolean }
  | { readonly type: "cancelled" }
  | { readonly type: "blocked"; readonly by: string };

/** One node within one run. */
export class NodeRun {
  readonly node: ActiveNode;
  readonly decision: Decision;
  readonly ways: readonly Way[];
  readonly updates: Updates;
  readonly readers: NodeRun[] = [];
  /** How many nodes upstream have not ended. */
  waitingFor = 0;
  end: NodeEnd | undefined;
  queuedTold = false;
  startedTold = false;
  startedAt = 0;
  startedElapsed = 0;
  busyMs = 0;
  items: { readonly total: number; readonly reused: number } | undefined;
  /** Fingerprint of its present inputs. */
  base: string | undefined;
  /** By item, the questions that are open; an answer that does not fit is thrown back. */
  readonly asks = new Map<number | undefined, (answer: Answer) => void>();
  /** Works that have not ended: one, or as many as items. */
  undone = 1;
  /** It is at work, rather than waiting for nothing but answers. */
  isBusy = false;

  #controller: AbortController | undefined;
  #isCancelled = false;
  readonly #stops = new Set<(reason: StepError) => void>();

  constructor(node: ActiveNode, decision: Decision, ways: readonly Way[], tell: (event: RunEvent) => void) {
    this.node = node;
    this.decision = decision;
    this.ways = ways;
    this.updates = new Updates(node.name, tell);
  }

  get name(): string {
    return this.node.name;
  }

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** Reaches every step of the node. */
  get signal(): AbortSignal {
    // Made when it is first asked for: most nodes of a large graph are reused and need none.
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      allowManyListeners(this.#controller.signal);
      if (this.#isCancelled) this.#controller.abort(cancelled(this.name));
    }
    return this.#controller.signal;
  }

  /** Tells the work to stop, and waits for it no longer. */
  cancel(): void {
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    const reason = cancelled(this.name);
    this.#controller?.abort(reason);
    for (const stop of this.#stops) stop(reason);
    this.#stops.clear();
  }

  /** The promise, unless the node is cancelled first: a step that ignores its signal must not hold up the run. */
  orCancelled<T>(promise: Promise<T>): Promise<T> {
    if (this.isCancelled) {
      promise.catch(() => {});
      return Promise.reject(cancelled(this.name));
    }
    return new Promise((resolve, reject) => {
      this.#stops.add(reject);
      promise.then(
        (value) => {
          this.#stops.delete(reject);
          resolve(value);
        },
        (reason) => {
          this.#stops.delete(reject);
          reject(reason);
        },
      );
    });
  }
}

/** Steps side by side may all listen to one signal. */
export function allowManyListeners(signal: AbortSignal): AbortSignal {
  setMaxListeners(0, signal);
  return signal;
}
