import type { DatabaseSync } from "node:sqlite";

/** Marks a SQLite file as ours, so that another program's database of the same name is left alone ("dagT"). */
export const APPLICATION_ID = 0x64616754;

/**
 * Only ever appended to: the n-th entry brings a database from version n - 1 to version n.
 * Numbers rather than texts refer from row to row, because items are many.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE scopes (number INTEGER PRIMARY KEY, user TEXT NOT NULL, graph TEXT NOT NULL, UNIQUE (user, graph)) STRICT;

  CREATE TABLE sheets (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope INTEGER NOT NULL REFERENCES scopes,
    name TEXT NOT NULL, updated_at REAL NOT NULL, viewport TEXT
  ) STRICT;
  CREATE INDEX sheets_by_scope ON sheets (scope);
  CREATE TABLE sheet_fields (
    sheet INTEGER NOT NULL REFERENCES sheets ON DELETE CASCADE, address TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (sheet, address)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE sheet_positions (
    sheet INTEGER NOT NULL REFERENCES sheets ON DELETE CASCADE, card TEXT NOT NULL, x REAL NOT NULL, y REAL NOT NULL,
    PRIMARY KEY (sheet, card)
  ) STRICT, WITHOUT ROWID;
  -- results: how many there are, so that nobody has to count them.
  CREATE TABLE sheet_nodes (
    sheet INTEGER NOT NULL REFERENCES sheets ON DELETE CASCADE, node TEXT NOT NULL,
    variant INTEGER, selected TEXT, results INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (sheet, node)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE processes (id TEXT PRIMARY KEY, host TEXT NOT NULL, pid INTEGER NOT NULL, started TEXT, heartbeat REAL NOT NULL) STRICT;
  CREATE TABLE runs (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope INTEGER NOT NULL REFERENCES scopes,
    sheet INTEGER REFERENCES sheets ON DELETE CASCADE, mode TEXT NOT NULL, targets TEXT NOT NULL, fields TEXT NOT NULL,
    variants TEXT NOT NULL, status TEXT NOT NULL, started_at REAL NOT NULL, ended_at REAL, last_seq INTEGER NOT NULL DEFAULT 0,
    holder TEXT
  ) STRICT;
  CREATE INDEX runs_by_scope ON runs (scope, number);
  CREATE INDEX runs_by_sheet ON runs (sheet, number) WHERE sheet IS NOT NULL;
  CREATE INDEX runs_open ON runs (scope) WHERE status IN ('running', 'waiting');
  CREATE TABLE run_nodes (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, node TEXT NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY (run, node)
  ) STRICT, WITHOUT ROWID;

  -- A scattered result has items (ranges of item rows); its outputs are made of them again, so that only their names are kept.
  CREATE TABLE results (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope INTEGER NOT NULL REFERENCES scopes,
    sheet INTEGER REFERENCES sheets ON DELETE CASCADE, ordinal INTEGER, run TEXT NOT NULL, node TEXT NOT NULL,
    variant INTEGER NOT NULL, fingerprint TEXT NOT NULL, identity TEXT NOT NULL, inputs TEXT NOT NULL,
    input_hashes TEXT NOT NULL, fields TEXT NOT NULL, upstream TEXT NOT NULL, drawn TEXT NOT NULL, outputs TEXT,
    output_names TEXT, items TEXT,     started_at REAL NOT NULL, duration_ms REAL NOT NULL, edited INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX results_by_sheet ON results (sheet, node, ordinal) WHERE sheet IS NOT NULL;
  CREATE INDEX results_by_run ON results (run, node);
  CREATE INDEX results_by_node ON results (scope, node);
  CREATE INDEX results_by_fingerprint ON results (fingerprint);
  CREATE TABLE result_sources (
    upstream TEXT NOT NULL, node TEXT NOT NULL, result INTEGER NOT NULL REFERENCES results ON DELETE CASCADE,
    PRIMARY KEY (upstream, node, result)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX result_sources_by_result ON result_sources (result);

  -- revision: 0 for what the run itself made, else the number of the result for which the item was replaced.
  CREATE TABLE items (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, node TEXT NOT NULL, revision INTEGER NOT NULL, position INTEGER NOT NULL,
    fingerprint TEXT NOT NULL, drawn TEXT, outputs TEXT NOT NULL, error TEXT, started_at REAL NOT NULL, duration_ms REAL NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX items_by_run ON items (run, node, revision, position);

  CREATE TABLE file_owners (
    file TEXT NOT NULL, scope INTEGER NOT NULL REFERENCES scopes, PRIMARY KEY (file, scope)
  ) STRICT, WITHOUT ROWID;
  `,
  // A run of one item is resumed as that.
  "ALTER TABLE runs ADD COLUMN item INTEGER",
  // A sheet that is being copied or imported is nobody's before it is whole: until then it has the process that writes it.
  "ALTER TABLE sheets ADD COLUMN writer TEXT",
  // Which variant of a fallback made a result or an item.
  "ALTER TABLE results ADD COLUMN fallback TEXT; ALTER TABLE items ADD COLUMN fallback TEXT",
];

export function versionOf(database: DatabaseSync): number {
  return Number((database.prepare("PRAGMA user_version").get() as { user_version: number }).user_version);
}

/** Brings a database to `to` (the newest version); each step is one transaction, and two processes may try at once. */
export function migrate(database: DatabaseSync, to: number = MIGRATIONS.length): void {
  while (versionOf(database) < to) {
    database.exec("BEGIN IMMEDIATE");
    try {
      const version = versionOf(database);
      const step = MIGRATIONS[version];
      if (step !== undefined && version < to) {
        database.exec(step);
        database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
        database.exec(`PRAGMA user_version = ${version + 1}`);
      }
      database.exec("COMMIT");
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  }
}
