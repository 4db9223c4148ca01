import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SqliteStore } from "../../src/store/sqlite-store.ts";

const app = new URL("app.ts", import.meta.url).pathname;
const scope = { user: "local", graph: "crash" };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "daggr-crash-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Line {
  readonly what: string;
  readonly run: string;
  readonly name: string;
  readonly rest: string;
}

function journalLines(): Line[] {
  const path = join(folder, "journal");
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => {
    const [what = "", run = "", name = "", ...rest] = line.split(" ");
    return { what, run, name, rest: rest.join(" ") };
  });
}

function start(where: string, rounds?: number): ChildProcess {
  const args = [
    "--no-warnings",
    app,
    join(folder, "sessions.db"),
    join(folder, "journal"),
    where,
    ...(rounds === undefined ? [] : [`${rounds}`]),
  ];
  return spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
}

function checkWhole(): void {
  const database = new DatabaseSync(join(folder, "sessions.db"));
  expect(database.prepare("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
  expect(database.prepare("PRAGMA foreign_key_check").all()).toEqual([]);
  database.close();
}

/** Everything that was told is there. */
async function checkReported(lines: readonly Line[]): Promise<void> {
  const store = new SqliteStore({ path: join(folder, "sessions.db") });
  const finishedItems = new Map<string, Set<number>>();
  for (const { what, run, name, rest } of lines) {
    if (what !== "done") continue;
    const [node = "", item] = name.split("/");
    if (item === undefined) expect((await store.result(scope, rest))?.node, `${run} ${name}`).toBe(node);
    else finishedItems.set(run, (finishedItems.get(run) ?? new Set()).add(Number(item)));
  }
  for (const [run, items] of finishedItems) {
    const record = await store.run(scope, run);
    const result = record?.nodes["each"]?.result;
    const kept =
      result === undefined
        ? await store.keptItems(scope, { run }, "each")
        : ((await store.result(scope, result))?.items ?? []);
    const indices = new Set(kept.map((each) => each.index));
    expect([...items].filter((index) => !indices.has(index))).toEqual([]);
  }
  await store.close();
}

/** What was told to be done was not executed again by the same run. */
function checkNothingTwice(lines: readonly Line[]): void {
  const done = new Set<string>();
  for (const { what, run, name } of lines) {
    const key = `${run} ${name}`;
    if (what === "done") done.add(key);
    else if (what === "exec") expect(done.has(key), `${key} was executed again`).toBe(false);
  }
}

/** Each run, however often it was interrupted, came to the right end; and the ends that were told are these. */
async function checkEnds(lines: readonly Line[]): Promise<void> {
  const store = new SqliteStore({ path: join(folder, "sessions.db") });
  const runs = await store.listRuns(scope, { offset: 0, limit: 1000 });
  const ends = new Map(
    lines
      .filter(({ what }) => what === "end")
      .map(({ run, name, rest }) => [run, JSON.parse(`${name} ${rest}`)]),
  );
  for (const { id, status, fields, nodes } of runs) {
    const first = Number(fields["n0__round"]) + 5;
    const expected = { out: Array.from({ length: 300 }, (_, index) => `${first}:${index}!`).join(" ") };
    expect(status).toBe("done");
    expect((await store.result(scope, nodes["join"]?.result ?? ""))?.outputs).toEqual(expected);
    if (ends.has(id)) expect(ends.get(id)).toEqual(expected);
  }
  expect(runs.length).toBeGreaterThan(0);
  await store.close();
}

describe.each(["sheet", "record"])("kill -9 in mid-run, results kept on a %s", (where) => {
  it("loses nothing that was told, runs nothing twice, and goes on to the right end", {
    timeout: 60_000,
  }, async () => {
    for (let kill = 0; kill < 10; kill++) {
      const child = start(where);
      const exited = once(child, "exit");
      await Promise.race([once(child, "message"), exited]);
      await sleep(20 + Math.random() * 500);
      child.kill("SIGKILL");
      await exited;
      checkWhole();
      await checkReported(journalLines());
    }
    const last = start(where, 1);
    expect(await once(last, "exit")).toEqual([0, null]);
    const lines = journalLines();
    checkNothingTwice(lines);
    await checkEnds(lines);
    expect(lines.filter(({ what }) => what === "failed")).toEqual([]);
    checkWhole();
  });
});
