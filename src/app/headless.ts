import { copyValue } from "../base/copy.ts";
import { DaggrError, describe } from "../base/errors.ts";
import { mapFileRefs } from "../base/files.ts";
import { rememberSecretsOf } from "../base/redact.ts";
import { createEngine } from "../engine/create-engine.ts";
import type { Engine } from "../engine/engine.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import { host, never } from "../graph/registry.ts";
import { checkOptions } from "../nodes/options.ts";
import type { NodeOutputs, RunEvent } from "../protocol/events.ts";
import type { RunMode } from "../protocol/plan.ts";
import { createInvoker } from "../run/invoker.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { openSqliteStore } from "../store/open-sqlite-store.ts";
import { ownedFiles } from "../store/owned-files.ts";
import type { Scope, Store } from "../store/store.ts";
import { answerFor } from "./answer-for.ts";
import { checkNodes } from "./check-nodes.ts";
import { dependencyCheck } from "./dependency-check.ts";
import { RunError } from "./run-error.ts";
import { fieldsFromInputs } from "./run-inputs.ts";
import type { RunOptions } from "./run-types.ts";
import { hasUpstream } from "./watch-upstream.ts";

type Inputs = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** `graph.run()`: see there. */
export async function runToEnd(
  definition: GraphDefinition,
  inputs: Inputs,
  options: RunOptions,
): Promise<NodeOutputs> {
  for await (const event of streamRun(definition, inputs, options)) {
    if (event.type === "run-done") return event.outputs;
    if (event.type === "run-failed") throw failed(event);
    if (event.type === "run-cancelled")
      throw new RunError("CANCELLED", "The run was cancelled.", [], event.outputs);
  }
  throw new RunError("CANCELLED", "The run was cancelled before it started.", [], {});
}

function failed(event: Extract<RunEvent, { type: "run-failed" }>): RunError {
  const [first] = event.errors;
  const more = event.errors.length > 1 ? ` (and ${event.errors.length - 1} more)` : "";
  const place = first?.error.place === undefined ? "" : `\n    at ${first.error.place}`;
  const item = first?.item === undefined ? "" : `, item ${first.item + 1}`;
  // Our own sentences name the node already.
  const isNamed = item === "" && first?.error.message.includes(`ode '${first.node}'`) === true;
  return new RunError(
    "RUN_FAILED",
    first === undefined
      ? "The run failed."
      : `${isNamed ? "" : `Node '${first.node}'${item} failed: `}${first.error.message}${more}${place}`,
    event.errors,
    event.outputs,
  );
}

/** `graph.stream()`: see there. Files in events are paths. */
export async function* streamRun(
  definition: GraphDefinition,
  inputs: Inputs,
  options: RunOptions,
): AsyncGenerator<RunEvent, void, void> {
  if (host()?.describeOnly === true) await never();
  checkRunOptions(inputs, options);
  if (options.signal?.aborted === true) return;
  await refuseChangedUpstream(definition);
  const { certain } = await checkNodes(definition);
  if (certain !== undefined) throw certain;
  const session = await openSession(definition, options.sheet);
  const { engine, scope, store } = session;
  const left = new AbortController();
  try {
    const fields = await fieldsFromInputs(definition, inputs, ownedFiles(store, scope));
    const { id } = await engine.startRun(scope, {
      mode: options.mode ?? "all",
      nodes: options.nodes ?? [],
      fields,
      unattended: options.onAsk === undefined,
      ...(session.sheet === undefined ? {} : { sheet: session.sheet }),
      ...(options.variants === undefined ? {} : { variants: options.variants }),
    });
    const cancel = (): void => void engine.cancel(scope, id).catch(() => {});
    options.signal?.addEventListener("abort", cancel, { once: true });
    let ended = false;
    const asking = options.onAsk && answerFor(session, definition, id, options.onAsk);
    try {
      for await (const { event } of engine.events(scope, id, 0, left.signal)) {
        // A copy: what the listener does to a value must not reach the nodes that read it.
        const shown = copyValue(await mapFileRefs(event, (ref) => store.files.path(ref))) as RunEvent;
        ended = /^run-(done|failed|cancelled)$/.test(shown.type);
        options.onEvent?.(shown);
        if (shown.type === "node-waiting") asking?.take(shown, left);
        yield shown;
        if (ended) return;
      }
      asking?.rethrow();
    } finally {
      options.signal?.removeEventListener("abort", cancel);
      // Whoever leaves the stream early ends the run.
      if (!ended) {
        await engine.cancel(scope, id);
        await engine.ended(id);
      }
      // Without a sheet nothing is kept.
      if (session.sheet === undefined) await store.deleteRun(scope, id);
    }
  } finally {
    left.abort();
    await session.close();
  }
}

/** Throws `UPSTREAM_CHANGED` where DAGGR_DEPENDENCY_CHECK says so. */
async function refuseChangedUpstream(definition: GraphDefinition): Promise<void> {
  if (dependencyCheck() !== "error" || !hasUpstream(definition)) return;
  const { UpstreamDesk } = await import("./upstream.ts");
  await new UpstreamDesk(definition).check("error");
}

const KNOWN: readonly string[] = ["signal", "onEvent", "onAsk", "nodes", "mode", "sheet", "variants"];
const MODES: readonly unknown[] = ["all", "stale", "step", "to", "from"] satisfies RunMode[];

/** For scripts that nobody type-checked: a misspelt option would run more than was meant, or keep nothing. */
function checkRunOptions(inputs: Inputs, options: RunOptions): void {
  if (typeof inputs !== "object" || inputs === null)
    throw new DaggrError(
      "INVALID_VALUE",
      `The inputs of a run must be an object of values by node, got ${describe(inputs)}.`,
    );
  checkOptions("run()", options, KNOWN);
  const refuse = (name: "mode" | "nodes" | "sheet", expected: string) => {
    const got = describe(options[name]);
    return new DaggrError("INVALID_OPTION", `run(): ${name} must be ${expected}, got ${got}.`, {
      expected,
      got,
    });
  };
  const { mode, nodes, sheet } = options;
  if (mode !== undefined && !MODES.includes(mode)) throw refuse("mode", `one of ${MODES.join(", ")}`);
  if (nodes !== undefined && (!Array.isArray(nodes) || nodes.some((node) => typeof node !== "string")))
    throw refuse("nodes", "a list of node names");
  if (sheet !== undefined && (typeof sheet !== "string" || sheet.trim() === ""))
    throw refuse("sheet", "a text that is not empty");
}

export interface Session {
  readonly engine: Engine;
  readonly store: Store;
  readonly scope: Scope;
  readonly sheet: string | undefined;
  close(): Promise<void>;
}

/** Results of runs without a sheet: their files must outlive the run, so one store serves the whole process. */
let shared: Store | undefined;

async function openSession(definition: GraphDefinition, sheet: string | undefined): Promise<Session> {
  rememberSecretsOf(process.env);
  const kept = sheet !== undefined && definition.persistKey !== false;
  if (!kept) shared ??= createMemoryStore();
  const store = kept || shared === undefined ? openSqliteStore() : shared;
  const engine = createEngine({ definition, store, invoker: createInvoker(definition, store.files) });
  const scope: Scope = {
    user: "local",
    graph: definition.persistKey === false ? definition.name : definition.persistKey,
  };
  const close = async (): Promise<void> => {
    await engine.close();
    if (store !== shared) await store.close();
  };
  try {
    const id = sheet === undefined ? undefined : (await engine.ensureSheet(scope, sheet)).id;
    return { engine, store, scope, sheet: id, close };
  } catch (error) {
    await close();
    throw error;
  }
}
