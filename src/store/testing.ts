import { randomUUID } from "node:crypto";
import type { ItemRecord, ResultRecord } from "../graph/result.ts";
import type { RunRecord, Scope } from "./store.ts";

/** Records for tests: everything has a value, and what the test is about is given. */
export const LOCAL: Scope = { user: "local", graph: "test" };

export function makeResult(given: Partial<ResultRecord> = {}): ResultRecord {
  return {
    id: randomUUID(),
    node: "node",
    variant: 0,
    fingerprint: "fingerprint",
    identity: "identity",
    inputs: {},
    inputHashes: {},
    fields: {},
    upstream: {},
    drawn: {},
    outputs: { output: "value" },
    items: null,
    startedAt: 1_700_000_000_000,
    durationMs: 12.5,
    run: "run",
    edited: false,
    ...given,
  };
}

export function makeItem(given: Partial<ItemRecord> = {}): ItemRecord {
  const index = given.index ?? 0;
  return {
    index,
    fingerprint: `fingerprint ${index}`,
    drawn: {},
    outputs: { output: `value ${index}` },
    startedAt: 1_700_000_000_000 + index,
    durationMs: 1.5,
    run: "run",
    ...given,
  };
}

export function makeRun(given: Partial<RunRecord> = {}): Omit<RunRecord, "nodes" | "lastSeq" | "endedAt"> {
  return {
    id: randomUUID(),
    sheet: null,
    mode: "all",
    targets: [],
    fields: {},
    variants: {},
    status: "running",
    startedAt: Date.now(),
    ...given,
  };
}
