import { z } from "zod";
import type { AccountView } from "./account.ts";
import type { ShareView } from "./share.ts";
import type { ErrorData } from "./values.ts";
import type {
  GraphView,
  HistoryEntry,
  ItemState,
  NodeState,
  PlanPreview,
  RunInfo,
  SheetInfo,
  SheetView,
} from "./view.ts";

const name = z.string().min(1).max(300);
const id = z.string().regex(/^[\w-]{1,64}$/);
const index = z.number().int().min(0).max(10_000_000);
const coordinate = z.number().min(-1e7).max(1e7);
const request = { request: z.number().int().nonnegative() };
const mode = z.enum(["step", "to", "from", "stale", "all"]);

/**
 * Everything the page may say. Each message carries `request`, a number of the page's own; the answer is
 * one `reply` (or `refused`) with the same number.
 */
export const clientMessage = z.discriminatedUnion("type", [
  /** First message. `sheet`: the one that was open; `after`: the last `seq` seen, to get only what was missed. */
  z.strictObject({
    type: z.literal("hello"),
    ...request,
    version: z.number(),
    sheet: id.optional(),
    after: z.number().int().optional(),
  }),
  z.strictObject({ type: z.literal("open-sheet"), ...request, sheet: id }),
  z.strictObject({
    type: z.literal("create-sheet"),
    ...request,
    name: z.string().min(1).max(200).optional(),
  }),
  z.strictObject({
    type: z.literal("rename-sheet"),
    ...request,
    sheet: id,
    name: z.string().min(1).max(200),
  }),
  z.strictObject({ type: z.literal("delete-sheet"), ...request, sheet: id }),
  /** A copy with everything on it. Replies with the new {@link SheetInfo}. */
  z.strictObject({
    type: z.literal("duplicate-sheet"),
    ...request,
    sheet: id,
    name: z.string().min(1).max(200).optional(),
  }),
  /** Forgets its inputs, results, errors and times; positions stay. */
  z.strictObject({ type: z.literal("clear-sheet"), ...request, sheet: id }),
  /** A new sheet with this result, what it was made from and the inputs that made it. Replies with its {@link SheetInfo}. */
  z.strictObject({
    type: z.literal("sheet-from-result"),
    ...request,
    node: name,
    result: id,
    name: z.string().min(1).max(200).optional(),
  }),
  z.strictObject({ type: z.literal("set-input"), ...request, address: name, value: z.unknown() }),
  z.strictObject({ type: z.literal("set-variant"), ...request, node: name, variant: index }),
  z.strictObject({
    type: z.literal("move-cards"),
    ...request,
    positions: z.record(name, z.strictObject({ x: coordinate, y: coordinate }).nullable()),
  }),
  z.strictObject({
    type: z.literal("set-viewport"),
    ...request,
    viewport: z.strictObject({ x: coordinate, y: coordinate, zoom: z.number().min(0.01).max(10) }),
  }),
  /** What a run would do. Replies with a {@link PlanPreview}. */
  z.strictObject({ type: z.literal("plan"), ...request, mode, nodes: z.array(name).max(10_000) }),
  z.strictObject({ type: z.literal("run"), ...request, mode, nodes: z.array(name).max(10_000) }),
  /** Runs one item of a scattered node again. */
  z.strictObject({ type: z.literal("run-item"), ...request, node: name, item: index }),
  z.strictObject({ type: z.literal("stop"), ...request, run: id.optional(), node: name.optional() }),
  z.strictObject({ type: z.literal("resume"), ...request, run: id }),
  /** Answers a human step, or one item of it. */
  z.strictObject({
    type: z.literal("answer"),
    ...request,
    run: id,
    node: name,
    item: index.optional(),
    answer: z.record(z.string().max(20), z.unknown()),
  }),
  /** A page of results, newest first; with `text` of those in whose inputs or outputs it stands. Replies with {@link HistoryPage}. */
  z.strictObject({
    type: z.literal("history"),
    ...request,
    node: name,
    offset: index,
    limit: z.number().int().min(1).max(100),
    text: z.string().max(200).optional(),
  }),
  /** One result with its whole values. Replies with a {@link HistoryEntry}. */
  z.strictObject({ type: z.literal("result"), ...request, node: name, result: id }),
  /** A page of the items of any result. Replies with {@link ItemsPage}. */
  z.strictObject({
    type: z.literal("items-of-result"),
    ...request,
    node: name,
    result: id,
    offset: index,
    limit: z.number().int().min(1).max(200),
  }),
  /**
   * Selects a result: restores the inputs that made it and selects what was made from it downstream. Replies with
   * {@link SelectionSummary}.
   */
  z.strictObject({ type: z.literal("select-result"), ...request, node: name, result: id }),
  /**
   * Replaces one output by hand (with `item` that of one item); the result is marked as edited and the run goes on
   * from it.
   */
  z.strictObject({
    type: z.literal("edit-output"),
    ...request,
    node: name,
    port: name,
    value: z.unknown(),
    item: index.optional(),
  }),
  /** Goes back from an edited result to the one that the step made itself. Replies with {@link SelectionSummary}. */
  z.strictObject({ type: z.literal("discard-edit"), ...request, node: name }),
  /** Puts back what a change by hand (`SheetStep`) found or left, and nothing else: undo and redo. */
  z.strictObject({
    type: z.literal("restore"),
    ...request,
    inputs: z.record(name, z.unknown()),
    variants: z.record(name, index),
    results: z.record(name, id.nullable()),
  }),
  /** A page of items, with `failed` only of those that failed. Replies with {@link ItemsPage}. */
  z.strictObject({
    type: z.literal("items"),
    ...request,
    node: name,
    offset: index,
    limit: z.number().int().min(1).max(200),
    failed: z.literal(true).optional(),
  }),
  /** The whole values of what a node shows, where its state names some as cut. Replies with {@link WholeOutputs}. */
  z.strictObject({ type: z.literal("outputs"), ...request, node: name }),
  /** What is to become of a Space or a model that has changed. */
  z.strictObject({
    type: z.literal("upstream"),
    ...request,
    kind: z.enum(["space", "model"]),
    id: name,
    choice: z.enum(["accept", "ignore"]),
  }),
  /** What a person says about the program on this machine that does a node's work; the question's id with an answer. */
  z.strictObject({
    type: z.literal("service"),
    ...request,
    node: name,
    action: z.enum(["agree", "decline", "restart"]),
    question: z.string().max(300).optional(),
  }),
  /** The log lines of the node's latest run. Replies with `{ lines }`. */
  z.strictObject({ type: z.literal("logs"), ...request, node: name }),
]);

export type ClientMessage = z.infer<typeof clientMessage>;

export interface HistoryPage {
  readonly entries: readonly HistoryEntry[];
  readonly total: number;
}

/** What going back to a result has changed, besides the step itself. */
export interface SelectionSummary {
  /** Addresses of the fields whose values came back. */
  readonly fields: readonly string[];
  /** Choices that are set to another variant. */
  readonly variants: readonly string[];
  /** Other steps that show another result now. */
  readonly followed: readonly string[];
  /** Steps downstream that have no result of it. */
  readonly emptied: readonly string[];
}

export interface ItemsPage {
  readonly items: readonly ItemState[];
  readonly total: number;
}

export interface WholeOutputs {
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** How a text goes on: its first `at` characters, then `text`. */
export interface TextGrowth {
  readonly at: number;
  readonly text: string;
}

/** A banner of the development server, or `null` to take it away. */
export interface Banner {
  readonly kind: "script-error" | "type-error" | "notice";
  readonly title: string;
  readonly text: string;
}

/** Everything the server may say. What carries `seq` belongs to the open sheet and is numbered without gaps. */
export type ServerMessage =
  | {
      readonly type: "welcome";
      readonly version: number;
      readonly graph: GraphView;
      readonly sheets: readonly SheetInfo[];
      readonly banner: Banner | null;
      /** The script that a page of this server would load: another one in the page means it is older. */
      readonly build?: string;
      /** The time of the server, which times everything that it reports. */
      readonly now?: number;
    }
  /** How many pages have the open sheet open, this one included. */
  | { readonly type: "present"; readonly pages: number }
  /** The page speaks another version: it must reload. */
  | { readonly type: "reload" }
  | { readonly type: "graph"; readonly graph: GraphView }
  | { readonly type: "sheets"; readonly sheets: readonly SheetInfo[] }
  | { readonly type: "sheet"; readonly seq: number; readonly view: SheetView }
  | {
      readonly type: "node";
      readonly seq: number;
      readonly node: string;
      readonly state: NodeState;
      /** The node's outputs are those told before, with these texts grown; `state` leaves them out. */
      readonly grown?: Readonly<Record<string, TextGrowth>>;
    }
  /** These items of a node are others now, each pair the first and the last: a page asks for those it shows. */
  | {
      readonly type: "items";
      readonly seq: number;
      readonly node: string;
      readonly changed: readonly (readonly [number, number])[];
    }
  | {
      readonly type: "log";
      readonly seq: number;
      readonly node: string;
      readonly level: string;
      readonly text: string;
      readonly item?: number;
    }
  | { readonly type: "input"; readonly seq: number; readonly address: string; readonly value: unknown }
  | { readonly type: "variant"; readonly seq: number; readonly node: string; readonly variant: number }
  | {
      readonly type: "positions";
      readonly seq: number;
      readonly positions: Readonly<Record<string, { readonly x: number; readonly y: number } | null>>;
    }
  | { readonly type: "run"; readonly seq: number; readonly run: RunInfo }
  | { readonly type: "banner"; readonly banner: Banner | null }
  /** How whoever looks at this page stands with Hugging Face; comes after the welcome, and when it changes. */
  | { readonly type: "account"; readonly account: AccountView }
  /** Sharing has begun, changed or ended; after the welcome only where something is shared. */
  | { readonly type: "share"; readonly status: ShareView["status"] }
  | { readonly type: "reply"; readonly request: number; readonly result: unknown }
  | { readonly type: "refused"; readonly request: number; readonly error: ErrorData };

export type { PlanPreview };
