import { resolve } from "node:path";

export interface SqliteStoreOptions {
  /** The database; made when there is none. Default: `DAGGR_DB_PATH`, else `.daggr_sessions.db` in the current folder. */
  readonly path?: string;
  /** Where files are kept. Default: `.daggr_files` beside the database. */
  readonly filesFolder?: string;
  /** What nothing refers to is kept for so long, because somebody may be about to. Default: an hour. */
  readonly graceMs?: number;
  /** Runs without a sheet are kept for so long after their end. Default: a week. */
  readonly keepRunsMs?: number;
}

/** The database that is used when none is named. */
export function defaultDatabasePath(): string {
  return resolve(process.env["DAGGR_DB_PATH"] || ".daggr_sessions.db");
}
