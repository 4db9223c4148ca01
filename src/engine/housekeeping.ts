import type { Scope, Store } from "../store/store.ts";

const FIRST_COLLECTION_MS = 60_000;
const COLLECTION_MS = 3_600_000;
const LOOK_AGAIN_MS = 1_000;

/** What has to be done now and then: marking runs whose process is gone, and removing what nothing refers to. */
export class Housekeeping {
  readonly #store: Store;
  readonly #lookedAt = new Map<string, number>();
  #timer: NodeJS.Timeout;
  #collection: Promise<unknown> = Promise.resolve();

  constructor(store: Store) {
    this.#store = store;
    this.#timer = setTimeout(() => this.#collect(), FIRST_COLLECTION_MS).unref();
  }

  /** Marks abandoned runs, at most once a second for each scope. */
  async interruptAbandoned(scope: Scope): Promise<void> {
    const key = JSON.stringify([scope.user, scope.graph]);
    const now = performance.now();
    if (now < (this.#lookedAt.get(key) ?? Number.NEGATIVE_INFINITY) + LOOK_AGAIN_MS) return;
    this.#lookedAt.set(key, now);
    await this.#store.interruptAbandoned(scope);
  }

  forget(scope: Scope): void {
    this.#lookedAt.delete(JSON.stringify([scope.user, scope.graph]));
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#collection;
  }

  #collect(): void {
    this.#collection = this.#store.collectGarbage().catch((error: unknown) => {
      console.error(`daggr: what is not needed any more could not be removed: ${(error as Error).message}`);
    });
    this.#timer = setTimeout(() => this.#collect(), COLLECTION_MS).unref();
  }
}
