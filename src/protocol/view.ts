import type { AskForm, OpenQuestion } from "./ask.ts";
import type { PlanEntry } from "./plan.ts";
import type { UpstreamChange } from "./upstream.ts";
import type { ErrorData, FallbackUse, ValueType } from "./values.ts";

/** A component as the page needs it: its kind in Gradio's spelling (`textbox`) and its properties in camelCase. */
export interface ComponentView {
  readonly kind: string;
  readonly props: Readonly<Record<string, unknown>>;
}

export interface PortView {
  /** The port's own name. */
  readonly name: string;
  readonly label: string;
  readonly type: ValueType;
  /** The value is a list (square dot): an output of a scattered node, or a gathered input. */
  readonly list: boolean;
  /** How it is shown; absent when it is hidden. */
  readonly component?: ComponentView;
  /** An input's source in words: `Topic`, `each of Script`, `1024`, `drawn anew`. Absent for outputs. */
  readonly from?: string;
  /** Of fields only, on input cards and of a choice's variants: the address of the value, `node__port`. */
  readonly address?: string;
  /** The variant that this input belongs to. */
  readonly variant?: number;
}

/** What a step that a person does looks like while it asks. */
export interface AskView {
  readonly form: AskForm;
  /** What is shown: the values to approve, the list to choose from, what stands beside a form. */
  readonly shown: readonly PortView[];
  /** What is entered or given on: the outputs. */
  readonly fields: readonly PortView[];
}

/** One card. Input cards hold fields (their `outputs`); step cards run. */
export interface CardView {
  /** Unique: a node's name, or for an input card made from components `inputs:` and the address of its first field. */
  readonly id: string;
  readonly type: "input" | "step";
  readonly name: string;
  /** `fn`, `gradio`, `input`, `choice`, `fallback`: of the latter's variants none is chosen. */
  readonly kind: string;
  /** Space id, model, `choice of 2`. */
  readonly source?: string;
  readonly sourceUrl?: string;
  /** A model's task. */
  readonly detail?: string;
  /** `app.ts:41`. */
  readonly place?: string;
  readonly scattered: boolean;
  readonly inputs: readonly PortView[];
  readonly outputs: readonly PortView[];
  readonly variants?: readonly {
    readonly name: string;
    readonly kind: string;
    readonly source?: string;
    readonly ask?: AskView;
  }[];
  /** Set where a person does the step. */
  readonly ask?: AskView;
  /** Spaces and models that it uses and that have changed since they were accepted. */
  readonly upstream?: readonly UpstreamChange[];
  /** A program on this machine that does its work, as it stands now. */
  readonly service?: ServiceView;
  /** What went wrong with it before any run, for example a Space that cannot be reached. */
  readonly problem?: ErrorData;
}

export interface ServiceView {
  readonly status: "off" | "asking" | "preparing" | "starting" | "running" | "failed";
  /** The same in words. */
  readonly text: string;
  /** What somebody at this machine has to agree to first. */
  readonly question?: { readonly id: string; readonly text: string; readonly url: string };
  readonly error?: ErrorData;
}

export interface EdgeView {
  readonly id: string;
  readonly from: { readonly card: string; readonly port: string };
  readonly to: { readonly card: string; readonly port: string };
  readonly kind: "plain" | "each" | "all";
  readonly type: ValueType;
}

/** The whole graph; sent once for each connection and after a hot reload. */
export interface GraphView {
  readonly name: string;
  /** `false`: nothing is saved and there is one sheet. */
  readonly persisted: boolean;
  /** Changes when cards, ports or edges change; layouts are cached by it. */
  readonly hash: string;
  readonly cards: readonly CardView[];
  readonly edges: readonly EdgeView[];
}

export type NodeStatus =
  | "idle"
  | "stale"
  | "queued"
  | "running"
  | "waiting"
  | "done"
  | "reused"
  | "failed"
  | "blocked"
  | "interrupted";

/** The state of one item of a scattered node. */
export interface ItemState {
  readonly index: number;
  readonly status: "queued" | "running" | "waiting" | "done" | "failed" | "stale";
  /** A short text of what the item is or gave. */
  readonly preview?: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly durationMs?: number;
  readonly error?: ErrorData;
  /** Of a fallback: which variant made it. */
  readonly fallback?: FallbackUse;
}

/** Everything that changes about a card. */
export interface NodeState {
  readonly status: NodeStatus;
  /** Why, in words: `prompt changed`, `never ran`. */
  readonly reason?: string;
  /** Milliseconds since 1970. */
  readonly startedAt?: number;
  readonly durationMs?: number;
  /** The median of its earlier runs. */
  readonly usualMs?: number;
  readonly attempt?: number;
  readonly progress?: { readonly value: number | null; readonly text?: string };
  readonly queue?: { readonly position?: number; readonly etaMs?: number; readonly waitsFor: string };
  readonly error?: ErrorData & { readonly item?: number };
  readonly blockedBy?: string;
  readonly willRetryInMs?: number;
  /** The event loop was blocked for so long by this step. */
  readonly busyMs?: number;
  /** Values of the selected result, or the partial ones while it runs. */
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** Outputs that are only the beginnings of their values; `outputs` asks for the whole. */
  readonly cut?: readonly string[];
  readonly partial?: boolean;
  readonly result?: {
    readonly id: string;
    readonly index: number;
    readonly total: number;
    readonly createdAt: number;
    /** An output was replaced by hand. */
    readonly edited: boolean;
  };
  readonly items?: {
    readonly total: number;
    readonly done: number;
    readonly failed: number;
    readonly running: number;
  };
  readonly run?: string;
  /** Of a fallback: which variant works now, or made what is shown. */
  readonly fallback?: FallbackUse;
  /** What the step asks; the first of its questions, and how many there are. */
  readonly ask?: { readonly questions: readonly OpenQuestion[]; readonly total: number };
}

/** One line of a card's history, newest last. */
export interface HistoryEntry {
  readonly id: string;
  /** 0 is the oldest. */
  readonly index: number;
  readonly createdAt: number;
  readonly durationMs: number;
  /** The inputs that made it, by port, short. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Of the inputs, whole: tells which differ from those of another result. What was drawn has none. */
  readonly inputHashes: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly selected: boolean;
  /** An output was replaced by hand. */
  readonly edited: boolean;
  /** Of a choice: the index of the variant that made it. */
  readonly variant?: number;
  /** Of a fallback: which variant made it. */
  readonly fallback?: FallbackUse;
  /** What stood in the input fields that it comes from, by address, short. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The results that it was made from, by node. */
  readonly upstream: Readonly<Record<string, string>>;
  /** Of a scattered node: how many items it has; they come by the page (`items-of-result`). */
  readonly items?: number;
}

export interface SheetInfo {
  readonly id: string;
  readonly name: string;
  readonly updatedAt: number;
  /** How many results are on it, of all steps together. */
  readonly results?: number;
}

export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** One sheet as the page shows it. */
export interface SheetView {
  readonly sheet: SheetInfo;
  /** By address, `node__port`. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** By node: the index of the chosen variant. */
  readonly variants: Readonly<Record<string, number>>;
  readonly nodes: Readonly<Record<string, NodeState>>;
  /** Cards that the user moved. */
  readonly positions: Readonly<Record<string, { readonly x: number; readonly y: number }>>;
  readonly viewport: Viewport | null;
  readonly activeRuns: readonly RunInfo[];
  /** The latest run that was interrupted, if nothing was started since. */
  readonly interrupted: RunInfo | null;
}

export interface RunInfo {
  readonly id: string;
  readonly status: "running" | "waiting" | "done" | "failed" | "cancelled" | "interrupted";
  readonly startedAt: number;
  /** Nodes to execute at most, and how many have ended. */
  readonly total: number;
  readonly done: number;
}

/** What stands on a sheet: fields by address, variants by choice, and by node the id of the chosen result. */
export interface Standing {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly variants: Readonly<Record<string, number>>;
  readonly results: Readonly<Record<string, string | null>>;
}

/** One change by hand, whole: what it found and what it left. A page keeps it to undo and redo it. */
export interface SheetStep {
  readonly before: Standing;
  readonly after: Standing;
}

/** The answer to a change by hand. */
export type WithStep<T> = T & { readonly step: SheetStep };

export type PlanPreview = {
  readonly entries: readonly PlanEntry[];
  readonly run: number;
  readonly reuse: number;
};
