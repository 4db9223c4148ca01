/** One value that a person changed: what it was and what it became. Values are never written into. */
export interface Change {
  readonly key: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What one press of undo takes back. */
export interface Step {
  /** `Topic`, `move 3 cards`. */
  readonly words: string;
  readonly changes: readonly Change[];
}

/** What has to be written to go one step back or on, and what was left alone, for somebody else has changed it since. */
export interface Move {
  readonly step: Step;
  readonly values: ReadonlyMap<string, unknown>;
  readonly left: readonly string[];
}

interface Kept extends Step {
  readonly at: number;
}

/** The same done again to the same values within this time is one step. */
const mergeMs = 1000;
const mostSteps = 300;

/** What can be undone and redone on one sheet. It knows neither what the values are nor where they live. */
export class UndoStack {
  #done: Kept[] = [];
  #undone: Kept[] = [];

  get next(): Step | undefined {
    return this.#done.at(-1);
  }

  get nextAgain(): Step | undefined {
    return this.#undone.at(-1);
  }

  /** A person did something. What was undone before cannot be redone any more. */
  record(step: Step, now: number): void {
    const changes = step.changes.filter(({ before, after }) => !isSame(before, after));
    if (changes.length === 0) return;
    this.#undone = [];
    const last = this.#done.at(-1);
    if (
      last !== undefined &&
      now - last.at <= mergeMs &&
      last.words === step.words &&
      hasSameKeys(last.changes, changes)
    ) {
      this.#done.pop();
      this.#push(merged(last, { ...step, changes }), now);
    } else this.#push({ ...step, changes }, now);
  }

  /**
   * A text field undid or redid typing by itself: that is no step of its own. Where it arrives at what the step
   * found, the step counts as undone; where it arrives at what a step had left, as redone.
   */
  amend(step: Step, now: number): void {
    const last = this.#done.at(-1);
    const again = this.#undone.at(-1);
    const lands = (on: readonly Change[], end: "before" | "after") =>
      hasSameKeys(on, step.changes) && isSame(byKey(on, end), byKey(step.changes, "after"));
    if (last !== undefined && lands(last.changes, "before")) this.#undone.push(this.#done.pop()!);
    else if (again !== undefined && lands(again.changes, "after")) this.#done.push(this.#undone.pop()!);
    else if (last !== undefined && hasSameKeys(last.changes, step.changes)) {
      this.#done.pop();
      this.#push(merged(last, step), now);
    } else this.record(step, now);
  }

  /** @param read - What a value is now; it is taken back only where it is still what the step made of it. */
  undo(read: (key: string) => unknown): Move | undefined {
    const step = this.#done.pop();
    return step === undefined ? undefined : this.#move(step, "after", "before", read, this.#undone);
  }

  redo(read: (key: string) => unknown): Move | undefined {
    const step = this.#undone.pop();
    return step === undefined ? undefined : this.#move(step, "before", "after", read, this.#done);
  }

  #move(
    step: Kept,
    from: "before" | "after",
    to: "before" | "after",
    read: (key: string) => unknown,
    other: Kept[],
  ): Move {
    const ours = step.changes.filter((change) => isSame(read(change.key), change[from]));
    const left = step.changes.filter((change) => !ours.includes(change)).map(({ key }) => key);
    // What somebody else has changed is theirs: it is not in the step any more.
    if (ours.length > 0) other.push({ ...step, changes: ours, at: Number.NEGATIVE_INFINITY });
    return { step, values: new Map(ours.map((change) => [change.key, change[to]])), left };
  }

  #push(step: Step, at: number): void {
    const changes = step.changes.filter(({ before, after }) => !isSame(before, after));
    if (changes.length > 0) this.#done = [...this.#done, { ...step, changes, at }].slice(-mostSteps);
  }
}

function merged(first: Step, then: Step): Step {
  const after = byKey(then.changes, "after");
  return {
    words: then.words,
    changes: first.changes.map((change) => ({ ...change, after: after[change.key] })),
  };
}

function byKey(changes: readonly Change[], end: "before" | "after"): Record<string, unknown> {
  return Object.fromEntries(
    [...changes].sort((a, b) => (a.key < b.key ? -1 : 1)).map((change) => [change.key, change[end] ?? null]),
  );
}

function hasSameKeys(a: readonly Change[], b: readonly Change[]): boolean {
  return a.length === b.length && a.every(({ key }) => b.some((other) => other.key === key));
}

/** Values come from JSON and go there: nothing and `null` are the same. */
function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}
