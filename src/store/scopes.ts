import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Scope } from "./store.ts";

/** The number that stands for a scope in every table. */
export class Scopes {
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #known = new Map<string, number>();

  constructor(database: DatabaseSync) {
    this.#find = database.prepare("SELECT number FROM scopes WHERE user = ? AND graph = ?");
    this.#insert = database.prepare("INSERT INTO scopes (user, graph) VALUES (?, ?)");
  }

  /** For reading: `0`, which no row has, when the scope is not known yet. */
  find({ user, graph }: Scope): number {
    const key = JSON.stringify([user, graph]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const row = this.#find.get(user, graph);
    if (row === undefined) return 0;
    const number = Number(row["number"]);
    this.#known.set(key, number);
    return number;
  }

  /** For writing, inside a transaction. */
  ensure(scope: Scope): number {
    return this.find(scope) || Number(this.#insert.run(scope.user, scope.graph).lastInsertRowid);
  }

  /** After a roll-back. */
  forget(): void {
    this.#known.clear();
  }
}
