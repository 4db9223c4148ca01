import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, extname, join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FolderFileStore } from "./files.ts";

let folder: string;
let files: FolderFileStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "daggr-files-test-"));
  files = new FolderFileStore(join(folder, "files"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (text: string) => new TextEncoder().encode(text);

async function* chunks() {
  yield bytes("one ");
  yield bytes("two");
}

describe("files", () => {
  it("are kept by content, from bytes, streams and paths", async () => {
    const path = join(folder, "from.txt");
    writeFileSync(path, "one two");
    const refs = [
      await files.put({ bytes: bytes("one two") }, "a.txt"),
      await files.put({ stream: chunks() }, "b.txt"),
      await files.put({ path }),
    ];
    const id = createHash("sha256").update("one two").digest("hex");
    expect(refs).toEqual(
      ["a.txt", "b.txt", "from.txt"].map((name) => ({
        $daggr: "file",
        id,
        name,
        mime: "text/plain",
        size: 7,
      })),
    );
    for (const ref of refs) {
      const kept = await files.path(ref);
      expect(basename(kept)).toBe(ref.name);
      expect(readFileSync(kept, "utf8")).toBe("one two");
    }
    expect(await files.find(id)).toEqual(refs[0]);
    expect(await files.find("0".repeat(64))).toBeUndefined();
    expect(await files.find("../../etc")).toBeUndefined();
  });

  it("put at the same moment are the same file", async () => {
    const refs = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        files.put({ bytes: bytes("same") }, index % 2 === 0 ? "a.txt" : "b.txt"),
      ),
    );
    for (const ref of refs) expect(readFileSync(await files.path(ref), "utf8")).toBe("same");
  });

  it("never leave their folder, whatever they are called", async () => {
    const names = [
      "../../evil.txt",
      "..",
      "/etc/passwd",
      "C:\\windows\\x.exe",
      ".hidden",
      "a\u0000b.png",
      "",
      "con",
      "aux.txt",
      `${"ü".repeat(300)}.jpeg`,
      "x\u202Egnp.exe",
      "a/b\\c.txt ",
    ];
    for (const name of names) {
      const ref = await files.put({ bytes: bytes(`content of ${name}`) }, name);
      const kept = await files.path(ref);
      expect(relative(files.folder, kept)).toMatch(/^[0-9a-f]{2}.[0-9a-f]{64}.[^/\\]+$/);
      expect(basename(kept)).toBe(ref.name);
      expect(Buffer.byteLength(ref.name)).toBeLessThanOrEqual(120);
      expect(ref.name).not.toMatch(/^\.|^(con|aux)(\.|$)/);
    }
    const long = await files.put({ bytes: bytes("x") }, `${"ü".repeat(300)}.jpeg`);
    expect(long).toMatchObject({ mime: "image/jpeg" });
  });

  it("have a path with the extension that their ref says", async () => {
    const ref = await files.put({ bytes: bytes("x") }, "a.txt");
    expect(extname(await files.path({ ...ref, name: "../other.csv" }))).toBe(".csv");
    expect(await files.path({ ...ref, name: "again.txt" })).toBe(await files.path(ref));
  });

  it("that are not there are an error that says so", async () => {
    await expect(files.put({ path: join(folder, "none.txt") })).rejects.toMatchObject({
      code: "FILE_MISSING",
    });
    await expect(files.put({ path: folder })).rejects.toMatchObject({ code: "FILE_MISSING" });
    const ref = { $daggr: "file", id: "0".repeat(64), name: "a", mime: "", size: 0 } as const;
    await expect(files.path(ref)).rejects.toMatchObject({ code: "FILE_MISSING" });
  });

  it("leave nothing behind when their source breaks off", async () => {
    async function* broken() {
      yield bytes("one");
      throw new Error("connection lost");
    }
    await expect(files.put({ stream: broken() }, "a.txt")).rejects.toThrow("connection lost");
    expect(await files.removeUnreferenced(() => false, 0)).toBe(0);
  });

  it("that nothing refers to are removed once they are old enough", async () => {
    const [kept, old, young] = [
      await files.put({ bytes: bytes("1") }),
      await files.put({ bytes: bytes("2") }),
      await files.put({ bytes: bytes("3") }),
    ];
    const before = new Date(Date.now() - 10_000);
    for (const ref of [kept, old]) utimesSync(files.folderOf(ref.id), before, before);
    expect(await files.removeUnreferenced((id) => id === kept.id, 5_000)).toBe(1);
    expect([kept, old, young].map((ref) => existsSync(files.folderOf(ref.id)))).toEqual([true, false, true]);
    // Putting it again makes it young.
    utimesSync(files.folderOf(young.id), before, before);
    await files.put({ bytes: bytes("3") });
    expect(await files.removeUnreferenced(() => false, 5_000)).toBe(1);
    expect(existsSync(files.folderOf(young.id))).toBe(true);
  });
});
