/**
 * `npm test`: brings what tests need, runs every check and every suite, and ends with one line of true counts.
 * `npm test -- unit lint` runs only the steps whose names hold one of the words.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./lib/command.ts";
import { resultsDir, root } from "./lib/paths.ts";
import { groups, type Step } from "./lib/test-steps.ts";
import { countTests, type Outcome } from "./lib/vitest-report.ts";

interface Row extends Outcome {
  readonly name: string;
  readonly seconds: number;
}

// Named after this process: several people's part runs may share the folder.
const networkRecord = join(resultsDir, `network-${process.pid}.jsonl`);
const words = process.argv.slice(2);
const rows: Row[] = [];

if (words.length === 0) rmSync(resultsDir, { recursive: true, force: true });
mkdirSync(resultsDir, { recursive: true });
for (const { steps, width } of groups) {
  const waiting = steps.filter(isAskedFor);
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) await runStep(step);
    }),
  );
}
if (rows.length > 0) add({ name: "no request left the machine", seconds: 0, ...readNetworkRecord() });
if (rows.length === 0) add({ name: words.join(" "), seconds: 0, ...failedWith("no step has such a name") });
printTable();
const failed = sum("failed");
const passed = sum("passed");
process.exitCode = failed > 0 ? 1 : 0;
console.log(`${passed} passed, ${failed} failed`);

async function runStep(step: Step): Promise<void> {
  const slug = step.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  const logFile = join(resultsDir, `${slug}.log`);
  const reportFile = join(resultsDir, `${slug}.json`);
  const command: readonly [string, ...string[]] =
    step.kind === "suite"
      ? [...step.command, "--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`]
      : step.command;
  rmSync(logFile, { force: true });
  rmSync(reportFile, { force: true });
  const started = performance.now();
  const result = await runCommand(command, {
    logFile,
    timeoutMs: step.timeoutMinutes * 60_000,
    env: { CI: "true", DAGGR_NETWORK_RECORD: networkRecord },
  });
  const seconds = (performance.now() - started) / 1000;
  const outcome =
    step.kind === "suite" ? countTests(reportFile, result.code, root) : countTool(step, result.code);
  const ended = result.timedOut ? { ...outcome, ...timedOut(step, outcome) } : outcome;
  add({ name: step.name, seconds, ...ended });
  if (ended.failed > 0) printEnd(logFile);
}

function countTool(step: Step, code: number | null): Outcome {
  if (code !== 0) return failedWith(`ended with ${code}`);
  return { passed: step.kind === "check" ? 1 : 0, failed: 0, skipped: 0, failures: [] };
}

function failedWith(failure: string): Outcome {
  return { passed: 0, failed: 1, skipped: 0, failures: [failure] };
}

function timedOut(step: Step, outcome: Outcome): Pick<Outcome, "failed" | "failures"> {
  const failures = [...outcome.failures, `not finished after ${step.timeoutMinutes} minutes`];
  return { failed: failures.length, failures };
}

/** What the guard wrote down (see test/support/network-guard.mjs): each attempt, though it was refused. */
function readNetworkRecord(): Outcome {
  const lines = existsSync(networkRecord) ? readFileSync(networkRecord, "utf8").trim().split("\n") : [];
  const failures = lines.map((line) => {
    const { what, host, argv, stack } = JSON.parse(line) as Record<string, string | string[]>;
    const caller = (stack as string[]).find(
      (frame) => frame.includes(root) && !frame.includes("node_modules"),
    );
    return `${what} ${host} ${caller ?? (argv as string[]).slice(1).join(" ")}`;
  });
  const shown = [...new Set(failures)];
  return {
    passed: shown.length === 0 ? 1 : 0,
    failed: shown.length === 0 ? 0 : 1,
    skipped: 0,
    failures: shown,
  };
}

function isAskedFor(step: Step): boolean {
  return words.length === 0 || words.some((word) => step.name.toLowerCase().includes(word.toLowerCase()));
}

function add(row: Row): void {
  rows.push(row);
  console.log(`${row.failed > 0 ? "FAILED" : "ok    "} ${row.name} (${row.seconds.toFixed(1)} s)`);
  // At once too, not only at the end: whoever reads a part of what was printed sees which.
  for (const failure of row.failures) console.log(`  ${failure}`);
}

function printEnd(logFile: string): void {
  const lines = readFileSync(logFile, "utf8").trimEnd().split("\n");
  const shown = lines.slice(-40).map((line) => `    ${line.slice(0, 300)}`);
  console.log(`  The end of ${logFile.slice(root.length + 1)}:\n${shown.join("\n")}`);
}

function printTable(): void {
  const failures = rows.flatMap((row) => row.failures.map((failure) => `  ${row.name}: ${failure}`));
  if (failures.length > 0) console.log(`\nFailed:\n${failures.join("\n")}`);
  const width = Math.max(...rows.map((row) => row.name.length), "total".length);
  const line = (name: string, ...cells: string[]) =>
    console.log(name.padEnd(width) + cells.map((cell) => cell.padStart(10)).join(""));
  console.log("");
  line("step", "passed", "failed", "skipped", "seconds");
  for (const row of rows) {
    line(row.name, String(row.passed), String(row.failed), String(row.skipped), row.seconds.toFixed(1));
  }
  const minutes = (performance.now() / 60_000).toFixed(1);
  line("total", String(sum("passed")), String(sum("failed")), String(sum("skipped")), `${minutes} min`);
  console.log("");
}

function sum(column: "passed" | "failed" | "skipped"): number {
  return rows.reduce((total, row) => total + row[column], 0);
}
