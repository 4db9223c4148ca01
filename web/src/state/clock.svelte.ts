/** The time, as a signal that moves only while somebody reads a running time. */
class Clock {
  now = $state(Date.now());
  #timer: ReturnType<typeof setInterval> | undefined;
  #readers = 0;

  /** Starts the clock; the answer stops it when nobody else reads it. */
  start(): () => void {
    this.#readers++;
    this.now = Date.now();
    this.#timer ??= setInterval(() => {
      this.now = Date.now();
    }, 100);
    return () => {
      if (--this.#readers > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }
}

export const clock = new Clock();

/** The time in steps of half a minute, for "2 min ago". */
class SlowClock {
  now = $state(Date.now());
  constructor() {
    setInterval(() => {
      this.now = Date.now();
    }, 30_000);
  }
}

export const slowClock = new SlowClock();
