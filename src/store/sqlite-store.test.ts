import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { SqliteStore } from "./sqlite-store.ts";
import { describeStore } from "./store-specification.ts";

const folder = mkdtempSync(join(tmpdir(), "daggr-store-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

describeStore(
  "the SQLite store",
  () => new SqliteStore({ path: join(folder, `${count++}`, "sessions.db"), graceMs: 0 }),
);
