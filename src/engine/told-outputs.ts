import { isFileRef } from "../base/files.ts";
import type { TextGrowth } from "../protocol/messages.ts";
import type { NodeState, SheetView } from "../protocol/view.ts";
import { isLonger, shorten } from "./preview.ts";

type Outputs = NonNullable<NodeState["outputs"]>;

/** What one message tells of a node's outputs at most, about as many characters. */
const LONGEST_MESSAGE = 2_000;
/** What all cards of a sheet together show of their outputs before a page asks for more. */
const LONGEST_VIEW = 1_000_000;
const SHORTEST_PREVIEW = 200;

/**
 * What pages were told of the outputs of each node. A message says only what has become of them since, so that
 * neither a step's progress nor a text that grows sends again what is known.
 */
export class ToldOutputs {
  readonly #told = new Map<string, Outputs>();

  /** A node's state as it is told now. */
  next(node: string, state: NodeState): { state: NodeState; grown?: Readonly<Record<string, TextGrowth>> } {
    const { outputs, ...rest } = state;
    const before = this.#told.get(node);
    if (outputs === undefined) {
      this.#told.delete(node);
      return { state };
    }
    const found = before === undefined ? undefined : growth(before, outputs);
    if (found === undefined || (found.isBehind && state.partial !== true)) {
      this.#told.set(node, outputs);
      return { state: withPreviews(state, LONGEST_MESSAGE) };
    }
    this.#told.set(node, found.told);
    return { state: rest, grown: found.grown };
  }
}

/** A sheet as it is sent when it is opened: long values come when somebody asks for them. */
export function withShortOutputs(view: SheetView): SheetView {
  const nodes = Object.entries(view.nodes);
  const limit = Math.min(LONGEST_MESSAGE, Math.max(SHORTEST_PREVIEW, LONGEST_VIEW / nodes.length));
  return {
    ...view,
    nodes: Object.fromEntries(nodes.map(([node, state]) => [node, withPreviews(state, limit)])),
  };
}

/** The state with what is too long in it cut short, and named in `cut`. */
function withPreviews(state: NodeState, limit: number): NodeState {
  if (state.outputs === undefined) return state;
  const entries = Object.entries(state.outputs);
  const share = limit / Math.max(1, entries.length);
  const cut = entries.filter(([, value]) => isLonger(value, share)).map(([port]) => port);
  if (cut.length === 0) return state;
  const outputs = entries.map(([port, value]) => [port, cut.includes(port) ? preview(value, share) : value]);
  return { ...state, outputs: Object.fromEntries(outputs), cut };
}

/** A shorter value of the same kind. */
function preview(value: unknown, limit: number): unknown {
  if (typeof value === "string") return value.slice(0, limit);
  const short = shorten(value);
  if (!isLonger(short, limit)) return short;
  return Array.isArray(value) ? [] : {};
}

interface Growth {
  /** By port, texts that go on where they ended. */
  readonly grown: Record<string, TextGrowth>;
  readonly told: Outputs;
  /** There is more to tell than one message takes. */
  readonly isBehind: boolean;
}

/** How the outputs go on from what was told; `undefined` when they are others. */
function growth(before: Outputs, outputs: Outputs): Growth | undefined {
  const ports = Object.keys(outputs);
  if (ports.length !== Object.keys(before).length) return undefined;
  const grown: Record<string, TextGrowth> = {};
  const told: Record<string, unknown> = {};
  let isBehind = false;
  for (const port of ports) {
    const was = before[port];
    const is = outputs[port];
    told[port] = is;
    if (isSame(was, is)) continue;
    if (typeof was !== "string" || typeof is !== "string" || was === "" || !is.startsWith(was))
      return undefined;
    const text = is.slice(was.length, was.length + LONGEST_MESSAGE / ports.length);
    isBehind ||= was.length + text.length < is.length;
    told[port] = isBehind ? is.slice(0, was.length + text.length) : is;
    grown[port] = { at: was.length, text };
  }
  return { grown, told, isBehind };
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (isFileRef(a) && isFileRef(b) && a.id !== b.id) return false;
  if (isLonger(a, LONGEST_MESSAGE) || isLonger(b, LONGEST_MESSAGE)) return false;
  return JSON.stringify(a) === JSON.stringify(b);
}
