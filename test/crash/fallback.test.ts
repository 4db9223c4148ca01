/** `kill -9` in the middle of a fallback: what a variant has made stays made, and which failed stays known. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const app = new URL("fallback-app.ts", import.meta.url).pathname;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "daggr-fallback-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test("killed while the spare variant works, it runs nothing again that a variant has made", async () => {
  const path = join(folder, "journal");
  const journal = () => (existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : []);
  vi.stubEnv("DAGGR_TEST_JOURNAL", path);
  vi.stubEnv("DAGGR_DB_PATH", join(folder, "sessions.db"));
  const child = spawn(process.execPath, ["--no-warnings", app], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, DAGGR_TEST_HELD: "yes" },
  });
  await vi.waitUntil(() => journal().includes("spare 4"), { timeout: 15_000 });
  child.kill("SIGKILL");
  await once(child, "exit");
  const before = journal();
  expect(before.filter((line) => line.startsWith("done"))).toEqual(["done 1", "done 2", "done 3"]);

  const { graph } = await import("./fallback-app.ts");
  const made: unknown[] = [];
  for await (const event of graph.stream({}, { sheet: "s", mode: "stale" }))
    if (event.type === "run-done") made.push(event.outputs);
  expect(made).toEqual([
    {
      list: { items: [1, 2, 3, 4, 5, 6] },
      each: { text: ["main 1", "spare 2", "main 3", "spare 4", "main 5", "spare 6"] },
    },
  ]);
  expect(journal().slice(before.length)).toEqual(["main 4", "spare 4", "main 5", "main 6", "spare 6"]);
  const { openSqliteStore } = await import("../../src/store/open-sqlite-store.ts");
  const store = await openSqliteStore({ path: join(folder, "sessions.db") });
  const scope = { user: "local", graph: graph.definition.persistKey as string };
  const [sheet] = await store.listSheets(scope);
  const { results } = await store.history(scope, sheet!.id, "each", { offset: 0, limit: 1 });
  const items = (await store.result(scope, results[0]!.id))?.items ?? [];
  expect(items.map(({ fallback }) => fallback?.failed[0]?.error.message ?? "")).toEqual([
    "",
    "2 is even",
    "",
    "4 is even",
    "",
    "6 is even",
  ]);
  await store.close();
});
