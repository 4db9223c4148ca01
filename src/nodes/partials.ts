/** Partial results one after the other, the newest first; what a hook cannot work with yet is not shown. */
export class Partials<T> {
  readonly #show: (value: T) => Promise<void>;
  #latest: { readonly value: T } | undefined;
  #running: Promise<void> | undefined;

  constructor(show: (value: T) => Promise<void>) {
    this.#show = show;
  }

  show(value: T): void {
    this.#latest = { value };
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async end(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let next = this.#latest; next !== undefined; next = this.#latest) {
      this.#latest = undefined;
      await this.#show(next.value).catch(() => {});
    }
  }
}
