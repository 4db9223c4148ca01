/** Collects what arrives and hands it on once a frame, in order, so that a burst costs one update of the page. */
export class FrameQueue<T> {
  #waiting: T[] = [];
  #isScheduled = false;
  readonly #apply: (batch: readonly T[]) => void;
  readonly #schedule: (run: () => void) => void;

  constructor(apply: (batch: readonly T[]) => void, schedule: (run: () => void) => void = nextFrame) {
    this.#apply = apply;
    this.#schedule = schedule;
  }

  push(entry: T): void {
    this.#waiting.push(entry);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#schedule(() => this.flush());
  }

  flush(): void {
    this.#isScheduled = false;
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length > 0) this.#apply(batch);
  }
}

/** A hidden tab gets no frames, but must still keep its title and its state. */
function nextFrame(run: () => void): void {
  if (document.visibilityState === "hidden") setTimeout(run, 100);
  else requestAnimationFrame(run);
}
