import type { Concurrency } from "../graph/behaviour.ts";

/** Somebody who waits for a place. */
export interface Turn {
  /** Resolves when the place is theirs. */
  readonly ready: Promise<void>;
  /** Gives up: leaves the queue, or hands the place back if it has come meanwhile. */
  leave(): void;
}

interface Gate {
  taken: number;
  readonly queue: Set<() => void>;
}

/** Who may run now: one for the whole process, so that groups and sessions hold across runs. First come, first served. */
export class Limits {
  readonly #gates = new Map<string, Gate>();

  /** Takes a place at once (`undefined`), or gets in line. */
  take(key: string, max: number): Turn | undefined {
    let gate = this.#gates.get(key);
    if (gate === undefined) {
      gate = { taken: 0, queue: new Set() };
      this.#gates.set(key, gate);
    }
    if (gate.taken < max && gate.queue.size === 0) {
      gate.taken++;
      return undefined;
    }
    const { queue } = gate;
    let granted = false;
    let grant = () => {};
    const ready = new Promise<void>((resolve) => {
      grant = () => {
        granted = true;
        resolve();
      };
    });
    queue.add(grant);
    return { ready, leave: () => (granted ? this.free(key) : void queue.delete(grant)) };
  }

  /** Hands a place back, to the next in line if there is one. */
  free(key: string): void {
    const gate = this.#gates.get(key);
    if (gate === undefined) return;
    const [next] = gate.queue;
    if (next !== undefined) {
      gate.queue.delete(next);
      next();
    } else if (--gate.taken === 0) this.#gates.delete(key);
  }
}

/** What a node has to take before each step, and what it waits for in words. */
export interface Place {
  readonly key: string;
  readonly max: number;
  readonly waitsFor: string;
}

export function placeFor(concurrency: Concurrency, sessionKey: string): Place | undefined {
  if (concurrency.type === "session")
    return { key: `session:${sessionKey}`, max: 1, waitsFor: "other functions" };
  if (concurrency.type === "group") {
    return {
      key: `group:${concurrency.name}`,
      max: concurrency.max,
      waitsFor: `a free place in group ${concurrency.name}`,
    };
  }
  return undefined;
}
