/**
 * `npm run bench [-- names… --short --markdown]`: daggr for Python and this project side by side on the same work.
 *
 * Each benchmark is a file `bench/<name>.ts` that runs in a process group of its own, bounded in time and memory.
 * `--short` only shows that they work. `--markdown` writes the table into docs/performance.md.
 */
import { fork } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "../scripts/build.ts";
import { root } from "../scripts/lib/paths.ts";
import { ensurePython } from "../scripts/python-env.ts";
import { describeMachine } from "./lib/machine.ts";
import type { Message } from "./lib/measure.ts";
import type { Row } from "./lib/row.ts";
import { markdownTable, textTable } from "./lib/table.ts";

/** In minutes, how long each may take at most. */
const LIMITS: Readonly<Record<string, number>> = {
  startup: 6,
  steps: 6,
  chain: 12,
  scatter: 8,
  call: 6,
  sockets: 9,
  types: 4,
  canvas: 8,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { markdown: { type: "boolean" }, short: { type: "boolean" } },
});
const names = positionals.length === 0 ? Object.keys(LIMITS) : positionals;
const unknown = names.filter((name) => LIMITS[name] === undefined);
if (unknown.length > 0) {
  console.error(
    `There is no benchmark '${unknown.join("', '")}'. There are ${Object.keys(LIMITS).join(", ")}.`,
  );
  process.exit(1);
}

await ensurePython();
await build({ onlyWhatChanged: true });
const machine = describeMachine();
const rows: Row[] = [];
for (const name of names) {
  process.stderr.write(`${name}\n`);
  const measured = await runBenchmark(name);
  if (measured === undefined) process.exitCode = 1;
  else rows.push(...measured);
}
console.log(`\n${machine}\n\n${textTable(rows)}`);
if (values.markdown === true) writeMarkdown();

function runBenchmark(name: string): Promise<readonly Row[] | undefined> {
  return new Promise((resolve) => {
    let measured: readonly Row[] | undefined;
    const child = fork(join(root, `bench/${name}.ts`), values.short === true ? ["--short"] : [], {
      detached: true,
      execArgv: ["--max-old-space-size=2048"],
    });
    // The whole group: a benchmark that hangs may have left servers behind.
    const endGroup = () => {
      try {
        process.kill(-child.pid!, "SIGKILL");
      } catch {
        // It is gone.
      }
    };
    const stop = () => {
      endGroup();
      process.exit(130);
    };
    process.once("SIGINT", stop).once("SIGTERM", stop);
    const timer = setTimeout(endGroup, LIMITS[name]! * 60_000);
    child.on("message", (message: Message) => {
      measured = message.rows;
    });
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      process.off("SIGINT", stop).off("SIGTERM", stop);
      endGroup();
      if (measured === undefined) process.stderr.write(`  ended with ${code ?? signal}, without a result\n`);
      resolve(measured);
    });
  });
}

function writeMarkdown(): void {
  const page = join(root, "docs/performance.md");
  const text = readFileSync(page, "utf8");
  const place = /(<!-- table -->\n)[\s\S]*(<!-- end of table -->)/;
  if (!place.test(text)) throw new Error(`${page} has no place for the table.`);
  writeFileSync(
    page,
    text.replace(place, (_, begin, end) => `${begin}\n${machine}.\n\n${markdownTable(rows)}\n\n${end}`),
  );
}
