import type { ErrorData } from "../base/errors.ts";
import type { FileStore } from "../base/files.ts";

/**
 * One execution of a node (or of one item of it) as plain data: values and file refs, nothing of this process.
 * The same request can be carried out here, in a worker thread or on another machine.
 */
export interface StepRequest {
  /** The node's name. */
  readonly node: string;
  /** The chosen variant of a choice. */
  readonly variant?: number;
  readonly item?: number;
  /** 1 for the first. */
  readonly attempt: number;
  /** The same for every attempt at the same work: an idempotency key for services that take one. */
  readonly workId: string;
  /** By port name, resolved; files as `FileRef`. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Inputs whose texts may be taken as paths, because the user's own script gave them. */
  readonly trusted: readonly string[];
}

export interface StepResult {
  /** By output name; files as `FileRef`. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** How long the step held the event loop without a break, when that was for more than a second. */
  readonly busyMs?: number;
}

/** What a running step tells while it works. */
export type StepUpdate =
  | { readonly type: "progress"; readonly value: number | null; readonly text?: string }
  | { readonly type: "log"; readonly level: "debug" | "info" | "warning" | "error"; readonly text: string }
  | { readonly type: "partial"; readonly outputs: Readonly<Record<string, unknown>> }
  | {
      readonly type: "queue";
      readonly position?: number;
      readonly etaMs?: number;
      readonly waitsFor: string;
    };

/** On whose behalf a step runs. It lives in memory only: in no record, no event, no log, and it never goes to a worker thread. */
export interface Caller {
  /** Their Hugging Face token; `false` where they have none and this machine's is not theirs to use; absent: this machine's own. */
  readonly token?: string | false;
  /** The `x-ip-token` of the request that started the run: ZeroGPU counts by it. It lasts for minutes. */
  readonly ipToken?: string;
}

export interface InvokeOptions {
  readonly signal: AbortSignal;
  readonly caller?: Caller;
  onUpdate(update: StepUpdate): void;
}

/** Carries out steps: in this process, in worker threads, later elsewhere. Neither planner nor runner knows which. */
export interface Invoker {
  /** Rejects with a {@link StepError}; `signal` reaches the work. */
  invoke(request: StepRequest, options: InvokeOptions): Promise<StepResult>;
  /** Frees threads and connections. */
  close(): Promise<void>;
}

/** Why a step failed, and whether trying again can mend it. */
export class StepError extends Error {
  override readonly name = "StepError";
  readonly data: ErrorData;
  readonly retryable: boolean;
  /** How long the other side asks to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(data: ErrorData, retryable: boolean, cause?: unknown, retryAfterMs?: number) {
    super(data.message, cause === undefined ? undefined : { cause });
    this.data = data;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
  }
}

/** What a node kind is given to do its work with. */
export interface StepContext {
  readonly signal: AbortSignal;
  readonly files: FileStore;
  readonly request: StepRequest;
  readonly caller: Caller;
  update(update: StepUpdate): void;
}
