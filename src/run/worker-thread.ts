import { parentPort, workerData } from "node:worker_threads";
import type { FileStore } from "../base/files.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import { type AnnouncedGraph, setHost } from "../graph/registry.ts";
import { StepError, type StepRequest } from "../graph/step.ts";
import { findBehaviour, invokeBehaviour } from "./invoke-local.ts";
import { toStepError } from "./step-errors.ts";
import type { FromWorker, ToWorker, WorkerSetup } from "./worker-messages.ts";

// The whole life of a worker thread: it loads the user's script once, then carries out one step after the other.

const setup = workerData as WorkerSetup;
const port = parentPort;
if (port === null) throw new Error("worker-thread.ts runs in worker threads only.");

const announced: AnnouncedGraph[] = [];
let searched = (): void => {};
let isLoaded = false;
let loadError: unknown;

// The script's own `launch()` or `run()` never settles here, so its import may never end. The graph is there when it
// has been announced and the script has had the rest of its turn to add edges.
setHost({
  describeOnly: true,
  onGraph(graph) {
    announced.push(graph);
    setImmediate(() => searched());
  },
});
const definition = new Promise<GraphDefinition>((resolve, reject) => {
  searched = () => {
    const found = announced.find((graph) => graph.definition.name === setup.graph);
    if (found !== undefined) resolve(found.definition);
    else if (loadError !== undefined) reject(loadError);
    else if (isLoaded) {
      const message = `The script ${setup.script} makes no graph '${setup.graph}' when it is loaded in a worker thread.`;
      reject(new StepError({ code: "GRAPH_NOT_FOUND", message }, false));
    }
  };
});
definition.catch(() => {});
import(setup.script)
  .catch((error: unknown) => {
    loadError = error ?? new Error("The script failed to load.");
  })
  .finally(() => {
    isLoaded = true;
    setImmediate(() => searched());
  });

const files = openFiles();
files.catch(() => {});

async function openFiles(): Promise<FileStore> {
  if (setup.files === undefined) {
    const refuse = () =>
      Promise.reject(
        new StepError(
          { code: "NO_FILES", message: "Files cannot be reached from a worker thread here." },
          false,
        ),
      );
    return { put: refuse, path: refuse, find: refuse };
  }
  const module = (await import(setup.files.module)) as { openFiles(folder: string): FileStore };
  return module.openFiles(setup.files.folder);
}

let controller = new AbortController();

port.on("message", (message: ToWorker) => {
  if (message.type === "abort") controller.abort();
  else void carryOut(message.request);
});

function tell(message: FromWorker): void {
  port?.postMessage(message);
}

async function carryOut(request: StepRequest): Promise<void> {
  controller = new AbortController();
  try {
    const behaviour = findBehaviour(await definition, request);
    const options = {
      signal: controller.signal,
      onUpdate: (update: Parameters<typeof tellUpdate>[0]) => tellUpdate(update),
    };
    // That the event loop of this thread is held is what the thread is for.
    const { outputs } = await invokeBehaviour(behaviour, await files, request, options);
    tell({ type: "done", result: { outputs } });
  } catch (thrown) {
    const { data, retryable, cause } = toStepError(thrown);
    const stack = cause instanceof Error ? cause.stack : undefined;
    tell({ type: "failed", error: data, retryable, ...(stack === undefined ? {} : { stack }) });
  }
}

function tellUpdate(update: Extract<FromWorker, { type: "update" }>["update"]): void {
  tell({ type: "update", update });
}
