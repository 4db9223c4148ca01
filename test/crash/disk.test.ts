import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import { LOCAL, makeResult } from "../../src/store/testing.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "daggr-disk-"));
  chmodSync(folder, 0o777);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Opens a store in a process that, unlike root, minds permissions; returns the code of the error. */
function openUnprivileged(path: string): { readonly code: string; readonly message: string } {
  const module = new URL("../../src/store/sqlite-store.ts", import.meta.url).href;
  const script = `const { SqliteStore } = await import(${JSON.stringify(module)});
    try { await new SqliteStore({ path: ${JSON.stringify(path)} }).close(); console.log("{}"); }
    catch (error) { console.log(JSON.stringify({ code: error.code, message: error.message })); }`;
  const asOther = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--no-warnings", "--input-type=module", "-e", script],
    { encoding: "utf8", cwd: "/", ...asOther },
  );
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as { code: string; message: string };
}

describe("a place that cannot be written", () => {
  it("is an error that names the file and the ways out, whether the folder, the database or the files are read-only", async () => {
    const cases: Record<string, () => string> = {
      folder: () => {
        const place = join(folder, "closed");
        mkdirSync(place);
        chmodSync(place, 0o555);
        return join(place, "sessions.db");
      },
      database: () => {
        const path = join(folder, "sessions.db");
        chmodSync(path, 0o444);
        return path;
      },
      parent: () => join(folder, "closed", "deeper", "sessions.db"),
    };
    await new SqliteStore({ path: join(folder, "sessions.db") }).close();
    for (const [name, prepare] of Object.entries(cases)) {
      const path = prepare();
      const { code, message } = openUnprivileged(path);
      expect(code, name).toBe("STORE_READ_ONLY");
      expect(message, name).toContain(folder);
      expect(message, name).toMatch(/DAGGR_DB_PATH.*persistKey: false/);
    }
  });

  it("of files only is one too", async () => {
    await new SqliteStore({ path: join(folder, "sessions.db") }).close();
    for (const name of readdirSync(folder)) if (name !== ".daggr_files") chmodSync(join(folder, name), 0o666);
    rmSync(join(folder, ".daggr_files"), { recursive: true });
    writeFileSync(join(folder, ".daggr_files"), "in the way");
    expect(openUnprivileged(join(folder, "sessions.db"))).toMatchObject({
      code: "STORE_READ_ONLY",
      message: expect.stringContaining(".daggr_files"),
    });
  });
});

/** A disk of two megabytes; only root can have one. */
function mountSmallDisk(): string | undefined {
  const place = join(folder, "small");
  mkdirSync(place);
  return spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", place]).status === 0
    ? place
    : undefined;
}

describe("a full disk", () => {
  it("loses nothing that was told, and takes more when there is space again", async (context) => {
    const place = mountSmallDisk();
    if (place === undefined) return context.skip("mounting a small disk needs root");
    try {
      const store = new SqliteStore({ path: join(place, "sessions.db") });
      const { id: sheet } = await store.createSheet(LOCAL, "Sheet 1");
      writeFileSync(join(place, "ballast"), new Uint8Array(700_000));
      const told: string[] = [];
      let failure: unknown;
      for (let count = 0; failure === undefined && count < 500; count++) {
        const record = makeResult({ outputs: { output: "x".repeat(10_000) } });
        await store.commit(LOCAL, { results: [{ sheet, record, select: true }] }).then(
          () => told.push(record.id),
          (error: unknown) => {
            failure = error;
          },
        );
      }
      expect(failure).toMatchObject({ code: "STORE_FULL" });
      await expect(store.files.put({ bytes: new Uint8Array(1_000_000) }, "big.bin")).rejects.toMatchObject({
        code: "STORE_FULL",
      });
      expect(readdirSync(join(place, ".daggr_files", "incoming"))).toEqual([]);
      for (const id of told) expect((await store.result(LOCAL, id))?.id).toBe(id);

      rmSync(join(place, "ballast"));
      const record = makeResult({ outputs: { output: "x".repeat(10_000) } });
      await store.commit(LOCAL, { results: [{ sheet, record, select: true }] });
      expect((await store.tallies(LOCAL, sheet))["node"]?.total).toBe(told.length + 1);
      await store.close();
      const again = new SqliteStore({ path: join(place, "sessions.db") });
      expect(again.warnings).toEqual([]);
      for (const id of [...told, record.id]) expect((await again.result(LOCAL, id))?.id).toBe(id);
      await again.close();
      expect(statSync(join(place, "sessions.db")).size).toBeGreaterThan(100_000);
    } finally {
      spawnSync("umount", ["-l", place]);
    }
  });
});
