import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SqliteStore } from "../../src/store/sqlite-store.ts";

const app = new URL("app.ts", import.meta.url).pathname;
const scope = { user: "local", graph: "crash" };
let folder: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "daggr-two-"));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

function start(journal: string, rounds: number): ChildProcess {
  const args = [
    "--no-warnings",
    app,
    join(folder, "sessions.db"),
    join(folder, journal),
    "sheet",
    `${rounds}`,
  ];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  children.push(child);
  return child;
}

const journal = (name: string): string =>
  existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : "";

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 20) {
    if (waited > 15_000) throw new Error("It did not happen within 15 s.");
    await sleep(20);
  }
}

describe("two processes on one database", () => {
  it("both run to the end, and what either has told is there", async () => {
    const processes = [start("a", 3), start("b", 3)];
    expect(await Promise.all(processes.map((child) => once(child, "exit")))).toEqual([
      [0, null],
      [0, null],
    ]);
    const store = new SqliteStore({ path: join(folder, "sessions.db") });
    const runs = await store.listRuns(scope, { offset: 0, limit: 100 });
    expect(runs.map((run) => run.status)).toEqual(Array.from({ length: 6 }, () => "done"));
    expect(await store.listSheets(scope)).toHaveLength(1);
    const told = `${journal("a")}${journal("b")}`.matchAll(/^done \S+ ([^/\s]+) (\S+)$/gm);
    let count = 0;
    for (const [, node, result] of told) {
      expect((await store.result(scope, result ?? ""))?.node).toBe(node);
      count++;
    }
    expect(count).toBe(6 * 9);
    await store.close();
  });

  it("and more may start on an empty one at the same moment", async () => {
    const processes = Array.from({ length: 6 }, (_, index) => start(`${index}`, 0));
    const exits = await Promise.all(processes.map((child) => once(child, "exit")));
    expect(exits).toEqual(exits.map(() => [0, null]));
    const store = new SqliteStore({ path: join(folder, "sessions.db") });
    expect(await store.listSheets(scope)).toHaveLength(1);
    await store.close();
  });

  it("leave a run to the one that holds it, until that one is dead", async () => {
    const holder = start("a", 100);
    await until(() => journal("a").includes("each/5"));
    const store = new SqliteStore({ path: join(folder, "sessions.db") });
    const running = async () => (await store.listRuns(scope, { offset: 0, limit: 1 }))[0];
    const held = await running();
    expect(held?.status).toBe("running");
    expect(await store.interruptAbandoned(scope)).toEqual([]);
    expect(await store.claimRun(scope, held?.id ?? "")).toBe(false);
    await expect(
      store.commit(scope, { runs: [{ run: held?.id ?? "", status: "done", endedAt: 1, lastSeq: 1 }] }),
    ).rejects.toMatchObject({ code: "RUN_TAKEN_OVER" });

    const exited = once(holder, "exit");
    holder.kill("SIGKILL");
    await exited;
    const left = await running();
    expect(await store.interruptAbandoned(scope)).toEqual([left?.id]);
    expect((await running())?.status).toBe("interrupted");
    expect(Object.values((await running())?.nodes ?? {}).map((node) => node.status)).not.toContain("running");
    expect(await store.claimRun(scope, left?.id ?? "")).toBe(true);
    await store.close();
  });

  it("collect garbage without taking what the other is about to use", async () => {
    const [one, two] = [
      new SqliteStore({ path: join(folder, "sessions.db"), graceMs: 60_000 }),
      new SqliteStore({ path: join(folder, "sessions.db"), graceMs: 60_000 }),
    ];
    const file = await one.files.put({ bytes: new Uint8Array([1, 2, 3]) }, "new.bin");
    expect(await two.collectGarbage()).toBe(0);
    expect(await one.files.find(file.id)).toEqual(file);
    await one.close();
    await two.close();
  });

  it("notice that the other has changed something", async () => {
    const [one, two] = [
      new SqliteStore({ path: join(folder, "sessions.db") }),
      new SqliteStore({ path: join(folder, "sessions.db") }),
    ];
    const before = one.changesByOthers();
    await two.createSheet(scope, "from two");
    expect(one.changesByOthers()).not.toBe(before);
    expect(await one.listSheets(scope)).toHaveLength(1);
    await one.close();
    await two.close();
  });
});
