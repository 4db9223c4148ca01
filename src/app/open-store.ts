import { accessSync, constants, mkdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { DaggrError } from "../base/errors.ts";
import type { Environment } from "../clients/tokens.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import type { Banner } from "../protocol/messages.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { openSqliteStore } from "../store/open-sqlite-store.ts";
import type { Store } from "../store/store.ts";

export interface OpenedStore {
  readonly store: Store;
  /** Said on the canvas, to visitors. */
  readonly notice: Banner | null;
  /** Said in the log, to the owner. */
  readonly warning?: string;
}

/** Whether this process runs in a Space of Hugging Face. */
export const isOnSpace = (env: Environment = process.env): boolean => (env["SPACE_ID"] ?? "") !== "";

/**
 * Opens the graph's store. A Space's disk is empty again after every restart, except for what is mounted at `/data`
 * (`DAGGR_DATA_DIR`): there the database goes, unless it was given another place.
 */
export function openStore(definition: GraphDefinition, dbPath: string | undefined): OpenedStore {
  if (definition.persistKey === false) return { store: createMemoryStore(), notice: null };
  if (dbPath !== undefined) return { store: openSqliteStore({ path: dbPath }), notice: null };
  if (!isOnSpace() || process.env["DAGGR_DB_PATH"]) return { store: openSqliteStore(), notice: null };
  const data = process.env["DAGGR_DATA_DIR"] ?? "/data";
  if (!canKeepIn(data)) return losing(`Nothing that can be written is mounted at ${data}.`);
  try {
    return { store: openSqliteStore({ path: join(data, "daggr", "sessions.db") }), notice: null };
  } catch (error) {
    // Some mounts are no place for a database; one that is there and cannot be read is not passed over.
    const isMount = error instanceof DaggrError && ["STORE_READ_ONLY", "STORE_IO"].includes(error.code);
    if (!isMount) throw error;
    return losing(error.sentence);
  }
}

/** Tries it: rights alone do not tell of mounts that cannot be written. */
function canKeepIn(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    const probe = join(folder, `.daggr-${process.pid}`);
    mkdirSync(probe);
    rmdirSync(probe);
    mkdirSync(join(folder, "daggr"), { recursive: true });
    return true;
  } catch {
    return false;
  }
}

function losing(why: string): OpenedStore {
  const title = "Results are lost when this Space restarts.";
  return {
    store: openSqliteStore(),
    notice: { kind: "notice", title, text: "Export the sheets that you want to keep." },
    warning: `${title} ${why} To keep them, mount a bucket at /data: daggr deploy --bucket <owner/name>, or in the Space's settings.`,
  };
}
