import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { local } from "./local-command.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test("where nobody can be asked, remove deletes nothing and does not pass for done", async () => {
  const home = mkdtempSync(join(tmpdir(), "daggr-local-"));
  vi.stubEnv("HF_HOME", home);
  const kept = join(home, "daggr/local/spaces/ada--echo");
  mkdirSync(kept, { recursive: true });
  vi.spyOn(console, "log").mockImplementation(() => {});
  await expect(local(["remove", "ada/echo"])).rejects.toMatchObject({
    code: "NOT_CONFIRMED",
    message: expect.stringContaining("This deletes 1 folder (0 KB). Nobody is here to ask: say --yes."),
  });
  expect(existsSync(kept)).toBe(true);
  expect(await local(["remove", "ada/echo", "--yes"])).toBe(0);
  expect(existsSync(kept)).toBe(false);
  rmSync(home, { recursive: true });
});

test("an action that is not there is told with the nearest one", async () => {
  await expect(local(["lst"])).rejects.toThrow("daggr local has no action 'lst'. Did you mean 'list'?");
});
