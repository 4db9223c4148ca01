import type { AskForm } from "./ask.ts";
import type { Plan } from "./plan.ts";
import type { ErrorData, FallbackUse } from "./values.ts";

/** Output values by port name; files are `FileRef`s on the wire and paths in `graph.run()`. */
export type Outputs = Readonly<Record<string, unknown>>;

/** What happens in a run, in order. The same for `graph.stream()`, `onEvent`, server-sent events and the canvas. */
export type RunEvent =
  | { readonly type: "run-started"; readonly run: string; readonly plan: Plan }
  | {
      readonly type: "node-queued";
      readonly node: string;
      readonly item?: number;
      /** What it waits for, in words: `other functions`, `a free place in group gpu`, `the Space's queue`. */
      readonly waitsFor: string;
      /** Its place in a Space's queue; 1 is next. */
      readonly position?: number;
      readonly etaMs?: number;
    }
  | {
      readonly type: "node-started";
      readonly node: string;
      readonly item?: number;
      readonly reason: string;
      /** 1 for the first; a fallback counts those of all its variants. */
      readonly attempt: number;
      /** Of a fallback: which variant works now. */
      readonly fallback?: FallbackUse;
      /** For a scattered node, how many items it has and how many of them are reused. */
      readonly items?: { readonly total: number; readonly reused: number };
    }
  | {
      readonly type: "node-progress";
      readonly node: string;
      readonly item?: number;
      /** 0 to 1, or `null` when unknown. */
      readonly value: number | null;
      readonly text?: string;
    }
  | {
      readonly type: "node-log";
      readonly node: string;
      readonly item?: number;
      readonly level: "debug" | "info" | "warning" | "error";
      readonly text: string;
    }
  | {
      readonly type: "node-partial";
      readonly node: string;
      readonly item?: number;
      readonly outputs: Outputs;
    }
  | {
      readonly type: "node-done";
      readonly node: string;
      readonly item?: number;
      readonly outputs: Outputs;
      readonly durationMs: number;
      readonly reused: boolean;
      /** The id of the kept result; absent for items. */
      readonly result?: string;
      /** Of a fallback: which variant made it. */
      readonly fallback?: FallbackUse;
      /** How long the event loop was blocked by this step, when it was for more than a second. */
      readonly busyMs?: number;
    }
  | {
      readonly type: "node-failed";
      readonly node: string;
      readonly item?: number;
      readonly error: ErrorData;
      readonly willRetryInMs?: number;
      readonly durationMs: number;
    }
  | { readonly type: "node-blocked"; readonly node: string; readonly by: string; readonly reason: string }
  | {
      /** A human step asks. When only such steps are left, the run is at rest until somebody answers. */
      readonly type: "node-waiting";
      readonly node: string;
      readonly item?: number;
      readonly reason: string;
      readonly form: AskForm;
      /** What it is about, by input. */
      readonly values: Outputs;
    }
  | { readonly type: "node-cancelled"; readonly node: string }
  | {
      readonly type: "run-done";
      readonly run: string;
      readonly outputs: NodeOutputs;
      readonly durationMs: number;
    }
  | {
      readonly type: "run-failed";
      readonly run: string;
      readonly outputs: NodeOutputs;
      readonly errors: readonly {
        readonly node: string;
        readonly item?: number;
        readonly error: ErrorData;
      }[];
      readonly durationMs: number;
    }
  | {
      readonly type: "run-cancelled";
      readonly run: string;
      readonly outputs: NodeOutputs;
      readonly durationMs: number;
    };

/** Outputs by node, then by port. */
export type NodeOutputs = Readonly<Record<string, Outputs>>;
