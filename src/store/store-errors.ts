import { DaggrError } from "../base/errors.ts";
import { suspect } from "./suspicion.ts";

const WAYS_OUT =
  "Set DAGGR_DB_PATH to a file elsewhere, or give the graph `persistKey: false` to keep nothing.";

/** SQLite's primary result codes that mean something to us. */
const SQLITE = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  inputOutput: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notDatabase: 26,
} as const;

function sqliteCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === "number" ? code & 0xff : undefined;
}

/** Another process writes just now; trying again mends it. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === SQLITE.busy || code === SQLITE.locked;
}

export function isDamaged(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === SQLITE.corrupt || code === SQLITE.notDatabase;
}

export function isOutOfSpace(error: unknown): boolean {
  return (
    (error as { code?: unknown } | null)?.code === "ENOSPC" ||
    sqliteCode(error) === SQLITE.full ||
    (error as DaggrError).code === "STORE_FULL"
  );
}

/** What SQLite or the file system said, as an error that names the file and the ways out; other errors stay as they are. */
export function toStoreError(error: unknown, file: string): unknown {
  if (error instanceof DaggrError) return error;
  const system = (error as { code?: unknown } | null)?.code;
  const code = sqliteCode(error);
  if (code === SQLITE.full || system === "ENOSPC" || system === "EDQUOT") {
    return storeError(
      "STORE_FULL",
      `The disk is full: '${file}' cannot grow. What was saved before is safe; saving goes on when there is space again.`,
      error,
    );
  }
  if (
    code === SQLITE.readOnly ||
    code === SQLITE.cannotOpen ||
    system === "EACCES" ||
    system === "EPERM" ||
    system === "EROFS" ||
    system === "ENOTDIR" ||
    system === "EEXIST"
  ) {
    return storeError("STORE_READ_ONLY", `'${file}' cannot be written.`, error);
  }
  if (isDamaged(error)) {
    suspect(file);
    return storeError(
      "STORE_DAMAGED",
      `The database '${file}' is damaged. At the next start it is set aside under a new name and a fresh one is begun.`,
      error,
    );
  }
  if (isBusy(error))
    return storeError("STORE_BUSY", `Another process has kept '${file}' locked for too long.`, error);
  if (code === SQLITE.inputOutput)
    return storeError(
      "STORE_IO",
      `'${file}' could not be read or written: ${(error as Error).message}.`,
      error,
    );
  return error;
}

export function storeError(code: string, message: string, cause?: unknown): DaggrError {
  return new DaggrError(code, `${message} ${WAYS_OUT}`, {
    hint: WAYS_OUT,
    ...(cause === undefined ? {} : { cause }),
  });
}
