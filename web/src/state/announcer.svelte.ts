interface Line {
  readonly id: number;
  readonly text: string;
}

/** Of one kind no more are said one by one in this time; the others are counted. */
const mostOfKind = 3;
const kindMs = 5_000;
/** As long as a slow voice takes to get to a sentence. Who reads through the page later meets none of them. */
const keptMs = 10_000;

/**
 * What a screen reader is told. Each sentence is a line of its own in one polite region, so that none is lost to the
 * next and the same can be said again; a hundred failures at once are not a hundred sentences.
 */
export class Announcer {
  lines = $state.raw<readonly Line[]>([]);
  #next = 1;
  readonly #kinds = new Map<string, { said: number; more: number }>();

  say(text: string): void {
    const line = { id: this.#next++, text };
    this.lines = [...this.lines, line];
    setTimeout(() => {
      this.lines = this.lines.filter((each) => each !== line);
    }, keptMs);
  }

  /** Says one of many; `summary` says how many more there were. */
  sayOf(kind: string, text: string, summary: (more: number) => string): void {
    const known = this.#kinds.get(kind);
    const counts = known ?? { said: 0, more: 0 };
    if (counts.said >= mostOfKind) {
      counts.more++;
      return;
    }
    counts.said++;
    this.say(text);
    if (known !== undefined) return;
    this.#kinds.set(kind, counts);
    setTimeout(() => {
      this.#kinds.delete(kind);
      if (counts.more > 0) this.say(summary(counts.more));
    }, kindMs);
  }
}
