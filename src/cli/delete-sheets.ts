import { DaggrError } from "../base/errors.ts";
import { loadGraph } from "./load-graph.ts";
import { confirm } from "./terminal.ts";

/** `daggr <script> --delete-sheets`. Resolves with the exit code. */
export async function deleteSheets(script: string, isConfirmed: boolean): Promise<number> {
  const definition = await loadGraph(script);
  if (definition.persistKey === false) {
    console.error(`${definition.name} saves nothing (persistKey: false).`);
    return 0;
  }
  const { openSqliteStore } = await import("../store/open-sqlite-store.ts");
  const store = openSqliteStore();
  try {
    const scope = { user: "local", graph: definition.persistKey };
    const sheets = await store.listSheets(scope);
    if (sheets.length === 0) {
      console.error(`${definition.name} has no saved sheets.`);
      return 0;
    }
    const what = `${sheets.length === 1 ? "the sheet" : `the ${sheets.length} sheets`} of ${definition.name} (${sheets.map((sheet) => sheet.name).join(", ")})`;
    if (!isConfirmed) {
      if (!process.stdin.isTTY)
        throw new DaggrError(
          "NOT_CONFIRMED",
          `This deletes ${what} with all results. Nobody is here to ask: say --yes.`,
        );
      if (!(await confirm(`Delete ${what} with all results?`))) {
        console.error("Nothing was deleted.");
        return 1;
      }
    }
    for (const sheet of sheets) await store.deleteSheet(scope, sheet.id);
    await store.collectGarbage();
    console.error(`Deleted ${what}.`);
    return 0;
  } finally {
    await store.close();
  }
}
