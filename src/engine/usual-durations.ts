/** How long a node usually takes: the median of its latest runs. */
export class UsualDurations {
  readonly #latest = new Map<string, number[]>();

  set(node: string, durations: readonly number[]): void {
    this.#latest.set(node, durations.slice(0, 9));
  }

  add(node: string, durationMs: number): void {
    this.set(node, [durationMs, ...(this.#latest.get(node) ?? [])]);
  }

  usualMs(node: string): number | undefined {
    const latest = this.#latest.get(node);
    if (latest === undefined || latest.length === 0) return undefined;
    return [...latest].sort((a, b) => a - b)[Math.floor(latest.length / 2)];
  }
}
