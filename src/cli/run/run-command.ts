import { resolve } from "node:path";
import { didYouMean } from "../../base/closest.ts";
import { DaggrError } from "../../base/errors.ts";
import { redact } from "../../base/redact.ts";
import { type GraphDefinition, isChoice } from "../../graph/definition.ts";
import type { NodeOutputs, RunEvent } from "../../protocol/events.ts";
import { applyDependencyCheck } from "../dependency-check-option.ts";
import { loadGraph } from "../load-graph.ts";
import { parseOptions, UsageError } from "../options.ts";
import { findScript } from "../script-path.ts";
import { duration, style } from "../terminal.ts";
import { keepFiles } from "./keep-files.ts";
import { listOfInputs, parseInputs } from "./parse-inputs.ts";
import { prettyOutputs } from "./pretty-outputs.ts";
import { createProgress } from "./progress.ts";
import { lookUpstream } from "./upstream-beside.ts";

const usage = "Usage: daggr run <script> [-i node.port=value …] [--json]; all options: daggr run --help";

/** `daggr run`: one headless run. Resolves with the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(
    args,
    {
      input: { type: "string", short: "i", multiple: true },
      json: { type: "boolean" },
      sheet: { type: "string" },
      mode: { type: "string" },
      nodes: { type: "string", multiple: true },
      variant: { type: "string", multiple: true },
      output: { type: "string", short: "o" },
      "state-db-path": { type: "string" },
      "dependency-check": { type: "string" },
    },
    usage,
  );
  const [given, ...others] = positionals;
  if (given === undefined) throw new UsageError("No script was named.", usage);
  if (others.length > 0)
    throw new UsageError(`One script at a time; a value belongs to -i: -i ${others[0]}`, usage);
  const mode = values.mode ?? "all";
  if (mode !== "all" && mode !== "stale")
    throw new UsageError(`--mode is all or stale, got '${mode}'.`, usage);
  if (mode === "stale" && values.sheet === undefined)
    throw new UsageError("--mode stale needs --sheet: without a sheet there is nothing to reuse.", usage);
  const script = findScript(given);
  if (values["state-db-path"] !== undefined) process.env["DAGGR_DB_PATH"] = resolve(values["state-db-path"]);
  applyDependencyCheck(values["dependency-check"], usage);
  // Functions may print; stdout is for the outputs.
  if (values.json === true) redirectConsole();

  const definition = await loadGraph(script);
  const inputs = parseInputs(definition, values.input ?? []);
  const variants = parseVariants(definition, values.variant ?? []);
  const nodes = parseNodes(definition, values.nodes ?? []);
  const cancelled = new AbortController();
  let asked = 0;
  const onSignal = (): void => {
    asked += 1;
    if (asked > 1) process.exit(130);
    cancelled.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, onSignal);

  const { streamRun } = await import("../../app/headless.ts");
  const tellUpstream = lookUpstream(definition, script);
  const progress = createProgress(definition);
  let last: RunEvent | undefined;
  try {
    const options = {
      mode,
      nodes,
      variants,
      signal: cancelled.signal,
      ...(values.sheet === undefined ? {} : { sheet: values.sheet }),
    } as const;
    for await (const event of streamRun(definition, inputs, options)) {
      progress.show(event);
      last = event;
    }
  } catch (error) {
    if (error instanceof DaggrError && error.code === "MISSING_INPUT")
      throw new UsageError(`${error.sentence} Give it with -i.`, listOfInputs(definition));
    throw error;
  } finally {
    progress.end();
    await tellUpstream();
  }
  if (last === undefined) return finish("", report(undefined));
  const { outputs = {} } = last as { outputs?: NodeOutputs };
  // What was entered is known; what came of it is wanted.
  const made = Object.fromEntries(
    Object.entries(outputs).filter(([node]) => definition.nodes.get(node)?.behaviour.executes !== false),
  );
  const kept = await keepFiles(made, values.output ?? "daggr-output");
  const code = report(last);
  if (kept.count > 0)
    process.stderr.write(
      `${kept.count === 1 ? "1 file is" : `${kept.count} files are`} in ${values.output ?? "daggr-output"}.\n`,
    );
  return finish(
    values.json === true ? `${JSON.stringify(kept.outputs, null, 2)}\n` : prettyOutputs(kept.outputs),
    code,
  );
}

/** Tells how it ended; returns the exit code. */
function report(last: RunEvent | undefined): number {
  if (last?.type === "run-done") {
    process.stderr.write(`${style("green", "Done")} in ${duration(last.durationMs)}.\n`);
    return 0;
  }
  if (last?.type !== "run-failed") {
    process.stderr.write(`${style("yellow", "Cancelled.")}\n`);
    return 130;
  }
  for (const { node, item, error } of last.errors) {
    const where = item === undefined ? node : `${node}, item ${item + 1}`;
    const isSaid = error.hint === undefined || error.message.includes(error.hint);
    const hint = isSaid ? "" : ` (${error.hint})`;
    const place = error.place === undefined ? "" : `\n    at ${error.place.replace(`${process.cwd()}/`, "")}`;
    process.stderr.write(`${style("red", `${where} failed:`)} ${redact(error.message)}${hint}${place}\n`);
  }
  return 1;
}

/** Writes everything before the process ends: a pipe may be slower than we are. */
async function finish(text: string, code: number): Promise<number> {
  if (text !== "") await new Promise((resolve) => process.stdout.write(text, resolve));
  // Whatever the script has left open is no reason to stay.
  process.exitCode = code;
  setTimeout(() => process.exit(code), 200).unref();
  return code;
}

function redirectConsole(): void {
  console.log = console.error;
  console.info = console.error;
  console.debug = console.error;
}

function parseNodes(definition: GraphDefinition, given: readonly string[]): string[] {
  // A name may hold a comma, so that a whole one is tried first.
  const names = given.flatMap((text) =>
    definition.nodes.has(text) ? [text] : text.split(",").map((name) => name.trim()),
  );
  for (const name of names) {
    if (!definition.nodes.has(name)) {
      const known = [...definition.nodes.keys()];
      throw new UsageError(
        `There is no node '${name}'.${didYouMean(name, known)}`,
        `Nodes: ${known.join(", ")}`,
      );
    }
  }
  return names;
}

function parseVariants(definition: GraphDefinition, given: readonly string[]): Record<string, string> {
  const choices = [...definition.nodes.values()].filter(isChoice);
  const variants: Record<string, string> = {};
  for (const text of given) {
    const at = text.indexOf("=");
    const [name, value] = [text.slice(0, at), text.slice(at + 1)];
    const choice = choices.find((node) => node.name === name);
    if (at < 0 || choice === undefined) {
      const known = choices.map((node) => node.name);
      throw new UsageError(
        `--variant needs <choice>=<variant>, got '${text}'.${didYouMean(name, known)}`,
        `Choices: ${known.join(", ") || "none"}`,
      );
    }
    const names = choice.variants.map((variant) => variant.name);
    if (!names.includes(value) && !/^\d+$/.test(value)) {
      throw new UsageError(
        `'${name}' has no variant '${value}'.${didYouMean(value, names)}`,
        `Variants: ${names.join(", ")}`,
      );
    }
    variants[name] = names.includes(value) ? value : (names[Number(value)] ?? value);
  }
  return variants;
}
