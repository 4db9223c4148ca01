import { copyValue } from "../base/copy.ts";
import { redact } from "../base/redact.ts";
import type { StepUpdate } from "../graph/step.ts";
import type { RunEvent } from "../protocol/events.ts";

/** Milliseconds between two updates of one node. */
const INTERVAL_MS = 33;
/** Log lines of one node within a second. */
const LINES = 1000;

/** Thins out what the steps of one node tell: the latest wins, the last one before the end is never lost. */
export class Updates {
  readonly #node: string;
  readonly #tell: (event: RunEvent) => void;
  /** By kind and item. */
  readonly #pending = new Map<string, { readonly update: StepUpdate; readonly item: number | undefined }>();
  #timer: NodeJS.Timeout | undefined;
  #nextAt = 0;
  #lines = 0;
  #dropped = 0;
  #windowEndsAt = 0;

  constructor(node: string, tell: (event: RunEvent) => void) {
    this.#node = node;
    this.#tell = tell;
  }

  add(update: StepUpdate, item: number | undefined): void {
    if (update.type === "log") {
      this.#log(update, item);
      return;
    }
    this.#pending.set(`${update.type}${item ?? ""}`, { update, item });
    if (this.#timer !== undefined) return;
    const wait = this.#nextAt - performance.now();
    if (wait <= 0) this.#flush();
    else this.#timer = setTimeout(() => this.#flush(), wait);
  }

  /** An item ended, or a variant failed. The end says all; what is still held back would come too late. */
  drop(item: number | undefined): void {
    if (this.#pending.size === 0) return;
    for (const [key, held] of this.#pending) if (held.item === item) this.#pending.delete(key);
  }

  /** The node ended: tells what is held back. */
  end(): void {
    this.#flush();
    this.#tellDropped();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending.size === 0) return;
    // Items share the node's allowance.
    this.#nextAt = performance.now() + INTERVAL_MS * this.#pending.size;
    for (const { update, item } of this.#pending.values()) this.#tell(this.#event(update, item));
    this.#pending.clear();
  }

  #log(update: StepUpdate, item: number | undefined): void {
    const now = performance.now();
    if (now >= this.#windowEndsAt) {
      this.#tellDropped();
      this.#windowEndsAt = now + 1000;
      this.#lines = 0;
    }
    if (++this.#lines > LINES) this.#dropped++;
    else this.#tell(this.#event(update, item));
  }

  #tellDropped(): void {
    if (this.#dropped === 0) return;
    const text = `${this.#dropped} lines left out: more than ${LINES} a second`;
    this.#dropped = 0;
    this.#tell({ type: "node-log", node: this.#node, level: "warning", text });
  }

  #event(update: StepUpdate, item: number | undefined): RunEvent {
    const about = item === undefined ? { node: this.#node } : { node: this.#node, item };
    switch (update.type) {
      case "progress": {
        const value =
          typeof update.value === "number" && Number.isFinite(update.value)
            ? Math.min(1, Math.max(0, update.value))
            : null;
        return {
          type: "node-progress",
          ...about,
          value,
          ...(update.text === undefined ? {} : { text: redact(update.text) }),
        };
      }
      case "log":
        return { type: "node-log", ...about, level: update.level, text: redact(update.text) };
      case "partial":
        // The step goes on with its own objects.
        return { type: "node-partial", ...about, outputs: copyValue(update.outputs) };
      case "queue":
        return {
          type: "node-queued",
          ...about,
          waitsFor: redact(update.waitsFor),
          ...(update.position === undefined ? {} : { position: update.position }),
          ...(update.etaMs === undefined ? {} : { etaMs: update.etaMs }),
        };
    }
  }
}
