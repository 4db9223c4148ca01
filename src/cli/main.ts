/** The entry of `daggr`. Only what every command needs is loaded before the command is known. */
import { enableCompileCache } from "node:module";

enableCompileCache?.();
const { runCommandLine } = await import("./command-line.ts");
await runCommandLine(process.argv.slice(2));
