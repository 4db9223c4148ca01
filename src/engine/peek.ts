import type { Snapshot } from "../plan/snapshot.ts";
import type { Outputs, RunEvent } from "../protocol/events.ts";
import { Limits } from "../run/limits.ts";
import { runGraph } from "../run/run-graph.ts";
import type { RunRecord, Scope } from "../store/store.ts";
import type { EngineContext } from "./context.ts";
import { continuationOf } from "./start-run.ts";

/** What a run at rest asks, by node and item, and the nodes that follow. */
export interface Peek {
  readonly asks: ReadonlyMap<string, Map<number | undefined, Outputs>>;
  readonly items: ReadonlyMap<string, { readonly total: number; readonly reused: number }>;
  readonly planned: readonly string[];
}

const carriesOutNothing = {
  invoke: () => Promise.reject(new Error("A look changes nothing.")),
  close: async () => {},
};

/**
 * What a run at rest asks just now: what the runner itself would ask if it went on, so that the two cannot differ.
 * `undefined` when it could not simply go on: the script, or what the steps take, is not what it was.
 */
export async function peekAtRun(
  context: EngineContext,
  scope: Scope,
  record: RunRecord,
  snapshot: Snapshot,
): Promise<Peek | undefined> {
  const { definition } = context;
  const waiting = Object.entries(record.nodes).filter(([, { status }]) => status === "waiting");
  if (waiting.some(([node]) => !definition.nodes.has(node))) return undefined;
  const asks = new Map<string, Map<number | undefined, Outputs>>();
  const items = new Map<string, { readonly total: number; readonly reused: number }>();
  let planned: readonly string[] = [];
  const { id, mode, targets, item } = record;
  try {
    const run = runGraph({
      definition,
      snapshot,
      mode,
      targets,
      runId: id,
      invoker: carriesOutNothing,
      limits: new Limits(),
      sessionKey: id,
      ...(item === undefined ? {} : { item }),
      continuation: await continuationOf(context, scope, record, []),
    });
    for await (const { event, asked } of run) {
      if (isAtWork(event)) return undefined;
      if (event.type === "run-started")
        planned = event.plan.entries.flatMap(({ node, action }) => (action === "run" ? [node] : []));
      else if (event.type === "node-started" && event.items !== undefined) items.set(event.node, event.items);
      else if (event.type === "node-waiting") {
        if (record.nodes[event.node]?.asked !== asked) return undefined;
        const open = asks.get(event.node) ?? new Map();
        asks.set(event.node, open.set(event.item, event.values));
      }
    }
  } catch {
    return undefined;
  }
  return waiting.every(([node]) => asks.has(node)) ? { asks, items, planned } : undefined;
}

/** Something would be carried out, or has come to another end than before. */
function isAtWork(event: RunEvent): boolean {
  return (
    (event.type === "node-started" && event.items === undefined) ||
    event.type === "node-failed" ||
    event.type === "run-done" ||
    event.type === "run-failed" ||
    event.type === "run-cancelled"
  );
}
