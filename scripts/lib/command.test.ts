import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runCommand } from "./command.ts";

const logFile = join(mkdtempSync(join(tmpdir(), "daggr-command-")), "log");
const log = () => readFileSync(logFile, "utf8");

describe("runCommand", () => {
  test("keeps both outputs and the exit code", async () => {
    const result = await runCommand(["sh", "-c", "echo out; echo err >&2; exit 3"], { logFile });
    expect(result).toEqual({ code: 3, timedOut: false });
    expect(log()).toMatch(/out\nerr\n/);
  });

  test("ends a command that takes too long, with what it started", async () => {
    const script = "sleep 60 & echo child $!; wait";
    expect(await runCommand(["sh", "-c", script], { logFile, timeoutMs: 300 })).toEqual({
      code: null,
      timedOut: true,
    });
    const child = /child (\d+)/.exec(log())?.[1];
    const state = () => {
      try {
        return readFileSync(`/proc/${child}/stat`, "utf8").split(") ")[1]?.[0] ?? "";
      } catch {
        return "gone";
      }
    };
    await expect.poll(state).toMatch(/Z|gone/);
  });

  test("tells of a command that does not exist", async () => {
    expect(await runCommand(["there-is-no-such-command"], { logFile })).toEqual({
      code: 127,
      timedOut: false,
    });
    expect(log()).toContain("ENOENT");
  });

  test("finds the repository's own tools, and has no standard input", async () => {
    expect(await runCommand(["sh", "-c", "command -v biome && ! read line"], { logFile })).toMatchObject({
      code: 0,
    });
  });
});
