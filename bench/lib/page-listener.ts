import type { ServerMessage } from "../../src/protocol/messages.ts";

/**
 * What one page has heard. Of a card's state a page is told the latest only, some tens of times a second; what may
 * never be lost is checked here: the numbers have no gaps, every run is told to its end, and every log line comes.
 */
export class PageListener {
  messages = 0;
  #gaps = 0;
  #logLines = 0;
  readonly #doneRuns = new Set<string>();
  readonly #waiting = new Map<string, () => void>();
  #seq: number | undefined;

  hear(message: ServerMessage): void {
    if (!("seq" in message)) return;
    this.messages += 1;
    if (message.type !== "sheet" && this.#seq !== undefined && message.seq !== this.#seq + 1) this.#gaps += 1;
    this.#seq = message.seq;
    if (message.type === "log") this.#logLines += 1;
    if (message.type === "run" && message.run.status === "done") {
      this.#doneRuns.add(message.run.id);
      this.#waiting.get(message.run.id)?.();
    }
  }

  async ended(run: string): Promise<void> {
    if (this.#doneRuns.has(run)) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`Nobody heard how run ${run} ended.`)), 30_000);
      this.#waiting.set(run, () => {
        clearTimeout(timer);
        this.#waiting.delete(run);
        resolve();
      });
    });
  }

  /** How much it never heard of, of these runs with so many log lines each. */
  lost(runs: readonly string[], linesEach: number): number {
    const ends = runs.filter((run) => !this.#doneRuns.has(run)).length;
    return this.#gaps + ends + Math.abs(runs.length * linesEach - this.#logLines);
  }
}
