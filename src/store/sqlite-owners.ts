import type { DatabaseSync, StatementSync } from "node:sqlite";
import { fileRefsIn } from "../base/files.ts";

/** Which scope may see which file. */
export class SqliteOwners {
  readonly #insert: StatementSync;
  readonly #find: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare("INSERT OR IGNORE INTO file_owners (file, scope) VALUES (?, ?)");
    this.#find = database.prepare("SELECT 1 FROM file_owners WHERE file = ? AND scope = ?");
  }

  own(scope: number, file: string): void {
    this.#insert.run(file, scope);
  }

  ownAll(scope: number, value: unknown): void {
    for (const ref of fileRefsIn(value)) this.own(scope, ref.id);
  }

  owns(scope: number, file: string): boolean {
    return this.#find.get(file, scope) !== undefined;
  }
}
