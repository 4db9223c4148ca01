import { untrack } from "svelte";
import type { ItemState, NodeState } from "../../../src/protocol/view.ts";
import type { Tally } from "./tally.svelte.ts";

export interface LogLine {
  readonly level: string;
  readonly text: string;
  readonly item?: number;
}

const keptLogLines = 5000;

/** The live signals of one step. Nothing of this is ever put into the flow's own nodes. */
export class NodeModel {
  readonly name: string;
  readonly #tally: Tally;
  #state = $state.raw<NodeState>({ status: "idle" });
  /** Known items by index; a long list is filled page by page. */
  items = $state.raw<readonly (ItemState | undefined)[]>([]);
  logs = $state.raw<readonly LogLine[]>([]);
  /** The item that somebody chose to see. */
  shownItem = $state<number | null>(null);
  /** The item whose values the outputs show: the chosen one, else the first that has values. */
  readonly shown = $derived(
    this.shownItem ??
      Math.max(
        0,
        this.items.findIndex((item) => item?.status === "done"),
      ),
  );
  /** Whether the user opened the log. */
  areLogsOpen = $state(false);

  constructor(name: string, tally: Tally) {
    this.name = name;
    this.#tally = tally;
    tally.change(undefined, this.#state);
  }

  get state(): NodeState {
    return this.#state;
  }

  set state(next: NodeState) {
    const before = untrack(() => this.#state);
    this.#state = next;
    untrack(() => this.#tally.change(before, next));
  }

  /** The step is no longer part of the graph. */
  forget(): void {
    this.#tally.change(this.#state, undefined);
  }

  /** Told which items are others now; whoever shows some of them sets it. */
  onItemsChanged: ((ranges: readonly (readonly [number, number])[]) => void) | undefined;

  itemsChanged(ranges: readonly (readonly [number, number])[]): void {
    this.onItemsChanged?.(ranges);
  }

  setItems(items: readonly ItemState[]): void {
    const next = [...this.items];
    for (const item of items) next[item.index] = item;
    this.items = next;
  }

  addLogs(lines: readonly LogLine[]): void {
    this.logs = [...this.logs, ...lines].slice(-keptLogLines);
  }

  reset(state: NodeState = { status: "idle" }): void {
    this.state = state;
    this.items = [];
    this.logs = [];
    this.shownItem = null;
  }
}

/** One field that a person fills in. */
export class FieldModel {
  readonly address: string;
  value = $state.raw<unknown>(undefined);
  /** Why the server refused the value. */
  error = $state<string | null>(null);

  constructor(address: string, value: unknown) {
    this.address = address;
    this.value = value;
  }
}
