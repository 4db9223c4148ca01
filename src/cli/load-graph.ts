import { pathToFileURL } from "node:url";
import type { LaunchOptions } from "../app/launch-options.ts";
import { DaggrError } from "../base/errors.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import { type AnnouncedGraph, never, setHost } from "../graph/registry.ts";
import { describeScriptError } from "./script-error.ts";
import { watchLoading } from "./script-hooks.ts";

/** A script as it was loaded. */
export interface LoadedScript {
  readonly definition: GraphDefinition;
  /** What `graph.launch()` was called with; `undefined` where the script does not launch its graph. */
  readonly launchOptions: LaunchOptions | undefined;
  /** Every local file that was loaded, the script among them. */
  readonly files: readonly string[];
}

/** The graph of a script: see {@link loadScript}. */
export async function loadGraph(script: string): Promise<GraphDefinition> {
  return (await loadScript(script)).definition;
}

/**
 * Loads a script in this process and gives the graph that it launches, or the last one that it makes.
 *
 * @throws DaggrError `SCRIPT_FAILED` with the line of the script, `NO_GRAPH`.
 */
export async function loadScript(script: string): Promise<LoadedScript> {
  const files: string[] = [];
  watchLoading((path) => files.push(path));
  silenceAdvice();
  const graphs: AnnouncedGraph[] = [];
  let launchOptions: LaunchOptions | undefined;
  const launched = new Promise<AnnouncedGraph>((resolve) => {
    setHost({
      onGraph: (graph) => graphs.push(graph),
      onLaunch: (graph, options) => {
        launchOptions = options;
        resolve(graph);
        // What the script would do once it serves is not wanted here.
        return never();
      },
    });
  });
  const failed = import(pathToFileURL(script).href).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const first = await Promise.race([launched, failed]);
  if (first !== undefined && "error" in first) {
    const { text } = describeScriptError(first.error);
    throw new DaggrError("SCRIPT_FAILED", `The script does not load.\n${text}`);
  }
  const graph = first ?? graphs.at(-1);
  if (graph === undefined)
    throw new DaggrError("NO_GRAPH", "The script makes no graph. It needs one: new Graph({ name, nodes }).");
  return { definition: graph.definition, launchOptions, files: [...new Set(files)] };
}

/** What Node.js says of a package.json without `type` is for who writes a package. `daggr <script>` has a flag for it. */
function silenceAdvice(): void {
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, options?: unknown, ...rest: never[]) => {
    const { code } = (options ?? {}) as { code?: unknown };
    if (code !== "MODULE_TYPELESS_PACKAGE_JSON") emitWarning(warning, options as never, ...rest);
  }) as typeof process.emitWarning;
}
