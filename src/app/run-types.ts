import type { MaybePromise } from "../base/types.ts";
import type { AnyNode, Mode, produces } from "../graph/node.ts";
import type { Answer, AskForm } from "../protocol/ask.ts";
import type { RunEvent } from "../protocol/events.ts";
import type { RunMode } from "../protocol/plan.ts";

/** What a human step asks whoever answers in a person's place. */
export interface AskedQuestion {
  /** The step's name. */
  readonly node: string;
  /** Which item, of a step that asks per item. */
  readonly item?: number;
  /** `approve`: the values; `choose`: one of `values.options`; `fill`: the form, with what stands beside it. */
  readonly form: AskForm;
  /** What it is about, by input; files are paths. */
  readonly values: Readonly<Record<string, any>>;
}

/** What `graph.run()` and `graph.stream()` take besides the inputs. */
export interface RunOptions {
  /** Cancels the run. */
  signal?: AbortSignal;
  /** Called with every event, in order. */
  onEvent?: (event: RunEvent) => void;
  /**
   * Answers human steps: `{ action: "approve", values? }`, `{ action: "reject", values?: "why" }`, `{ choice: 0 }` or
   * `{ values }`. Files are paths. Without it, a run that would ask a person is refused before it starts.
   */
  onAsk?: (question: AskedQuestion) => MaybePromise<Answer>;
  /** The nodes that are wanted: they and what they need run. Default: all. */
  nodes?: readonly string[];
  /** `all` (default) runs everything; `stale` reuses what is fresh on the sheet; `step`, `to` and `from` need `nodes`. */
  mode?: RunMode;
  /** Keep results on this sheet (made when there is none of this name). Without it nothing is kept. */
  sheet?: string;
  /** By choice: the name or the index of the variant. */
  variants?: Readonly<Record<string, string | number>>;
}

type Produced<N> = N extends { readonly [produces]: { readonly values: infer V; readonly mode: infer M } }
  ? [Mode] extends [M]
    ? V
    : M extends "item"
      ? { [K in keyof V]: V[K][] }
      : V
  : never;

type IsLiteral<N extends string> = string extends N ? false : true;

/** Nodes whose name is a literal type. */
type Named<Nodes extends readonly AnyNode[]> = {
  [K in keyof Nodes]: IsLiteral<Nodes[K]["name"]> extends true ? Nodes[K] : never;
}[number];

/** What `graph.run()` resolves to: typed by node where names are literals, `Record<string, …>` otherwise. */
export type RunResult<Nodes extends readonly AnyNode[]> = [Named<Nodes>] extends [never]
  ? Record<string, Record<string, any>>
  : { [N in Named<Nodes> as N["name"]]: Produced<N> };

/** Values of input fields: by node, then by port. */
export type RunInputs<Nodes extends readonly AnyNode[]> = {
  readonly [N in Named<Nodes> as N["name"]]?: Readonly<Record<string, unknown>>;
} & Readonly<Record<string, Readonly<Record<string, unknown>>>>;
