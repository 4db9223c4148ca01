/** What of an imported sheet this graph has no place for. */
export class LeftOut {
  readonly #results = new Map<string, number>();
  readonly #inputs = new Set<string>();
  readonly #files = new Set<string>();

  result(node: string): void {
    this.#results.set(node, (this.#results.get(node) ?? 0) + 1);
  }

  input(address: string): void {
    this.#inputs.add(address);
  }

  file(name: string): void {
    this.#files.add(name);
  }

  /** Sentences; `graph` where the sheet is of another one. */
  notes(graph: string | undefined): string[] {
    const notes = graph === undefined ? [] : [`The sheet is of another graph, '${graph}'.`];
    const results = [...this.#results].map(
      ([node, count]) => `${count} ${count === 1 ? "result" : "results"} of '${node}'`,
    );
    const inputs = [...this.#inputs].map((address) => `the input '${address}'`);
    const missing = [...results, ...inputs];
    if (missing.length > 0)
      notes.push(`Left out, because this graph has no such steps or inputs: ${listed(missing)}.`);
    if (this.#files.size > 0)
      notes.push(`Missing in the file: ${listed([...this.#files].map((name) => `'${name}'`))}.`);
    return notes;
  }
}

function listed(words: readonly string[]): string {
  const shown = words.slice(0, 10);
  const more = words.length - shown.length;
  return more === 0 ? shown.join(", ") : `${shown.join(", ")} and ${more} more`;
}
