import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { countTests } from "./vitest-report.ts";

function count(testResults: object[], exitCode: number | null = 0) {
  const file = join(mkdtempSync(join(tmpdir(), "daggr-report-")), "report.json");
  writeFileSync(file, JSON.stringify({ testResults }));
  return countTests(file, exitCode, "/repo");
}

const testNamed = (fullName: string, status: string) => ({ fullName, status });

describe("countTests", () => {
  test("counts what passed, failed and was skipped", () => {
    const tests = [
      testNamed("a", "passed"),
      testNamed("b", "failed"),
      testNamed("c", "skipped"),
      testNamed("d", "todo"),
    ];
    expect(count([{ name: "/repo/x.test.ts", status: "failed", assertionResults: tests }], 1)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 2,
      failures: ["x.test.ts > b"],
    });
  });

  test("a file that does not load is a failure", () => {
    const outcome = count([{ name: "/repo/x.test.ts", status: "failed", assertionResults: [] }], 1);
    expect(outcome).toMatchObject({ passed: 0, failed: 1 });
  });

  test("an error outside of any test is a failure", () => {
    const file = { name: "/repo/x.test.ts", status: "passed", assertionResults: [testNamed("a", "passed")] };
    expect(count([file], 1)).toMatchObject({ passed: 1, failed: 1 });
    expect(count([file], null)).toMatchObject({ passed: 1, failed: 1 });
  });

  test("a suite without tests, or with skipped ones only, is a failure", () => {
    expect(count([])).toMatchObject({ failed: 1 });
    const file = { name: "/repo/x.test.ts", status: "passed", assertionResults: [testNamed("a", "skipped")] };
    expect(count([file])).toMatchObject({ passed: 0, failed: 1, skipped: 1 });
  });

  test("a suite that left no report is a failure", () => {
    expect(countTests("/nowhere/report.json", 0, "/repo")).toMatchObject({
      failed: 1,
      failures: ["no test ran"],
    });
  });
});
