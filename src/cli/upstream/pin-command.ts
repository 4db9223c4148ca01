import { resolve } from "node:path";
import { meantSource, spaceIdOf } from "../../clients/gradio-source.ts";
import { UpstreamRecord, upstreamKey } from "../../clients/upstream/record.ts";
import { copySpace } from "../../deploy/copy-space.ts";
import { parseOptions, UsageError } from "../options.ts";
import { style } from "../terminal.ts";

const usage =
  "Usage: daggr pin <owner/name> [--revision <commit>] [--duplicate [--to <owner/name>] [--public] [--hardware <name>]]";
const ID = /^[\w.-]+\/[\w.-]+$/;

/** `daggr pin`: how to keep a Space as it was accepted, on this machine or as a copy on the Hub. Gives the exit code. */
export async function pin(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(
    args,
    {
      revision: { type: "string" },
      duplicate: { type: "boolean" },
      to: { type: "string" },
      public: { type: "boolean" },
      hardware: { type: "string" },
      "state-db-path": { type: "string" },
    },
    usage,
  );
  const [named, ...others] = positionals;
  if (named === undefined || others.length > 0) throw new UsageError("Name one Space (owner/name).", usage);
  const id = spaceIdOf(named);
  if (id === undefined)
    throw new UsageError(`A Space is named owner/name, got '${named}'.${meantSource(named)}`, usage);
  if (values.to !== undefined && !ID.test(values.to))
    throw new UsageError(`--to is owner/name, got '${values.to}'.`, usage);
  const needsCopy = ["to", "public", "hardware"].find((name) => name in values);
  if (needsCopy !== undefined && values.duplicate !== true)
    throw new UsageError(`--${needsCopy} is for a copy: add --duplicate.`, usage);
  if (values["state-db-path"] !== undefined) process.env["DAGGR_DB_PATH"] = resolve(values["state-db-path"]);
  const revision = await revisionOf(id, values.revision);
  if (values.duplicate !== true) {
    console.log(`Write into the options of the nodes that use '${id}':\n`);
    console.log(`  ${style("bold", `revision: "${revision}", runLocally: true`, process.stdout)}\n`);
    console.log(
      `They then run that revision on this machine. On the Hub instead: daggr pin ${id} --revision ${revision} --duplicate`,
    );
    return 0;
  }
  const interrupted = new AbortController();
  process.once("SIGINT", () => {
    interrupted.abort();
    console.error("\nStopped. Nothing of the script was changed.");
    process.exit(130);
  });
  const copy = await copySpace({
    from: id,
    revision,
    to: values.to,
    isPrivate: values.public !== true,
    hardware: values.hardware,
    onProgress: (text) => console.error(text),
    signal: interrupted.signal,
  });
  console.log(`'${copy}' is '${id}' at ${revision.slice(0, 7)}. Name it in the script instead:\n`);
  console.log(`  ${style("bold", `new GradioNode("${copy}", { … })`, process.stdout)}\n`);
  const hardware = values.hardware === undefined ? "It starts on the free hardware (cpu-basic). " : "";
  console.log(`${hardware}Secrets of the original are not copied: give it its own on its settings page.`);
  return 0;
}

/** The one that was named, else what was accepted here. */
async function revisionOf(id: string, given: string | undefined): Promise<string> {
  if (given !== undefined) {
    if (/^[0-9a-f]{7,40}$/.test(given)) return given;
    throw new UsageError(`--revision is a commit (7 to 40 hexadecimal digits), got '${given}'.`, usage);
  }
  const record = await new UpstreamRecord().read();
  const space = record.get(upstreamKey("space", id));
  if (space !== undefined) return space.commit;
  if (record.has(upstreamKey("model", id))) {
    throw new UsageError(
      `'${id}' is a model. No provider can be asked for an older revision of one: serve it yourself at that revision, and name the server with endpointUrl.`,
      usage,
    );
  }
  throw new UsageError(
    `Nothing is recorded here of a Space '${id}': name the commit with --revision, or go to the folder of the script.`,
    usage,
  );
}
