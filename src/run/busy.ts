import { performance } from "node:perf_hooks";

const TICK_MS = 100;
/** Shorter blocks are not worth a word. */
const BUSY_MS = 1000;

let active = 0;
let timer: NodeJS.Timeout | undefined;
let lastTick = 0;
const watched = new Set<Watch>();

interface Watch {
  readonly from: number;
  longest: number;
}

/**
 * Watches whether the event loop gets its turns while a step runs. The function that is returned ends it, and gives
 * the longest block in milliseconds when it was for more than a second.
 */
export function watchBusy(): () => number | undefined {
  const watch: Watch = { from: performance.now(), longest: 0 };
  if (active++ === 0 && timer === undefined) {
    lastTick = watch.from;
    timer = setInterval(tick, TICK_MS).unref();
  }
  watched.add(watch);
  return () => {
    active--;
    watched.delete(watch);
    // A step that blocks and then ends leaves no turn in between for the timer.
    measure(watch, performance.now());
    return watch.longest > BUSY_MS ? Math.round(watch.longest) : undefined;
  };
}

function measure(watch: Watch, now: number): void {
  watch.longest = Math.max(watch.longest, now - Math.max(lastTick, watch.from));
}

function tick(): void {
  const now = performance.now();
  for (const watch of watched) measure(watch, now);
  lastTick = now;
  if (active === 0) {
    clearInterval(timer);
    timer = undefined;
  }
}
