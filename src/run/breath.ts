import { performance } from "node:perf_hooks";

/** Sockets, timers and commits wait no longer than this for items that never wait themselves. */
const LONGEST_MS = 8;

let lastAt = 0;
let turn: Promise<void> | undefined;

/** Something to wait for when the event loop has had no turn for a while, else `undefined`. */
export function breath(): Promise<void> | undefined {
  if (turn === undefined && performance.now() - lastAt > LONGEST_MS) {
    turn = new Promise((resolve) => {
      setImmediate(() => {
        lastAt = performance.now();
        turn = undefined;
        resolve();
      });
    });
  }
  return turn;
}
