import type { DaggrError } from "../base/errors.ts";
import type { Json } from "../base/json.ts";
import type { MaybePromise } from "../base/types.ts";
import type { Question } from "./question.ts";
import type { Service } from "./service.ts";
import type { StepContext } from "./step.ts";

/** How many executions may go on at once, and with whom the limit is shared. */
export type Concurrency =
  /** One at a time for each session (sheet, or run without one), shared by all nodes that say so. */
  | { readonly type: "session" }
  /** Side by side; a scattered node takes `maxItems` items at once. */
  | { readonly type: "free"; readonly maxItems: number }
  /** At most `max` in the whole process, shared by everything that names the group. */
  | { readonly type: "group"; readonly name: string; readonly max: number };

export interface StepPolicy {
  /** Further attempts after the first; only for errors that a retry can mend. */
  readonly retries: number;
  /** Milliseconds before the second attempt; doubles with each further one, at most a minute. */
  readonly retryDelayMs: number;
  /** Milliseconds for one attempt; `undefined` for no limit. */
  readonly timeoutMs: number | undefined;
  /** Take an equal result from anywhere in the history instead of running again. */
  readonly cache: boolean;
  readonly onItemError: "fail" | "skip";
}

/** A parameter of what the node calls. */
export interface Parameter {
  readonly name: string;
  readonly optional: boolean;
}

/** A repository of the Hub that is somebody else's, and whose changes reach the node. */
export interface Upstream {
  readonly kind: "space" | "model";
  readonly id: string;
  /** The commit that the script holds it to: it cannot change then. */
  readonly revision?: string;
  /** Whether another revision than the latest can be had of it. */
  readonly canPin: boolean;
  /** Of a Space: the endpoint that is called; `null`: the one that is called when none is named. */
  readonly endpoint?: string | null;
  /** The node's own token. */
  readonly token?: string | false | undefined;
}

/** What a node kind answers about itself. Shared code asks this and never what kind it is. */
export interface Behaviour {
  /** `fn`, `gradio`, `input`, `choice`, `fallback`: shown on the card, part of the identity. */
  readonly kind: string;
  /** Space id, URL, model: what the card shows beside the name. */
  readonly source?: string;
  readonly sourceUrl?: string;
  /** What it does there (a model's task), as far as it is known by now. */
  readonly detail?: string | undefined;
  /** What may change under it without the script. */
  readonly upstream?: Upstream;
  /** `false` for nodes that only hold values (InputNode). */
  readonly executes: boolean;
  readonly concurrency: Concurrency;
  readonly policy: StepPolicy;
  /** Set where a person does the step: it is then asked and answered, and `invoke` serves `node.test()` only. */
  readonly asks?: Question;
  /** Runs in a worker thread. */
  readonly worker: boolean;
  /** Its variants are tried in their order until one succeeds (a fallback); without it one of them is chosen. */
  readonly inOrder?: true;
  /** Parameters that are known without asking anybody; `undefined` when they are not. */
  readonly parameters?: readonly Parameter[];
  /** Texts that it returns for hidden ports may be paths (it is the user's own code). */
  readonly trusted: boolean;
  /** The definition, for the fingerprint: source text, endpoint and commit. May ask the Hub. */
  identity(): MaybePromise<Json>;
  /** What it means in words that the identity is another than that of a result (`the Space has a new commit`); default: `its definition changed`. */
  readonly identityChange?: string;
  /** Does the work: inputs by name (files as `FileRef`), outputs by name (files as `FileRef`). */
  invoke(
    inputs: Readonly<Record<string, unknown>>,
    context: StepContext,
  ): Promise<Readonly<Record<string, unknown>>>;
  /** A program on this machine that does the work. */
  readonly service?: Service;
  /** Checks against the outside world before the first run; throws nothing, returns what is certainly wrong. */
  check?(connected: readonly string[]): Promise<readonly DaggrError[]>;
}
