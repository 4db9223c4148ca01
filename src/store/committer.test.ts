import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Committer } from "./committer.ts";

let folder: string;
let database: DatabaseSync;
let committer: Committer;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "daggr-committer-"));
  database = open();
  database.exec("PRAGMA journal_mode = WAL; CREATE TABLE t (x TEXT)");
  committer = new Committer(database, "the file");
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = () => new DatabaseSync(join(folder, "test.db"), { timeout: 1 });
const insert = (text: string) => () => void database.prepare("INSERT INTO t VALUES (?)").run(text);
const count = () => Number(database.prepare("SELECT count(*) AS n FROM t").get()?.["n"]);

describe("commits", () => {
  it("are told only when another connection can see them", async () => {
    const reader = open();
    let told = 0;
    const writes = Array.from({ length: 500 }, (_, index) =>
      committer.add(insert(`${index}`)).then(() => {
        told++;
        expect(Number(reader.prepare("SELECT count(*) AS n FROM t").get()?.["n"])).toBeGreaterThanOrEqual(
          told,
        );
      }),
    );
    await Promise.all(writes);
    reader.close();
  });

  it("do not hold up everything else", async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const slow = () => {
      const until = performance.now() + 5;
      while (performance.now() < until);
    };
    await Promise.all(Array.from({ length: 20 }, () => committer.add(slow)));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });

  it("wait while another process writes", async () => {
    const other = open();
    other.exec("BEGIN IMMEDIATE");
    const write = committer.add(insert("patient"));
    await sleep(100);
    expect(count()).toBe(0);
    other.exec("COMMIT");
    await write;
    expect(count()).toBe(1);
    other.close();
  });

  it("fail when there is no space, lose nothing, and go on when there is space again", async () => {
    await committer.add(insert("first"));
    const { page_count } = database.prepare("PRAGMA page_count").get() as { page_count: number };
    database.exec(`PRAGMA max_page_count = ${page_count + 5}`);
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, () => committer.add(insert("x".repeat(20_000)))),
    );
    const failed = results.filter((result) => result.status === "rejected");
    expect(failed.length).toBeGreaterThan(0);
    for (const { reason } of failed)
      expect(reason).toMatchObject({
        code: "STORE_FULL",
        message: expect.stringMatching(/the file.*DAGGR_DB_PATH.*persistKey: false/s),
      });
    expect(count()).toBe(1 + results.length - failed.length);
    database.exec("PRAGMA max_page_count = 100000");
    await committer.add(insert("x".repeat(20_000)));
    expect(count()).toBe(2 + results.length - failed.length);
  });

  it("that wait are written by a flush", () => {
    void committer.add(insert("waiting"));
    committer.flush();
    expect(count()).toBe(1);
  });
});
