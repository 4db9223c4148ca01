import type { SqliteStoreOptions } from "./sqlite-options.ts";
import { SqliteStore } from "./sqlite-store.ts";
import type { Store } from "./store.ts";

/**
 * Opens the store in a SQLite file; several processes may have it open at once. A damaged database is set aside under
 * a new name, with a warning that names it.
 *
 * Throws `STORE_READ_ONLY`, `STORE_FULL`, `STORE_NEWER` (written by a newer daggr) or `STORE_FOREIGN` (another program's).
 */
export function openSqliteStore(options: SqliteStoreOptions = {}): Store {
  const store = new SqliteStore(options);
  for (const warning of store.warnings) console.warn(`daggr: ${warning}`);
  return store;
}
