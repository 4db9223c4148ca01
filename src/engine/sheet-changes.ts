import type { NodeState, RunInfo } from "../protocol/view.ts";
import { indexRanges } from "./index-ranges.ts";
import type { NoticeLog } from "./notice-log.ts";
import { ToldOutputs } from "./told-outputs.ts";

/** A card is told of its changes some tens of times a second at most. */
const INTERVAL_MS = 33;

/** Gathers what changed on a sheet and tells it a moment later: only the latest state of each node and run, and which items. */
export class SheetChanges {
  readonly #notices: NoticeLog;
  readonly #look: { node(name: string): NodeState; run(id: string): RunInfo | undefined };
  readonly #nodes = new Set<string>();
  /** Nodes whose start is not told yet. */
  readonly #started = new Set<string>();
  readonly #runs = new Map<string, RunInfo>();
  readonly #items = new Map<string, Set<number>>();
  readonly #outputs = new ToldOutputs();
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

  item(node: string, index: number): void {
    const items = this.#items.get(node) ?? new Set<number>();
    this.#items.set(node, items.add(index));
    this.#schedule();
  }

  /** Tells at once what is still held back. */
  flush(): void {
    clearTimeout(this.#timer as NodeJS.Timeout);
    clearImmediate(this.#timer as NodeJS.Immediate);
    this.#timer = undefined;
    this.#toldAt = performance.now();
    for (const node of this.#nodes)
      this.#notices.tell({ type: "node", node, ...this.#outputs.next(node, this.#look.node(node)) });
    for (const [node, items] of this.#items)
      this.#notices.tell({ type: "items", node, changed: indexRanges(items) });
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
