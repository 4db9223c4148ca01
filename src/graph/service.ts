import type { ErrorData } from "../base/errors.ts";

/** How a program stands that a node's work needs, as its card shows it. */
export interface ServiceState {
  readonly status: "off" | "asking" | "preparing" | "starting" | "running" | "failed";
  /** The same in words: `Installing gradio==6.31.0`. */
  readonly text: string;
  /** What a person has to agree to first. */
  readonly question?: ServiceQuestion;
  /** Why it is `failed`. */
  readonly error?: ErrorData;
}

/** Whether somebody's code may run on this machine. */
export interface ServiceQuestion {
  /** An answer counts only for the question that was asked. */
  readonly id: string;
  readonly text: string;
  /** Where the code can be read. */
  readonly url: string;
}

export interface OwnCode {
  readonly folder: string;
  /** Absolute paths. */
  readonly files: readonly string[];
}

export interface HoldOptions {
  /** Somebody looks at the cards and can answer there. */
  readonly isWatched?: boolean;
  /** Visitors who are nothing to each other use it: what it prints for one is not for another to read. */
  readonly isShared?: boolean;
}

/**
 * A program on this machine that a node's work needs. Nodes may share one. It is started when it is first needed, and
 * ends with the last graph that holds it.
 */
export interface Service {
  /** What it runs: `tools.py`, `owner/name`. */
  readonly label: string;
  readonly state: ServiceState;
  /** What it printed last. */
  readonly log: readonly { readonly text: string; readonly at: number }[];
  /** Keeps it from being ended. What is returned lets go, and resolves when it is gone if nobody else holds it. */
  hold(options?: HoldOptions): () => Promise<void>;
  /** Starts it before it is needed; how that goes is told by its state. */
  warm(): void;
  /** Takes over what a version of the script before this one has running. */
  adopt(): Promise<void>;
  /** Tells of another state, and of other code: results that were made with the code before are stale. */
  watch(listener: (change: "state" | "code") => void): () => void;
  restart(): Promise<void>;
  /** The user's own code that it runs, to take it to another machine; `undefined` where the Hub has it. */
  ownCode(): Promise<OwnCode | undefined>;
  /** `false` when this is not what is asked now. */
  answer(question: string, isAgreed: boolean): Promise<boolean>;
}
