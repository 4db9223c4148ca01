/** Values from one producer to one consumer, in order; pushing never waits. */
export class Channel<T> implements AsyncIterator<T, undefined> {
  readonly #onLeave: () => void;
  #full: T[] = [];
  #reading: T[] = [];
  #next = 0;
  #closed = false;
  #waiting: ((result: IteratorResult<T, undefined>) => void) | undefined;

  /** `onLeave` is called when the consumer leaves before the end. */
  constructor(onLeave: () => void) {
    this.#onLeave = onLeave;
  }

  push(value: T): void {
    if (this.#closed) return;
    const waiting = this.#waiting;
    if (waiting === undefined) this.#full.push(value);
    else {
      this.#waiting = undefined;
      waiting({ done: false, value });
    }
  }

  close(): void {
    this.#closed = true;
    this.#waiting?.({ done: true, value: undefined });
    this.#waiting = undefined;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#next === this.#reading.length) {
      // Two arrays that take turns: taking from the front of one would move all others up each time.
      [this.#reading, this.#full] = [this.#full, []];
      this.#next = 0;
    }
    if (this.#next < this.#reading.length) {
      return Promise.resolve({ done: false, value: this.#reading[this.#next++] as T });
    }
    if (this.#closed) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  return(): Promise<IteratorResult<T, undefined>> {
    if (!this.#closed) {
      this.close();
      this.#onLeave();
    }
    this.#full = [];
    this.#reading = [];
    this.#next = 0;
    return Promise.resolve({ done: true, value: undefined });
  }
}
