export interface LogLine {
  readonly level: string;
  readonly text: string;
  readonly item?: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const MOST_LINES = 1_000;

/** The log lines of each node's latest run, the newest thousand. */
export class LogLines {
  readonly #lines = new Map<string, { readonly run: string; lines: LogLine[] }>();

  add(node: string, run: string, line: LogLine): void {
    let kept = this.#lines.get(node);
    if (kept?.run !== run) {
      kept = { run, lines: [] };
      this.#lines.set(node, kept);
    }
    kept.lines.push(line);
    if (kept.lines.length > MOST_LINES * 2) kept.lines = kept.lines.slice(-MOST_LINES);
  }

  of(node: string): readonly LogLine[] {
    return this.#lines.get(node)?.lines.slice(-MOST_LINES) ?? [];
  }
}
