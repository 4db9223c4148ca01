/** The process that holds one version of the user's script. Started by the supervisor with the script's path. */
import { enableCompileCache } from "node:module";

enableCompileCache?.();
const { holdScript } = await import("./hold-script.ts");
await holdScript(process.argv[2] ?? "", process.env["DAGGR_CLI_PRECHECK"] === "1");
