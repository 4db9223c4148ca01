import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeProject, root, runDaggr, temporaryFolder } from "./command.ts";

const cwd = makeProject({ "app.ts": "export {};\n", "notes.txt": "" });

describe("daggr", () => {
  test("tells its version and its help", async () => {
    expect(await runDaggr(["--version"], { cwd })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    const help = await runDaggr(["--help"], { cwd });
    expect(help.code).toBe(0);
    for (const word of ["daggr run", "doctor", "--port", "--no-reload", "DAGGR_DB_PATH"])
      expect(help.stdout).toContain(word);
    expect((await runDaggr(["run", "--help"], { cwd })).stdout).toContain("--json");
  });

  test.each([
    [["doctr"], 2, "Did you mean 'doctor'?"],
    [["ap.ts"], 1, "Did you mean 'app.ts'?"],
    [["notes.txt"], 1, "no script"],
    [["app.ts", "--prot", "1"], 2, "Did you mean '--port'?"],
    [["app.ts", "--port", "many"], 2, "--port must be a number"],
    [["app.ts", "other.ts"], 2, "One script at a time"],
    [["run"], 2, "No script was named"],
    [["run", "app.ts", "topic=1"], 2, "-i topic=1"],
    [["run", "app.ts", "--mode", "some"], 2, "--mode is all or stale"],
  ])("says what is wrong with %j", async (args, code, sentence) => {
    const result = await runDaggr(args, { cwd });
    expect(result.stderr).toContain(sentence);
    expect(result.stderr).not.toMatch(/^\s+at .*node:/m);
    expect(result.code).toBe(code);
  });

  const old = oldNode() ?? "";
  test.skipIf(old === "")("an old Node gets one clear sentence", async () => {
    const { code, stdout, stderr } = await runDaggr(["app.ts"], {
      cwd,
      node: old,
      program: join(root, "bin/daggr.js"),
      env: { NODE_OPTIONS: "" },
    });
    expect(stderr.trim()).toMatch(/^daggr needs Node 22\.18 or newer[^\n]*this is Node \d+\.[^\n]*$/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });
});

test("a command with two letters the wrong way round is recognised", async () => {
  const { code, stderr } = await runDaggr(["rnu", "app.ts"], { cwd });
  expect(stderr).toContain("There is no command and no script 'rnu'. Did you mean 'run'?");
  expect(code).toBe(2);
});

describe("daggr doctor", () => {
  test("tells what is there and what to do about what is not, and never a token", async () => {
    const { code, stdout, stderr } = await runDaggr(["doctor"], {
      cwd,
      env: { HF_TOKEN: "hf_verysecrettoken", HF_HUB_OFFLINE: "1" },
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`node +${process.versions.node}`));
    expect(stdout).toContain("from HF_TOKEN");
    expect(stdout).toContain(join(cwd, ".daggr_sessions.db"));
    expect(stdout).toContain("npm install --save-dev typescript");
    expect(stdout + stderr).not.toContain("verysecret");
    expect(readdirSync(cwd)).not.toContain(".daggr_sessions.db");
  });

  test("ends with 1 when the database cannot be written", async () => {
    const file = join(temporaryFolder(), "no", "such.db");
    const { stdout } = await runDaggr(["doctor", "--json"], { cwd, env: { DAGGR_DB_PATH: file } });
    expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ name: "database", state: "good" }));
    const inside = await runDaggr(["doctor"], { cwd, env: { DAGGR_DB_PATH: "/proc/daggr.db" } });
    expect(inside.stdout).toContain("DAGGR_DB_PATH");
    expect(inside.code).toBe(1);
  });
});

/** A Node before 22.18 on this machine: the system's, where the repository brings its own. */
function oldNode(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(":").concat("/usr/bin", "/usr/local/bin");
  const paths = folders.map((folder) => join(folder, "node")).filter((path) => existsSync(path));
  return paths.find((path) => {
    const { stdout } = spawnSync(path, ["--version"], { encoding: "utf8", env: {} });
    return /^v(\d|1\d|2[01])\./.test(stdout);
  });
}
