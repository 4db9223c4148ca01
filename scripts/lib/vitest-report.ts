import { readFileSync } from "node:fs";

/** How a step went, in numbers. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed, by name, or why nothing could be counted. */
  readonly failures: readonly string[];
}

/** The part of Vitest's JSON report that is read here; its shape is Jest's. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: "passed" | "failed";
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: "passed" | "failed" | "skipped" | "pending" | "todo" | "disabled";
    }[];
  }[];
}

/**
 * Counts the tests of one suite.
 *
 * Nothing failed is not yet a success: a file that does not load, a hook that throws, an error outside of
 * any test and a suite without tests each count as one failure.
 */
export function countTests(reportFile: string, exitCode: number | null, root: string): Outcome {
  let report: Report;
  try {
    report = JSON.parse(readFileSync(reportFile, "utf8")) as Report;
  } catch {
    return { passed: 0, failed: 1, skipped: 0, failures: ["no test ran"] };
  }
  if (report.testResults.length === 0) return { passed: 0, failed: 1, skipped: 0, failures: ["no test ran"] };
  let passed = 0;
  let skipped = 0;
  const failures: string[] = [];
  for (const file of report.testResults) {
    const name = file.name.startsWith(`${root}/`) ? file.name.slice(root.length + 1) : file.name;
    const before = failures.length;
    for (const test of file.assertionResults) {
      if (test.status === "passed") passed += 1;
      else if (test.status === "failed") failures.push(`${name} > ${test.fullName}`);
      else skipped += 1;
    }
    if (file.status === "failed" && failures.length === before)
      failures.push(`${name} did not load or finish`);
  }
  if (failures.length === 0 && exitCode !== 0) failures.push(`ended with ${exitCode} outside of any test`);
  if (failures.length === 0 && passed === 0) failures.push("no test ran");
  return { passed, failed: failures.length, skipped, failures };
}
