import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { GraphDefinition } from "../graph/definition.ts";
import { openStore } from "./open-store.ts";

const definition = { name: "x", persistKey: "x" } as GraphDefinition;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "daggr-open-store-"));
  vi.spyOn(process, "cwd").mockReturnValue(folder);
  vi.stubEnv("SPACE_ID", "ada/x");
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

async function opened(graph = definition, path?: string) {
  const { store, notice, warning } = openStore(graph, path);
  await store.close();
  expect(notice === null).toBe(warning === undefined);
  return notice === null ? null : { ...notice, warning };
}

test("on a Space the database goes where something is mounted", async () => {
  const data = join(folder, "data");
  vi.stubEnv("DAGGR_DATA_DIR", data);
  expect(await opened()).toMatchObject({ title: "Results are lost when this Space restarts." });
  const mounted = mkdtempSync(join(folder, "mounted-"));
  vi.stubEnv("DAGGR_DATA_DIR", mounted);
  expect(await opened()).toBeNull();
  expect(existsSync(join(mounted, "daggr/sessions.db"))).toBe(true);
});

test("a mount that takes no database is said, and the Space goes on", async () => {
  const mounted = mkdtempSync(join(folder, "mounted-"));
  vi.stubEnv("DAGGR_DATA_DIR", mounted);
  writeFileSync(join(mounted, "daggr"), "a file where the folder should be");
  expect(await opened()).toMatchObject({ kind: "notice", warning: expect.stringContaining("--bucket") });
  rmSync(join(mounted, "daggr"));
  mkdirSync(join(mounted, "daggr/sessions.db"), { recursive: true });
  expect(await opened()).toMatchObject({ warning: expect.stringMatching(/sessions\.db.*--bucket/s) });
  rmSync(join(mounted, "daggr/sessions.db"), { recursive: true });
  // Another program's, which is not passed over.
  const foreign = new DatabaseSync(join(mounted, "daggr/sessions.db"));
  foreign.exec("CREATE TABLE theirs (x TEXT)");
  foreign.close();
  await expect(opened()).rejects.toThrow(/sessions\.db' is a database of another program/);
});

test("a place that somebody named is taken, and nobody is told of a Space elsewhere", async () => {
  vi.stubEnv("DAGGR_DATA_DIR", join(folder, "none"));
  expect(await opened(definition, join(folder, "own.db"))).toBeNull();
  vi.stubEnv("DAGGR_DB_PATH", join(folder, "named.db"));
  expect(await opened()).toBeNull();
  expect(existsSync(join(folder, "named.db"))).toBe(true);
  vi.stubEnv("DAGGR_DB_PATH", "");
  expect(await opened({ ...definition, persistKey: false })).toBeNull();
  vi.stubEnv("SPACE_ID", "");
  vi.stubEnv("DAGGR_DB_PATH", join(folder, "here.db"));
  expect(await opened()).toBeNull();
});
