import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { FileWatcher } from "./watcher.ts";

const folder = mkdtempSync(join(tmpdir(), "daggr-watch-"));
const file = (name: string): string => join(folder, name);
let watcher: FileWatcher | undefined;
let changes: string[] = [];

async function watch(...names: string[]): Promise<void> {
  changes = [];
  for (const name of names) writeFileSync(file(name), "1");
  watcher = new FileWatcher((path) => changes.push(path));
  watcher.add(names.map(file));
  await delay(50);
}

async function settled(): Promise<string[]> {
  await delay(250);
  return changes;
}

afterEach(() => watcher?.close());

describe("FileWatcher", () => {
  test("tells of a change once, however many writes it took", async () => {
    await watch("a.ts", "b.ts");
    for (let write = 0; write < 5; write += 1) writeFileSync(file("a.ts"), `2${write}`);
    writeFileSync(file("b.ts"), "2");
    expect(await settled()).toEqual([file("a.ts")]);
  });

  test("goes on when an editor replaces the file by another", async () => {
    await watch("a.ts");
    for (const text of ["2", "3"]) {
      writeFileSync(file("a.tmp"), text);
      renameSync(file("a.tmp"), file("a.ts"));
      await settled();
    }
    expect(changes).toEqual([file("a.ts"), file("a.ts")]);
  });

  test("a file that is gone for a moment is waited for", async () => {
    await watch("a.ts");
    rmSync(file("a.ts"));
    expect(await settled()).toEqual([]);
    writeFileSync(file("a.ts"), "2");
    expect(await settled()).toEqual([file("a.ts")]);
  });

  test("the same content, and other files beside it, are no change", async () => {
    await watch("a.ts");
    utimesSync(file("a.ts"), new Date(), new Date());
    writeFileSync(file("a.ts"), "1");
    writeFileSync(file("other.ts"), "1");
    writeFileSync(file(".daggr_sessions.db"), "1");
    expect(await settled()).toEqual([]);
  });

  test("after a failure a new file may be the missing one, but never a database", async () => {
    await watch("a.ts");
    watcher?.expectMissing();
    writeFileSync(file(".daggr_sessions.db-wal"), "1");
    writeFileSync(file("notes.txt"), "1");
    expect(await settled()).toEqual([]);
    writeFileSync(file("missing.ts"), "1");
    expect(await settled()).toEqual([file("missing.ts")]);
  });
});
