import type { NodeState } from "../../../src/protocol/view.ts";

/**
 * What is known of how long the rest takes, in words: the usual times of the steps at work, less what they have
 * had. Empty where nothing is known, or it is next to nothing.
 */
export function timeLeft(states: Iterable<NodeState>, now: number): string {
  let longestMs = 0;
  for (const { status, usualMs, startedAt } of states) {
    if (status !== "running" || usualMs === undefined || startedAt === undefined) continue;
    longestMs = Math.max(longestMs, usualMs - (now - startedAt));
  }
  return longestMs > 500 ? `about ${Math.max(1, Math.round(longestMs / 1000))} s left` : "";
}
