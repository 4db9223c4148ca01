/** `npm start`: opens an example on the canvas. `npm start -- examples/01-…/app.ts --port 7861` opens another. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.ts";
import { toolEnvironment } from "./lib/command.ts";
import { root } from "./lib/paths.ts";

/** It needs nothing but what `npm ci` brings: no token, no Python, no network. */
const firstExample = "examples/03-storyboard/app.ts";

const given = process.argv.slice(2);
const isScriptGiven = given[0] !== undefined && !given[0].startsWith("-");
const args = isScriptGiven ? given : [firstExample, ...given];

try {
  await build({ onlyWhatChanged: true });
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
if (!isScriptGiven && !existsSync(join(root, firstExample))) {
  console.error(`There is no ${firstExample}.`);
  process.exit(1);
}
const child = spawn(process.execPath, [join(root, "bin/daggr.js"), ...args], {
  cwd: root,
  env: toolEnvironment(),
  stdio: "inherit",
});
// The command ends itself on a signal; this process only has to outlive it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => child.kill(signal));
}
child.once("close", (code, signal) => {
  process.exitCode = code ?? (signal === "SIGINT" ? 130 : 1);
});
