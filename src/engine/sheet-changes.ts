import type { ItemState, NodeState, RunInfo } from "../protocol/view.ts";
import type { NoticeLog } from "./notice-log.ts";

/** A card is told of its changes some tens of times a second at most. */
const INTERVAL_MS = 33;

/** Gathers what changed on a sheet and tells it a moment later: only the latest state of each node, run and item. */
export class SheetChanges {
  readonly #notices: NoticeLog;
  readonly #look: { node(name: string): NodeState; run(id: string): RunInfo | undefined };
  readonly #nodes = new Set<string>();
  /** Nodes whose start is not told yet. */
  readonly #started = new Set<string>();
  readonly #runs = new Map<string, RunInfo>();
  readonly #items = new Map<string, Map<number, ItemState>>();
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  #toldAt = 0;

  constructor(
    notices: NoticeLog,
    look: { node(name: string): NodeState; run(id: string): RunInfo | undefined },
  ) {
    this.#notices = notices;
    this.#look = look;
  }

  node(name: string): void {
    this.#nodes.add(name);
    this.#schedule();
  }

  started(name: string): void {
    this.#started.add(name);
    this.node(name);
  }

  /** A page begins a new log when a step starts: the start is told before the first line. */
  beforeLog(name: string): void {
    if (this.#started.has(name)) this.flush();
  }

  run(run: RunInfo): void {
    this.#runs.set(run.id, run);
    // Somebody may wait for the end, and nothing more will come to be gathered.
    if (run.status === "running" || run.status === "waiting") this.#schedule();
    else this.flush();
  }

  item(node: string, item: ItemState): void {
    const items = this.#items.get(node) ?? new Map<number, ItemState>();
    this.#items.set(node, items.set(item.index, item));
    this.#schedule();
  }

  /** Tells at once what is still held back. */
  flush(): void {
    clearTimeout(this.#timer as NodeJS.Timeout);
    clearImmediate(this.#timer as NodeJS.Immediate);
    this.#timer = undefined;
    this.#toldAt = performance.now();
    for (const node of this.#nodes) this.#notices.tell({ type: "node", node, state: this.#look.node(node) });
    for (const [node, items] of this.#items)
      this.#notices.tell({ type: "items", node, items: [...items.values()] });
    for (const [id, run] of this.#runs) this.#notices.tell({ type: "run", run: this.#look.run(id) ?? run });
    this.#nodes.clear();
    this.#started.clear();
    this.#items.clear();
    this.#runs.clear();
  }

  #schedule(): void {
    if (this.#timer !== undefined) return;
    const wait = this.#toldAt + INTERVAL_MS - performance.now();
    this.#timer = wait <= 0 ? setImmediate(() => this.flush()) : setTimeout(() => this.flush(), wait);
  }
}
