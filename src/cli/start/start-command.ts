import { resolve } from "node:path";
import { applyDependencyCheck } from "../dependency-check-option.ts";
import { parseOptions, parsePort, UsageError } from "../options.ts";
import { findScript } from "../script-path.ts";

const usage = "Usage: daggr <script> [--port 7860] [--no-open] …; all options: daggr --help";

/** `daggr <script>`: canvas with hot reload. Resolves with the exit code once it was stopped. */
export async function start(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(
    args,
    {
      host: { type: "string" },
      port: { type: "string", short: "p" },
      "no-open": { type: "boolean" },
      "no-reload": { type: "boolean" },
      "no-typecheck": { type: "boolean" },
      share: { type: "boolean" },
      quiet: { type: "boolean", short: "q" },
      "state-db-path": { type: "string" },
      "dependency-check": { type: "string" },
      "delete-sheets": { type: "boolean" },
      yes: { type: "boolean", short: "y" },
      force: { type: "boolean", short: "f" },
      help: { type: "boolean", short: "h" },
    },
    usage,
  );
  const [given, ...others] = positionals;
  if (given === undefined) throw new UsageError("No script was named.", usage);
  if (others.length > 0) throw new UsageError(`One script at a time, got ${positionals.join(", ")}.`, usage);
  const script = findScript(given);
  applyDependencyCheck(values["dependency-check"], usage);
  if (values["state-db-path"] !== undefined) process.env["DAGGR_DB_PATH"] = resolve(values["state-db-path"]);
  if (values["delete-sheets"] === true) {
    const { deleteSheets } = await import("../delete-sheets.ts");
    return deleteSheets(script, values.yes === true || values.force === true);
  }
  if (values.quiet === true) process.env["DAGGR_CLI_QUIET"] = "1";
  const { supervise } = await import("./supervisor.ts");
  return supervise({
    script,
    host: values.host,
    port: parsePort(values.port, "--port", usage),
    open: values["no-open"] === true ? false : undefined,
    isShared: values.share === true,
    isReloading: values["no-reload"] !== true,
    isTypechecking: values["no-typecheck"] !== true,
  });
}
