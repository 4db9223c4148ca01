/**
 * SQLite as Node.js has it. In Node.js 22 loading it prints a warning that it is experimental, at every start of every
 * script: nothing that the user of a workflow could do anything about.
 */
type Sqlite = typeof import("node:sqlite");

function load(): Sqlite {
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: never[]) => {
    if (!String(warning).includes("SQLite")) emitWarning.call(process, warning, ...rest);
  }) as typeof process.emitWarning;
  try {
    return process.getBuiltinModule("node:sqlite");
  } finally {
    process.emitWarning = emitWarning;
  }
}

export const { DatabaseSync } = load();
export type DatabaseSync = InstanceType<Sqlite["DatabaseSync"]>;
