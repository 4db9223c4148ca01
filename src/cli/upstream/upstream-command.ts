import { basename, resolve } from "node:path";
import { tellUpstream } from "../../app/tell-upstream.ts";
import { UpstreamDesk } from "../../app/upstream.ts";
import { didYouMean } from "../../base/closest.ts";
import { loadGraph } from "../load-graph.ts";
import { parseOptions, UsageError } from "../options.ts";
import { findScript } from "../script-path.ts";
import { style } from "../terminal.ts";

const usage = "Usage: daggr upstream <script> [--accept [id …]] [--json]";

/** `daggr upstream`: what changed of the Spaces and models of a script. 1 when something did that nobody accepted. */
export async function upstream(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(
    args,
    {
      accept: { type: "boolean" },
      json: { type: "boolean" },
      "state-db-path": { type: "string" },
    },
    usage,
  );
  const [given, ...ids] = positionals;
  if (given === undefined) throw new UsageError("No script was named.", usage);
  if (ids.length > 0 && values.accept !== true)
    throw new UsageError(`One script at a time; to accept ${ids.join(", ")} add --accept.`, usage);
  const script = findScript(given);
  if (values["state-db-path"] !== undefined) process.env["DAGGR_DB_PATH"] = resolve(values["state-db-path"]);
  if (values.json === true) console.log = console.error;
  const desk = new UpstreamDesk(await loadGraph(script));
  const unknown = ids.find((id) => !desk.dependencies.some((one) => one.id === id));
  if (unknown !== undefined) {
    const known = desk.dependencies.map(({ id }) => id);
    throw new UsageError(
      `The script uses no Space and no model '${unknown}'.${didYouMean(unknown, known)}`,
      `It uses: ${known.join(", ") || "none that may change"}`,
    );
  }
  const changes = await desk.check();
  if (values.accept === true) await desk.accept(({ id }) => ids.length === 0 || ids.includes(id));
  const open = desk.changes;
  const accepted = changes.filter((change) => !open.includes(change));
  if (values.json === true) {
    const unasked = desk.unasked.map(({ kind, id, nodes, code, reason, known }) => ({
      ...{ kind, id, nodes, code, reason },
      lastKnown: known?.commit ?? null,
    }));
    return leave(`${JSON.stringify({ changes: open, accepted, unasked }, null, 2)}\n`, open.length);
  }
  const paint = (format: Parameters<typeof style>[0], text: string) => style(format, text, process.stdout);
  const lines = desk.states.map(({ id, kind, words }) => `${id.padEnd(34)} ${kind.padEnd(6)} ${words}`);
  const text = [
    ...(lines.length === 0 ? ["The script uses no Space and no model that may change."] : lines),
    ...(accepted.length === 0
      ? []
      : [paint("green", `Accepted: ${accepted.map(({ id }) => id).join(", ")}`)]),
    ...(open.length === 0 ? [] : ["", tellUpstream({ changes: open, unasked: [] }, basename(script), paint)]),
  ].join("\n");
  return leave(`${text.trimEnd()}\n`, open.length);
}

/** A script may hold timers and connections open that nobody here needs. */
async function leave(text: string, open: number): Promise<number> {
  const code = open > 0 ? 1 : 0;
  await new Promise((done) => process.stdout.write(text, done));
  setTimeout(() => process.exit(code), 200).unref();
  return code;
}
