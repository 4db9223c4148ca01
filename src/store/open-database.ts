import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { APPLICATION_ID, MIGRATIONS, migrate, versionOf } from "./migrations.ts";
import { DatabaseSync } from "./sqlite.ts";
import { isBusy, isDamaged, storeError, toStoreError } from "./store-errors.ts";
import { clearSuspicion, isSuspected } from "./suspicion.ts";

export interface OpenedDatabase {
  readonly database: DatabaseSync;
  /** Sentences for the user: a damaged database that was set aside. */
  readonly warnings: readonly string[];
}

/** Above this size a start does not read the whole database to look for damage. */
const CHECKED_BYTES = 16 * 1024 * 1024;

/** How long a start waits for other processes that start as well. */
const BUSY_LIMIT_MS = 15_000;

/**
 * Opens a database, or makes one, in its newest version.
 *
 * A damaged one is set aside under a new name. Throws `STORE_READ_ONLY`, `STORE_FULL`, `STORE_NEWER` and
 * `STORE_FOREIGN` (another program's, or no database at all).
 */
export function openDatabase(file: string): OpenedDatabase {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return { database: openPatiently(file), warnings: [] };
  } catch (error) {
    if (!isDamaged(error)) throw toStoreError(error, file);
    if (!isNamedOrMadeAsDatabase(file))
      throw storeError("STORE_FOREIGN", `'${file}' is no database; it was left as it is.`);
    const aside = setAside(file);
    const warning = `The database '${file}' is damaged (${(error as Error).message}). It was set aside as '${aside}', and a fresh one was begun.`;
    try {
      return { database: openPatiently(file), warnings: [warning] };
    } catch (second) {
      throw toStoreError(second, file);
    }
  }
}

/** SQLite does not wait for another process that turns the database to WAL at the same moment. */
function openPatiently(file: string): DatabaseSync {
  const until = performance.now() + BUSY_LIMIT_MS;
  for (;;) {
    try {
      return open(file);
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10 + Math.random() * 40);
    }
  }
}

function open(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 2000 });
  try {
    refuseForeign(database, file);
    checkWhole(database, file);
    // FULL: a commit that was told survives a power cut too; group commit makes it cheap.
    database.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000",
    );
    migrate(database);
    refuseReadOnly(database, file);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function refuseForeign(database: DatabaseSync, file: string): void {
  const { version, application_id, tables } = headOf(database);
  if (tables > 0 && application_id !== APPLICATION_ID) {
    throw storeError(
      "STORE_FOREIGN",
      `'${file}' is a database of another program (daggr for Python has one of the same name); it was left as it is.`,
    );
  }
  if (version > MIGRATIONS.length) {
    throw storeError(
      "STORE_NEWER",
      `'${file}' was written by a newer daggr (its version is ${version}, this daggr knows ${MIGRATIONS.length}). Update daggr, or use another file.`,
    );
  }
}

/** Read as of one moment: another process that makes the tables just now must not look like another program. */
function headOf(database: DatabaseSync) {
  database.exec("BEGIN");
  try {
    const version = versionOf(database);
    const { application_id } = database.prepare("PRAGMA application_id").get() as { application_id: number };
    const { tables } = database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get() as {
      tables: number;
    };
    return { version, application_id, tables };
  } finally {
    if (database.isTransaction) database.exec("ROLLBACK");
  }
}

function checkWhole(database: DatabaseSync, file: string): void {
  if (file === ":memory:") return;
  if (statSync(file).size > CHECKED_BYTES && !isSuspected(file)) return;
  const rows = database.prepare("PRAGMA quick_check(1)").all() as { quick_check: string }[];
  const finding = rows[0]?.quick_check;
  if (finding !== undefined && finding !== "ok") throw Object.assign(new Error(finding), { errcode: 11 });
  clearSuspicion(file);
}

/** SQLite opens what it may only read without a word. */
function refuseReadOnly(database: DatabaseSync, file: string): void {
  try {
    database.exec("BEGIN IMMEDIATE; CREATE TABLE write_probe (x); ROLLBACK");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw isBusy(error) ? error : toStoreError(error, file);
  }
}

/** Somebody may have named a file of another kind by mistake: what was never a database is not moved away. */
function isNamedOrMadeAsDatabase(file: string): boolean {
  if (/\.(db|sqlite3?)$/i.test(file)) return true;
  const head = Buffer.alloc(15);
  const descriptor = openSync(file, "r");
  try {
    readSync(descriptor, head, 0, head.length, 0);
  } finally {
    closeSync(descriptor);
  }
  return head.toString("latin1") === "SQLite format 3";
}

function setAside(file: string): string {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  let aside = `${file}.damaged-${stamp}`;
  for (let count = 2; existsSync(aside); count++) aside = `${file}.damaged-${stamp}-${count}`;
  renameSync(file, aside);
  clearSuspicion(file);
  for (const suffix of ["-wal", "-shm"]) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
  return basename(aside);
}
