import type { FileStore } from "../base/files.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import { TestSheet } from "../plan/testing.ts";
import type { RunEvent } from "../protocol/events.ts";
import { LocalInvoker } from "./invoke-local.ts";
import { Limits } from "./limits.ts";
import type { RunNotice } from "./notice.ts";
import { type GraphRun, type RunGraphOptions, runGraph } from "./run-graph.ts";

/** A file store that holds nothing. */
export const noFiles: FileStore = {
  put: () => Promise.reject(new Error("no files here")),
  path: () => Promise.reject(new Error("no files here")),
  find: () => Promise.resolve(undefined),
};

export type TestRunOptions = Partial<Omit<RunGraphOptions, "definition" | "snapshot">> & {
  readonly onNotice?: (notice: RunNotice, run: GraphRun) => void;
};

let runs = 0;

/** Runs a graph on a sheet in memory to its end. */
export async function runOnSheet(
  definition: GraphDefinition,
  sheet: TestSheet = new TestSheet(),
  options: TestRunOptions = {},
): Promise<TestRun> {
  const { onNotice, ...given } = options;
  const run = runGraph({
    mode: "stale",
    runId: `run-${++runs}`,
    invoker: new LocalInvoker(definition, noFiles),
    limits: new Limits(),
    sessionKey: "sheet",
    ...given,
    definition,
    snapshot: await sheet.snapshot(definition),
  });
  const notices: RunNotice[] = [];
  for await (const notice of run) {
    notices.push(notice);
    sheet.keep(notice);
    onNotice?.(notice, run);
  }
  return new TestRun(notices, sheet);
}

export class TestRun {
  readonly notices: readonly RunNotice[];
  readonly sheet: TestSheet;

  constructor(notices: readonly RunNotice[], sheet: TestSheet) {
    this.notices = notices;
    this.sheet = sheet;
  }

  get events(): readonly RunEvent[] {
    return this.notices.map((notice) => notice.event);
  }

  of<Type extends RunEvent["type"]>(type: Type, node?: string): Extract<RunEvent, { readonly type: Type }>[] {
    return this.events.filter(
      (event): event is Extract<RunEvent, { readonly type: Type }> =>
        event.type === type && (node === undefined || ("node" in event && event.node === node)),
    );
  }

  get end(): Extract<RunEvent, { readonly type: "run-done" | "run-failed" | "run-cancelled" }> {
    const end = this.events.at(-1);
    if (end?.type === "run-done" || end?.type === "run-failed" || end?.type === "run-cancelled") return end;
    throw new Error("The run has not ended.");
  }

  /** Nodes that were executed, in the order in which they began. */
  get executed(): string[] {
    return this.of("node-started")
      .filter((event) => event.item === undefined && event.attempt === 1)
      .map((event) => event.node);
  }

  get reused(): string[] {
    return this.of("node-done")
      .filter((event) => event.reused)
      .map((event) => event.node);
  }
}
