import { DaggrError } from "../base/errors.ts";
import type { Outputs, RunEvent } from "../protocol/events.ts";

/** Which end shows that an answer was taken: of the step, or of one item. */
export interface Expected {
  readonly node: string;
  readonly item: number | undefined;
}

interface Pending extends Expected {
  resolve(): void;
  reject(error: unknown): void;
}

/** Answers whose consequence is not kept yet. */
export class PendingAnswers {
  readonly #pending = new Set<Pending>();

  expect({ node, item }: Expected): { readonly promise: Promise<void>; forget(error?: unknown): void } {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // Whoever answered may be gone.
    promise.catch(() => {});
    const pending = { node, item, resolve, reject };
    this.#pending.add(pending);
    return {
      promise,
      forget: (error) => {
        this.#pending.delete(pending);
        if (error !== undefined) reject(error);
      },
    };
  }

  /** An event that is kept. */
  take(event: RunEvent): void {
    if (event.type !== "node-done" && event.type !== "node-failed" && event.type !== "node-cancelled") return;
    const item = "item" in event ? event.item : undefined;
    for (const pending of this.#pending) {
      if (pending.node !== event.node || (item !== undefined && pending.item !== item)) continue;
      this.#pending.delete(pending);
      pending.resolve();
    }
  }

  /** The run has come to rest or to its end without them. */
  refuseAll(open: ReadonlyMap<string, ReadonlyMap<number | undefined, Outputs>>): void {
    for (const { node, item, reject } of this.#pending) {
      const asksAgain = open.get(node)?.has(item) === true || (item === undefined && open.has(node));
      reject(
        asksAgain
          ? new DaggrError(
              "QUESTION_CHANGED",
              `What step '${node}' asks about has changed meanwhile. Look at it again, then answer.`,
              { node },
            )
          : alreadyAnswered(node, item),
      );
    }
    this.#pending.clear();
  }
}

export function alreadyAnswered(node: string, item?: number): DaggrError {
  const what = item === undefined ? `Step '${node}'` : `Item ${item + 1} of step '${node}'`;
  return new DaggrError("ALREADY_ANSWERED", `${what} does not wait any more: it has been answered.`, {
    node,
  });
}
