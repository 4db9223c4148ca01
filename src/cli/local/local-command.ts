import { styleText } from "node:util";
import { didYouMean } from "../../base/closest.ts";
import { DaggrError } from "../../base/errors.ts";
import { meantSource, spaceIdOf } from "../../clients/gradio-source.ts";
import { agreements, keepAgreement, short } from "../../clients/local/consent.ts";
import { isInUse } from "../../clients/local/in-use.ts";
import { type Kept, keptHere, removeKept, sizeInWords } from "../../clients/local/kept-here.ts";
import { currentCommit } from "../../clients/local/space-recipe.ts";
import { parseOptions, UsageError } from "../options.ts";
import { confirm } from "../terminal.ts";

const usage = "Usage: daggr local list|trust|distrust|remove [space…]; all options: daggr local --help";

const ACTIONS = ["list", "trust", "distrust", "remove"];

/** `daggr local`: the Spaces and environments that are kept on this machine, and which code may run here. */
export async function local(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(
    args,
    {
      json: { type: "boolean" },
      all: { type: "boolean" },
      yes: { type: "boolean", short: "y" },
      revision: { type: "string" },
    },
    usage,
  );
  const [action = "list", ...names] = positionals;
  switch (action) {
    case "list":
      return list(values.json === true);
    case "trust":
    case "distrust":
      for (const id of spacesIn(names)) await trust(id, action === "trust", values.revision);
      return 0;
    case "remove":
      return remove(names, values.all === true, values.yes === true);
    default:
      throw new UsageError(`daggr local has no action '${action}'.${didYouMean(action, ACTIONS)}`, usage);
  }
}

function spacesIn(names: readonly string[]): readonly string[] {
  if (names.length === 0) throw new UsageError("No Space was named (owner/name).", usage);
  return names.map((name) => {
    const id = spaceIdOf(name);
    if (id === undefined)
      throw new UsageError(`'${name}' is no Space (owner/name).${meantSource(name)}`, usage);
    return id;
  });
}

async function trust(id: string, isTrusted: boolean, revision: string | undefined): Promise<void> {
  if (!isTrusted) {
    await keepAgreement(id, undefined);
    console.log(`'${id}' does not run on this machine before somebody agrees again.`);
    return;
  }
  const commit = await currentCommit(id, revision);
  await keepAgreement(id, commit);
  console.log(
    `'${id}' may run on this machine as it is at ${short(commit)}. Another commit is asked about again.`,
  );
}

async function list(asJson: boolean): Promise<number> {
  const [kept, agreed] = await Promise.all([keptHere(), agreements()]);
  if (asJson) {
    console.log(JSON.stringify({ kept, agreed }, null, 2));
    return 0;
  }
  const lines = kept.map(
    ({ what, name, detail, bytes }) =>
      `${what.padEnd(12)} ${name.padEnd(34)} ${sizeInWords(bytes).padStart(9)}  ${styleText("dim", detail, { stream: process.stdout })}`,
  );
  for (const [id, { commit }] of Object.entries(agreed))
    lines.push(`${"agreed".padEnd(12)} ${id.padEnd(34)} ${"".padStart(9)}  ${short(commit)}`);
  console.log(lines.length === 0 ? "Nothing is kept on this machine." : lines.join("\n"));
  return 0;
}

/** Spaces by name; environments that no Space names go with `--all`. */
async function remove(named: readonly string[], all: boolean, yes: boolean): Promise<number> {
  const names = all ? [] : spacesIn(named);
  const kept = await keptHere();
  const chosen: readonly Kept[] = all ? kept : kept.filter(({ name }) => names.includes(name));
  const unknown = names.filter((name) => !kept.some((each) => each.name === name));
  if (unknown.length > 0)
    throw new DaggrError("SPACE_NOT_FOUND", `Nothing of '${unknown[0]}' is kept on this machine.`);
  for (const { name, folder } of chosen)
    if (await isInUse(folder))
      throw new DaggrError(
        "LOCAL_IN_USE",
        `'${name}' runs on this machine just now, or is being made ready. End what runs it, then remove it.`,
      );
  const bytes = chosen.reduce((sum, each) => sum + each.bytes, 0);
  const folders = chosen.length === 1 ? "1 folder" : `${chosen.length} folders`;
  const question = `Delete ${folders} (${sizeInWords(bytes)})? What is needed again is downloaded again.`;
  if (chosen.length > 0 && !yes) {
    if (process.stdin.isTTY !== true)
      throw new DaggrError(
        "NOT_CONFIRMED",
        `This deletes ${folders} (${sizeInWords(bytes)}). Nobody is here to ask: say --yes.`,
      );
    if (!(await confirm(question))) {
      console.error("Nothing was deleted.");
      return 1;
    }
  }
  for (const each of chosen) await removeKept(each);
  console.log(`${sizeInWords(bytes)} deleted.`);
  return 0;
}
