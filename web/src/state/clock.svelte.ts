let aheadMs = 0;

/** What the server reports is timed by its clock, which this machine's need not agree with. */
export const serverNow = (): number => Date.now() + aheadMs;

/** The time, as a signal that moves only while somebody reads a running time. */
class Clock {
  now = $state(serverNow());
  #timer: ReturnType<typeof setInterval> | undefined;
  #readers = 0;

  /** Starts the clock; the answer stops it when nobody else reads it. */
  start(): () => void {
    this.#readers++;
    this.now = serverNow();
    this.#timer ??= setInterval(() => {
      this.now = serverNow();
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
  now = $state(serverNow());
  constructor() {
    setInterval(() => {
      this.now = serverNow();
    }, 30_000);
  }
}

export const slowClock = new SlowClock();

/** The server's time at this moment. */
export function setServerTime(now: number): void {
  aheadMs = now - Date.now();
  clock.now = now;
  slowClock.now = now;
}
