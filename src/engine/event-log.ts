import type { RunEvent } from "../protocol/events.ts";

export interface NumberedEvent {
  readonly seq: number;
  readonly event: RunEvent;
}

/** Beyond this, the oldest events are forgotten: whoever comes so late sees a jump in the numbers. */
const MOST_EVENTS = 100_000;

/** The events of one live run, numbered without gaps, for any number of readers that come and go. */
export class EventLog {
  #events: NumberedEvent[] = [];
  #isEnded = false;
  readonly #readers = new Set<() => void>();

  /** How many events are at hand. */
  get size(): number {
    return this.#events.length;
  }

  /** The number of the last event. */
  get last(): number {
    return this.#events.at(-1)?.seq ?? 0;
  }

  add(events: readonly NumberedEvent[]): void {
    for (const event of events) this.#events.push(event);
    if (this.#events.length > MOST_EVENTS * 1.1) this.#events = this.#events.slice(-MOST_EVENTS);
    this.#wake();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  async *read(after: number, signal: AbortSignal): AsyncGenerator<NumberedEvent, void, void> {
    let last = after;
    while (!signal.aborted) {
      const first = this.#events[0]?.seq ?? 0;
      const next = this.#events[Math.max(0, last + 1 - first)];
      if (next !== undefined) {
        last = next.seq;
        yield next;
      } else if (this.#isEnded) return;
      else await this.#change(signal);
    }
  }

  #wake(): void {
    for (const reader of [...this.#readers]) reader();
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#readers.delete(done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      this.#readers.add(done);
      signal.addEventListener("abort", done, { once: true });
    });
  }
}
