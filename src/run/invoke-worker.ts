import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { FileStore } from "../base/files.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import {
  type InvokeOptions,
  type Invoker,
  StepError,
  type StepRequest,
  type StepResult,
} from "../graph/step.ts";
import { toStepError } from "./step-errors.ts";
import type { FromWorker, ToWorker, WorkerSetup } from "./worker-messages.ts";

/** How long a step may clean up after a cancel before its thread is stopped. */
const GRACE_MS = 200;
/** How long a thread without work is kept. */
const IDLE_MS = 30_000;
const MODULE = new URL(
  import.meta.url.endsWith(".ts") ? "./worker-thread.ts" : "./worker-thread.js",
  import.meta.url,
);

/** Carries out steps in worker threads, each of which has loaded the user's script: one step at a time per thread. */
export class WorkerInvoker implements Invoker {
  readonly #definition: GraphDefinition;
  readonly #files: FileStore;
  /** Threads without work, by script. */
  readonly #idle = new Map<string, Thread[]>();
  readonly #threads = new Set<Thread>();
  #isClosed = false;

  constructor(definition: GraphDefinition, files: FileStore) {
    this.#definition = definition;
    this.#files = files;
  }

  async invoke(request: StepRequest, options: InvokeOptions): Promise<StepResult> {
    if (this.#isClosed)
      throw new StepError(
        { code: "CANCELLED", message: "The server is stopping.", node: request.node },
        false,
      );
    if (options.signal.aborted) throw toStepError(options.signal.reason);
    const script = this.#scriptOf(request);
    const thread = this.#idle.get(script)?.pop() ?? this.#start(script);
    return thread.invoke(request, options);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#threads].map((thread) => thread.stop()));
  }

  #scriptOf({ node: name, variant }: StepRequest): string {
    const node = this.#definition.nodes.get(name);
    const place = node?.variants[variant ?? 0]?.place ?? node?.place;
    if (place !== undefined) return pathToFileURL(place.file).href;
    const message = `Node '${name}' cannot run in a worker thread: it is not known which script it was made in.`;
    throw new StepError({ code: "NO_SCRIPT", message, node: name }, false);
  }

  #start(script: string): Thread {
    const files = this.#files.reopen;
    const thread: Thread = new Thread(
      { script, graph: this.#definition.name, files },
      {
        onIdle: () => {
          const idle = this.#idle.get(script);
          if (idle === undefined) this.#idle.set(script, [thread]);
          else idle.push(thread);
        },
        onGone: () => {
          this.#threads.delete(thread);
          const idle = this.#idle.get(script);
          if (idle !== undefined)
            this.#idle.set(
              script,
              idle.filter((other) => other !== thread),
            );
        },
      },
    );
    this.#threads.add(thread);
    return thread;
  }
}

interface Step {
  readonly node: string;
  readonly options: InvokeOptions;
  readonly abort: () => void;
  resolve(result: StepResult): void;
  reject(reason: StepError): void;
}

class Thread {
  readonly #worker: Worker;
  readonly #on: { onIdle(): void; onGone(): void };
  #step: Step | undefined;
  #crash: unknown;
  #timer: NodeJS.Timeout | undefined;
  #isStopping = false;

  constructor(setup: WorkerSetup, on: { onIdle(): void; onGone(): void }) {
    this.#on = on;
    this.#worker = new Worker(MODULE, { workerData: setup, name: "daggr" });
    this.#worker.on("message", (message: FromWorker) => this.#receive(message));
    this.#worker.on("messageerror", (error) => this.#crashed(error));
    this.#worker.on("error", (error) => {
      this.#crash = error;
    });
    this.#worker.on("exit", (code) => this.#exited(code));
  }

  invoke(request: StepRequest, options: InvokeOptions): Promise<StepResult> {
    clearTimeout(this.#timer);
    this.#worker.ref();
    return new Promise((resolve, reject) => {
      const abort = () => this.#abort();
      this.#step = { node: request.node, options, abort, resolve, reject };
      options.signal.addEventListener("abort", abort, { once: true });
      try {
        this.#worker.postMessage({ type: "invoke", request } satisfies ToWorker);
      } catch (thrown) {
        this.#settle(() => reject(toStepError(thrown)));
      }
    });
  }

  /** Stops the thread at once, also in the middle of a loop; it takes no more steps. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#isStopping = true;
    this.#on.onGone();
    await this.#worker.terminate();
  }

  #abort(): void {
    this.#worker.postMessage({ type: "abort" } satisfies ToWorker);
    this.#timer = setTimeout(() => void this.stop(), GRACE_MS);
  }

  #receive(message: FromWorker): void {
    const step = this.#step;
    if (step === undefined) return;
    if (message.type === "update") {
      if (!step.options.signal.aborted) step.options.onUpdate(message.update);
    } else if (message.type === "done") this.#settle(() => step.resolve(message.result));
    else {
      const { error, retryable, stack } = message;
      const cause = stack === undefined ? undefined : Object.assign(new Error(error.message), { stack });
      const reason = step.options.signal.aborted
        ? toStepError(step.options.signal.reason)
        : new StepError(error, retryable, cause);
      this.#settle(() => step.reject(reason));
    }
  }

  /** The step is over, and the thread free for the next. */
  #settle(tell: () => void): void {
    clearTimeout(this.#timer);
    this.#step?.options.signal.removeEventListener("abort", this.#step.abort);
    this.#step = undefined;
    if (!this.#isStopping) {
      this.#worker.unref();
      this.#timer = setTimeout(() => void this.stop(), IDLE_MS).unref();
      this.#on.onIdle();
    }
    tell();
  }

  #crashed(error: unknown): void {
    this.#crash = error;
    void this.stop();
  }

  #exited(code: number): void {
    clearTimeout(this.#timer);
    const step = this.#step;
    this.#step = undefined;
    this.#on.onGone();
    if (step === undefined) return;
    step.options.signal.removeEventListener("abort", step.abort);
    step.reject(
      step.options.signal.aborted
        ? toStepError(step.options.signal.reason)
        : this.#crashError(step.node, code),
    );
  }

  #crashError(node: string, code: number): StepError {
    const why =
      this.#crash === undefined
        ? `it ended with exit code ${code}`
        : this.#crash instanceof Error
          ? this.#crash.message
          : String(this.#crash);
    const message = `The worker thread of node '${node}' ended before the step did: ${why}.`;
    return new StepError({ code: "WORKER_CRASHED", message, node }, true, this.#crash);
  }
}
