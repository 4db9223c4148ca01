import { didYouMean } from "../base/closest.ts";
import { DaggrError, describe } from "../base/errors.ts";
import { callSite } from "../base/place.ts";
import type { Concurrency, StepPolicy } from "../graph/behaviour.ts";

/** Options of every node that executes. */
export interface StepOptions {
  /** Further attempts after the first. Default 0. */
  retries?: number;
  /** Milliseconds before the second attempt; doubles with each further one. Default 1000. */
  retryDelay?: number;
  /** Milliseconds for one attempt. Default: no limit. */
  timeout?: number;
  /** Take an equal result from the history instead of running again. */
  cache?: boolean;
  /** What a failed item of a scattered node does: fail the node (default), or be left out. */
  onItemError?: "fail" | "skip";
}

export function policyOf(options: StepOptions): StepPolicy {
  return {
    retries: options.retries ?? 0,
    retryDelayMs: options.retryDelay ?? 1000,
    timeoutMs: options.timeout,
    cache: options.cache ?? false,
    onItemError: options.onItemError ?? "fail",
  };
}

/** Of nodes that wait for somebody else's machine: side by side, unless a group says otherwise. */
export function freely(options: {
  readonly concurrencyGroup?: string;
  readonly maxConcurrent?: number;
}): Concurrency {
  if (options.concurrencyGroup !== undefined)
    return { type: "group", name: options.concurrencyGroup, max: options.maxConcurrent ?? 1 };
  return { type: "free", maxItems: options.maxConcurrent ?? 8 };
}

const NUMBERS: Readonly<Record<string, number>> = { retries: 0, retryDelay: 0, timeout: 1, maxConcurrent: 1 };

/** Refuses unknown options and impossible numbers: types see to it in TypeScript, this serves scripts that nobody checked. */
export function checkOptions(what: string, options: object, known: readonly string[]): void {
  const place = callSite();
  const at = place === undefined ? {} : { place };
  if (typeof options !== "object" || options === null)
    throw new DaggrError(
      "INVALID_OPTION",
      `${what} takes an object of options, got ${describe(options)}.`,
      at,
    );
  for (const [key, value] of Object.entries(options)) {
    if (!known.includes(key)) {
      throw new DaggrError(
        "UNKNOWN_OPTION",
        `${what} has no option '${key}'.${didYouMean(key, known)} It has: ${known.join(", ")}.`,
        at,
      );
    }
    const minimum = NUMBERS[key];
    if (
      minimum !== undefined &&
      value !== undefined &&
      (typeof value !== "number" || Number.isNaN(value) || value < minimum)
    ) {
      throw new DaggrError(
        "INVALID_OPTION",
        `${what}: ${key} must be a number of at least ${minimum}, got ${describe(value)}.`,
        at,
      );
    }
  }
}

export const STEP_OPTIONS = [
  "name",
  "inputs",
  "outputs",
  "retries",
  "retryDelay",
  "timeout",
  "cache",
  "onItemError",
  "preprocess",
  "postprocess",
] as const;
