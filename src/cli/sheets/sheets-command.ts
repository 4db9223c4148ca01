import { relative, resolve } from "node:path";
import type { Sheets } from "../../app/sheets.ts";
import { didYouMean } from "../../base/closest.ts";
import { DaggrError } from "../../base/errors.ts";
import { loadGraph } from "../load-graph.ts";
import { parseOptions, UsageError } from "../options.ts";
import { findScript } from "../script-path.ts";
import { confirm } from "../terminal.ts";

const usage =
  "Usage: daggr sheets list|export|import|duplicate|delete <script> […]; all options: daggr sheets --help";

interface Options {
  readonly names: readonly string[];
  readonly name: string | undefined;
  readonly output: string | undefined;
  readonly json: boolean;
  readonly all: boolean;
  readonly yes: boolean;
}

const actions: Readonly<Record<string, (sheets: Sheets, options: Options) => Promise<number>>> = {
  list,
  export: exportSheets,
  import: importSheets,
  duplicate,
  delete: deleteSheets,
};

/** `daggr sheets`: the saved sheets of a graph, whether it is served just now or not. Resolves with the exit code. */
export async function sheets(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(
    args,
    {
      name: { type: "string" },
      output: { type: "string", short: "o" },
      json: { type: "boolean" },
      all: { type: "boolean" },
      yes: { type: "boolean", short: "y" },
      "state-db-path": { type: "string" },
    },
    usage,
  );
  const { action, script, rest } = readPositionals(positionals);
  const path = findScript(script);
  if (values["state-db-path"] !== undefined) process.env["DAGGR_DB_PATH"] = resolve(values["state-db-path"]);
  const definition = await loadGraph(path);
  const { sheetsOf } = await import("../../app/sheets.ts");
  return actions[action]!(
    sheetsOf(() => definition),
    {
      names: rest,
      name: values.name,
      output: values.output,
      json: values.json === true,
      all: values.all === true,
      yes: values.yes === true,
    },
  );
}

/** What to do may stand before the script or behind it. */
function readPositionals(given: readonly string[]): {
  action: string;
  script: string;
  rest: readonly string[];
} {
  const [first, second, ...rest] = given;
  if (first === undefined) throw new UsageError("Say what to do with the sheets.", usage);
  const isAction = (word: string | undefined) => word !== undefined && Object.hasOwn(actions, word);
  if (isAction(first)) {
    if (second === undefined) throw new UsageError("No script was named.", usage);
    return { action: first, script: second, rest };
  }
  if (isAction(second)) return { action: second!, script: first, rest };
  const word = /\.[cm]?[jt]s$/.test(first) ? second : first;
  if (word === undefined) return { action: "list", script: first, rest };
  throw new UsageError(
    `'daggr sheets' cannot '${word}'.${didYouMean(word, Object.keys(actions))} It can ${Object.keys(actions).join(", ")}.`,
    usage,
  );
}

async function list(sheets: Sheets, { json }: Options): Promise<number> {
  const all = await sheets.list();
  if (json) return printJson(all);
  if (all.length === 0) console.error("There are no saved sheets.");
  const width = Math.max(0, ...all.map(({ name }) => name.length));
  for (const { name, results, updatedAt } of all) {
    const day = updatedAt.toISOString().slice(0, 16).replace("T", " ");
    console.log(`${name.padEnd(width)}  ${day}  ${results} ${results === 1 ? "result" : "results"}`);
  }
  return 0;
}

async function exportSheets(sheets: Sheets, { names, output, json, all }: Options): Promise<number> {
  const wanted = await wantedSheets(sheets, names, all);
  const isFolder = output !== undefined && /[/\\]$/.test(output);
  if (wanted.length > 1 && output !== undefined && !isFolder)
    throw new UsageError(`Several sheets need a folder: -o ${output}/`, usage);
  const files: string[] = [];
  for (const name of wanted) files.push(await sheets.export(name, output));
  if (json) return printJson(files);
  for (const file of files) console.log(relative(process.cwd(), file));
  return 0;
}

async function importSheets(sheets: Sheets, { names, name, json }: Options): Promise<number> {
  if (names.length === 0)
    throw new UsageError("No file was named.", "Usage: daggr sheets import <script> <file…>");
  const made = [];
  for (const file of names) {
    const sheet = await sheets.import(file, name === undefined ? {} : { name });
    made.push(sheet);
    for (const note of sheet.notes) console.error(`${file}: ${note}`);
    if (!json) console.log(sheet.name);
  }
  return json ? printJson(made) : 0;
}

async function duplicate(sheets: Sheets, { names, name, json, all }: Options): Promise<number> {
  const [wanted, ...others] = await wantedSheets(sheets, names, all);
  if (wanted === undefined || others.length > 0)
    throw new UsageError("Duplicate one sheet at a time.", usage);
  const made = await sheets.duplicate(wanted, name === undefined ? {} : { name });
  if (json) return printJson(made);
  console.log(made.name);
  return 0;
}

async function deleteSheets(sheets: Sheets, { names, all, yes, json }: Options): Promise<number> {
  if (names.length === 0 && !all)
    throw new UsageError(
      "Name the sheets to delete, or say --all.",
      "Usage: daggr sheets delete <script> <sheet…>",
    );
  const saved = await sheets.list();
  const { findSheet } = await import("../../app/sheets.ts");
  const wanted = all ? saved : names.map((name) => findSheet(saved, name));
  if (wanted.length === 0) {
    console.error("There are no saved sheets.");
    return 0;
  }
  const what = wanted.map(({ name, results }) => `'${name}' (${results})`).join(", ");
  if (!yes) {
    const sentence = `This deletes ${what} with all results.`;
    if (!process.stdin.isTTY)
      throw new DaggrError("NOT_CONFIRMED", `${sentence} Nobody is here to ask: say --yes.`);
    if (!(await confirm(`${sentence} Go on?`))) {
      console.error("Nothing was deleted.");
      return 1;
    }
  }
  for (const { id } of wanted) await sheets.delete(id);
  if (json) return printJson(wanted);
  console.error(`Deleted ${what}.`);
  return 0;
}

/** Those that were named; without a name the only one. */
async function wantedSheets(
  sheets: Sheets,
  names: readonly string[],
  all: boolean,
): Promise<readonly string[]> {
  if (names.length > 0 && !all) return names;
  const saved = await sheets.list();
  if (all || saved.length === 1) return saved.map(({ id }) => id);
  const known = saved.map(({ name }) => `'${name}'`).join(", ");
  throw new UsageError(
    saved.length === 0 ? "There are no saved sheets." : `Which sheet? There are ${known}.`,
    usage,
  );
}

function printJson(value: unknown): number {
  console.log(JSON.stringify(value, null, 2));
  return 0;
}
