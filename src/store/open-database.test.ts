import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MIGRATIONS, versionOf } from "./migrations.ts";
import { openDatabase } from "./open-database.ts";
import { SqliteStore } from "./sqlite-store.ts";
import { LOCAL, makeResult } from "./testing.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "daggr-database-"));
  path = join(folder, "sessions.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function fill(count: number): Promise<string> {
  const store = new SqliteStore({ path });
  const { id } = await store.createSheet(LOCAL, "Sheet 1");
  await Promise.all(
    Array.from({ length: count }, () =>
      store.commit(LOCAL, {
        results: [{ sheet: id, record: makeResult({ outputs: { output: "x".repeat(2000) } }), select: true }],
      }),
    ),
  );
  await store.close();
  return id;
}

/** Opens the damaged database and checks that nothing of it was touched. */
async function expectSetAside(damaged: Buffer): Promise<void> {
  writeFileSync(path, damaged);
  const store = new SqliteStore({ path });
  const [warning] = store.warnings;
  const aside = readdirSync(folder).find(
    (name) => name.startsWith("sessions.db.damaged-") && !/-(wal|shm)$/.test(name),
  );
  expect(warning).toContain(path);
  expect(warning).toContain(aside);
  expect(readFileSync(join(folder, aside ?? "")).equals(damaged)).toBe(true);
  expect(await store.listSheets(LOCAL)).toEqual([]);
  await store.createSheet(LOCAL, "works");
  await store.close();
}

describe("a damaged database", () => {
  it("that is no database at all is set aside", () =>
    expectSetAside(Buffer.from("this is not a database, it is a text of some length\n".repeat(50))));

  it("whose pages were overwritten is set aside", async () => {
    await fill(200);
    const bytes = readFileSync(path);
    for (let page = 10; page < 100; page++) bytes.fill(0xa5, page * 4096, page * 4096 + 4096);
    await expectSetAside(bytes);
  });

  it("that was cut short is set aside", async () => {
    await fill(200);
    await expectSetAside(readFileSync(path).subarray(0, 100_000));
  });

  it("is set aside as often as it happens, each under its own name", async () => {
    for (let time = 0; time < 3; time++) {
      writeFileSync(path, `damaged ${time} `.repeat(100));
      openDatabase(path).database.close();
    }
    expect(readdirSync(folder).filter((name) => name.includes("damaged"))).toHaveLength(3);
  });
});

describe("a large database that turns out to be damaged while it is used", () => {
  it("is checked as a whole at the next start, and set aside", async () => {
    const sheet = await fill(10_000);
    const bytes = readFileSync(path);
    expect(bytes.length).toBeGreaterThan(17_000_000);
    bytes.fill(0xa5, 4096 * 200);
    writeFileSync(path, bytes);
    const store = new SqliteStore({ path });
    expect(store.warnings).toEqual([]);
    await expect(store.history(LOCAL, sheet, "node", { offset: 0, limit: 100 })).rejects.toMatchObject({
      code: "STORE_DAMAGED",
    });
    await store.close();
    const again = new SqliteStore({ path });
    expect(again.warnings).toHaveLength(1);
    await again.close();
    const third = new SqliteStore({ path });
    expect(third.warnings).toEqual([]);
    await third.close();
  });
});

describe("a database of another version", () => {
  it("made by a newer daggr is refused and left alone", async () => {
    await fill(1);
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 999");
    database.close();
    expect(() => openDatabase(path)).toThrow(
      expect.objectContaining({
        code: "STORE_NEWER",
        message: expect.stringMatching(/sessions\.db.*DAGGR_DB_PATH.*persistKey/s),
      }),
    );
  });

  it("of another program is refused and left alone", () => {
    const database = new DatabaseSync(path);
    database.exec("CREATE TABLE sheets (sheet_id TEXT)");
    database.close();
    const before = readFileSync(path);
    expect(() => openDatabase(path)).toThrow(expect.objectContaining({ code: "STORE_FOREIGN" }));
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  it("made by version 1 is brought up to date with everything in it", async () => {
    copyFileSync(new URL("fixtures/version-1.db", import.meta.url), path);
    const scope = { user: "local", graph: "fixture" };
    const store = new SqliteStore({ path });
    const [sheet] = await store.listSheets(scope);
    expect(sheet?.name).toBe("My sheet");
    expect(await store.loadSheet(scope, sheet?.id ?? "")).toMatchObject({
      fields: { text__prompt: "a cheetah", text__count: 3 },
      variants: { choice: 1 },
      selected: { text: "result-1", each: "result-2" },
      positions: { text: { x: 10, y: 20 } },
      viewport: { x: 1, y: 2, zoom: 0.5 },
    });
    expect(await store.result(scope, "result-1")).toMatchObject({ outputs: { text: "long\ntext" } });
    expect(await store.result(scope, "result-2")).toMatchObject({
      outputs: { output: ["value 0", "value 1", "value 2"] },
      upstream: { text: "result-1" },
    });
    expect(await store.run(scope, "run-1")).toMatchObject({
      status: "done",
      lastSeq: 12,
      nodes: { text: { status: "done" } },
    });
    await store.close();
    const database = new DatabaseSync(path);
    expect(versionOf(database)).toBe(MIGRATIONS.length);
    database.close();
  });

  it("has the same tables whether it was migrated or begun anew", () => {
    copyFileSync(new URL("fixtures/version-1.db", import.meta.url), path);
    const schemas = [path, join(folder, "fresh.db")].map((file) => {
      const { database } = openDatabase(file);
      const rows = database.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").all();
      database.close();
      return rows;
    });
    expect(schemas[0]).toEqual(schemas[1]);
  });

  it("leaves alone a file that was never a database", () => {
    const notes = join(folder, "notes.txt");
    const text = "not a database, but somebody's own notes\n".repeat(100);
    writeFileSync(notes, text);
    expect(() => openDatabase(notes)).toThrow(expect.objectContaining({ code: "STORE_FOREIGN" }));
    expect(readFileSync(notes, "utf8")).toBe(text);
    expect(readdirSync(folder)).toEqual(["notes.txt"]);
  });
});
