import type { DatabaseSync } from "node:sqlite";
import { isBusy, isOutOfSpace, toStoreError } from "./store-errors.ts";

interface Entry {
  write(): unknown;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** How much longer than a commit takes its distance to the next one is, so that a slow disk is asked less often. */
const PAUSE_FACTOR = 2;
const LONGEST_PAUSE_MS = 20;
/** A transaction takes in no more than this, so that the event loop is never held for long. */
const TRANSACTION_MS = 8;
const BUSY_LIMIT_MS = 30_000;

/**
 * Gathers the writes of a few milliseconds into one transaction. Each caller hears of its write only after the commit.
 * A write that fails fails alone: the others are written again without it.
 */
export class Committer {
  readonly #database: DatabaseSync;
  readonly #file: string;
  readonly #onRollback: () => void;
  #waiting: Entry[] = [];
  #scheduled = false;
  #lastCommit = 0;
  #commitTook = 0;
  #isBehind = false;
  #busySince: number | undefined;

  constructor(database: DatabaseSync, file: string, onRollback: () => void = () => {}) {
    this.#database = database;
    this.#file = file;
    this.#onRollback = onRollback;
  }

  /** Runs `write` inside the next transaction; resolves with what it returned once that is on the disk. */
  add<T>(write: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ write, resolve: resolve as (value: unknown) => void, reject });
      this.#schedule();
    });
  }

  /** Commits what is waiting, now. */
  flush(): void {
    while (this.#waiting.length > 0) {
      if (!this.#commitSome()) return;
    }
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.length === 0) return;
    this.#scheduled = true;
    const pause =
      this.#busySince === undefined ? Math.min(PAUSE_FACTOR * this.#commitTook, LONGEST_PAUSE_MS) : 20;
    const wait = this.#isBehind ? 0 : this.#lastCommit + pause - performance.now();
    const run = () => {
      this.#scheduled = false;
      this.#commitSome();
      this.#schedule();
    };
    if (wait <= 0) setImmediate(run);
    else setTimeout(run, wait);
  }

  /** One transaction; `false` when the database was busy and nothing was written. */
  #commitSome(): boolean {
    const begun = performance.now();
    const done: { readonly entry: Entry; readonly value: unknown }[] = [];
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      for (const entry of this.#waiting) {
        done.push({ entry, value: entry.write() });
        if (performance.now() - begun > TRANSACTION_MS) break;
      }
      const written = performance.now();
      this.#database.exec("COMMIT");
      this.#commitTook = performance.now() - written;
    } catch (error) {
      this.#rollback();
      return this.#recover(error, this.#waiting.slice(0, done.length + 1));
    } finally {
      this.#lastCommit = performance.now();
    }
    this.#busySince = undefined;
    this.#waiting = this.#waiting.slice(done.length);
    this.#isBehind = this.#waiting.length > 0;
    for (const { entry, value } of done) entry.resolve(value);
    return true;
  }

  #recover(error: unknown, failed: readonly Entry[]): boolean {
    if (isBusy(error)) {
      this.#busySince ??= performance.now();
      if (performance.now() - this.#busySince < BUSY_LIMIT_MS) return false;
    }
    this.#busySince = undefined;
    this.#waiting = this.#waiting.slice(failed.length);
    if (failed.length === 1 || isOutOfSpace(error)) {
      for (const entry of failed) entry.reject(toStoreError(error, this.#file));
      return true;
    }
    for (const entry of failed) this.#commitAlone(entry);
    return true;
  }

  #commitAlone(entry: Entry): void {
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      const value = entry.write();
      this.#database.exec("COMMIT");
      entry.resolve(value);
    } catch (error) {
      this.#rollback();
      entry.reject(toStoreError(error, this.#file));
    }
  }

  #rollback(): void {
    // SQLite has already rolled back by itself after some errors (a full disk).
    if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec("ROLLBACK");
    this.#onRollback();
  }
}
