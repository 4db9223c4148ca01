/**
 * What the user typed and the server does not know yet. Every field has a timer of its own, so that editing
 * one never loses another; {@link Outbox.flush} sends all at once, before a run needs them.
 */
export class Outbox {
  readonly #waiting = new Map<string, { value: unknown; timer: ReturnType<typeof setTimeout> | undefined }>();
  readonly #inFlight = new Set<Promise<void>>();
  readonly #unsent = new Map<string, unknown>();
  readonly #send: (key: string, value: unknown) => Promise<void>;
  readonly #delayMs: number;
  readonly #onchange: () => void;

  constructor(
    send: (key: string, value: unknown) => Promise<void>,
    delayMs: number,
    onchange: () => void = () => {},
  ) {
    this.#send = send;
    this.#delayMs = delayMs;
    this.#onchange = onchange;
  }

  /** Whether something is not saved yet. */
  get isBusy(): boolean {
    return this.#waiting.size + this.#inFlight.size + this.#unsent.size > 0;
  }

  /** Whether what the server says about this field is older than what the user typed. */
  isAhead(key: string): boolean {
    return this.#waiting.has(key) || this.#unsent.has(key);
  }

  put(key: string, value: unknown): void {
    clearTimeout(this.#waiting.get(key)?.timer);
    this.#unsent.delete(key);
    this.#waiting.set(key, { value, timer: setTimeout(() => this.#dispatch(key), this.#delayMs) });
    this.#onchange();
  }

  /** Sends everything now; resolves when the server has it. */
  async flush(): Promise<void> {
    for (const [key, value] of this.#unsent) this.put(key, value);
    for (const key of [...this.#waiting.keys()]) this.#dispatch(key);
    await Promise.all(this.#inFlight);
  }

  /** What could not be sent is sent again, for the connection is back. */
  resend(): void {
    for (const [key, value] of [...this.#unsent]) this.put(key, value);
  }

  /** Another sheet was opened: what was typed into the one before has been sent or is lost knowingly. */
  clear(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    this.#unsent.clear();
    this.#onchange();
  }

  #dispatch(key: string): void {
    const entry = this.#waiting.get(key);
    if (entry === undefined) return;
    clearTimeout(entry.timer);
    this.#waiting.delete(key);
    const sending: Promise<void> = this.#send(key, entry.value)
      .catch(() => {
        if (!this.#waiting.has(key)) this.#unsent.set(key, entry.value);
      })
      .finally(() => {
        this.#inFlight.delete(sending);
        this.#onchange();
      });
    this.#inFlight.add(sending);
    this.#onchange();
  }
}
