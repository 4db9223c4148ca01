import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ZipFile } from "yazl";
import type { FileRef } from "../../base/files.ts";
import { rememberSecret } from "../../base/redact.ts";
import { numberField, type TestNode, textField } from "../../plan/testing.ts";
import type { SheetView } from "../../protocol/view.ts";
import { createMemoryStore } from "../../store/memory-store.ts";
import { LOCAL, TestEngine } from "../testing.ts";
import type { ImportedSheet } from "./import-sheet.ts";
import { readZip } from "./testing.ts";

let folder: string;
let open: TestEngine[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "daggr-sheets-"));
});
afterEach(async () => {
  for (const each of open) await each.close();
  open = [];
  await rm(folder, { recursive: true });
});

async function engine(nodes: Readonly<Record<string, TestNode>>): Promise<TestEngine> {
  const made = await TestEngine.open(nodes, createMemoryStore());
  open.push(made);
  return made;
}

const chain: Readonly<Record<string, TestNode>> = {
  a: { inputs: { x: textField({ value: "hello" }) } },
  b: { inputs: { a: "a.out" } },
  words: { inputs: { b: "b.out" }, invoke: () => ["one", "two", "three"] },
  each: {
    inputs: { word: "words.out.each", n: numberField({ value: 1 }) },
    invoke: ({ word, n }) => {
      if (n === 13) throw new Error(`no ${word} in ${process.cwd()}/app.ts`);
      return `${word} ${n}`;
    },
  },
};

async function exported(from: TestEngine, sheet = from.sheet): Promise<Buffer> {
  return buffer((await from.engine.exportSheet(LOCAL, sheet)).stream);
}

async function imported(to: TestEngine, bytes: Uint8Array, name?: string): Promise<ImportedSheet> {
  const file = join(folder, "sheet.zip");
  await writeFile(file, bytes);
  return to.engine.importSheet(LOCAL, file, name === undefined ? {} : { name });
}

async function viewOf(from: TestEngine, sheet: string): Promise<SheetView> {
  return (await from.engine.openSheet(LOCAL, sheet)).view;
}

/** What a person sees: everything but ids, and what is the whole graph's (usual times). */
function seen(view: SheetView): unknown {
  const hidden = new Set(["id", "run", "updatedAt", "usualMs", "name", "place"]);
  const text = JSON.stringify(view, (key, value) => (hidden.has(key) ? undefined : value));
  return JSON.parse(text.replaceAll(process.cwd(), "."));
}

function withoutIds(text: string): string {
  const ids = new Map<string, string>();
  return text.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
    if (!ids.has(id)) ids.set(id, `id ${ids.size}`);
    return ids.get(id) as string;
  });
}

describe("an exported sheet", () => {
  it("comes back the same on another machine: nothing is stale, history and links are there", async () => {
    const here = await engine(chain);
    await here.run({ fields: { a__x: "one" } });
    await here.run({ fields: { a__x: "two", each__n: 13 } });
    await here.run({ fields: { a__x: "three", each__n: 2 } });
    await here.engine.editOutput(LOCAL, here.sheet, { node: "b", port: "out", value: "by hand" });
    await here.engine.setPositions(LOCAL, here.sheet, { a: { x: 1, y: 2 } });
    await here.engine.setViewport(LOCAL, here.sheet, { x: 1, y: 2, zoom: 0.5 });
    const before = await viewOf(here, here.sheet);
    const { name } = await here.engine.exportSheet(LOCAL, here.sheet);
    expect(name).toBe("test - Sheet 1.daggr.zip");

    const there = await engine(chain);
    const { sheet, notes } = await imported(there, await exported(here));
    expect(notes).toEqual([]);
    // The ids were free there: a link to a result leads to the same one.
    expect(sheet.id).toBe(here.sheet);
    expect(sheet.name).toBe("Sheet 1 (2)");
    const after = await viewOf(there, sheet.id);
    expect(seen(after)).toEqual(seen(before));
    expect(after.nodes["b"]?.result?.id).toBe(before.nodes["b"]?.result?.id);
    const page = { offset: 0, limit: 20 };
    for (const node of ["a", "b", "each"]) {
      expect(await there.engine.history(LOCAL, sheet.id, node, page)).toEqual(
        await here.engine.history(LOCAL, here.sheet, node, page),
      );
    }
    there.sheet = sheet.id;
    // Only what is downstream of the value that was changed by hand.
    expect(await there.run()).toEqual(await here.run());
  });

  it("has other ids where there is one already, and gives an equal file again", async () => {
    const here = await engine(chain);
    await here.run({ fields: { a__x: "one" } });
    const first = await exported(here);
    const { sheet } = await imported(here, first);
    expect(sheet.id).not.toBe(here.sheet);
    const second = await exported(here, sheet.id);
    const [before, after] = [await readZip(first), await readZip(second)];
    expect([...after.keys()]).toEqual([...before.keys()]);
    for (const [entry, text] of before) {
      const again = (after.get(entry) ?? "").replace('"Sheet 1 (2)"', '"Sheet 1"');
      expect(withoutIds(again), entry).toBe(withoutIds(text));
    }
  });

  it("gives the same bytes from another machine", async () => {
    const here = await engine(chain);
    await here.run({ fields: { a__x: "one" } });
    const first = await exported(here);
    await here.engine.deleteSheet(LOCAL, here.sheet);
    const { sheet } = await imported(here, first, "Sheet 1 again");
    await here.engine.deleteSheet(LOCAL, (await here.engine.sheets(LOCAL))[0]?.id ?? "");
    await here.engine.renameSheet(LOCAL, sheet.id, "Sheet 1");
    expect((await exported(here, sheet.id)).equals(first)).toBe(true);
  });

  it("brings its files, each once, and nobody else's", async () => {
    const here = await engine({ a: { inputs: { x: textField() }, invoke: () => picture } });
    const picture = await here.store.files.put({ bytes: new Uint8Array([1, 2, 3]) }, "cat.png");
    await here.run({ fields: { a__x: "1" } });
    await here.run({ fields: { a__x: "2" } });
    const bytes = await exported(here);
    const entries = [...(await readZip(bytes)).keys()].filter((name) => name.startsWith("files/"));
    expect(entries).toEqual([`files/${picture.id}.png`]);
    const there = await engine({ a: { inputs: { x: textField() }, invoke: () => "" } });
    const { sheet } = await imported(there, bytes);
    const value = (await viewOf(there, sheet.id)).nodes["a"]?.outputs?.["out"] as FileRef;
    expect(value).toEqual(picture);
    expect(await there.store.ownsFile(LOCAL, picture.id)).toBe(true);
    expect(await there.store.files.find(picture.id)).toMatchObject({ size: 3 });
  });

  it("holds no secret, no script's place and no folder of this machine", async () => {
    rememberSecret("a-secret-of-the-test");
    const here = await engine({
      ...chain,
      told: {
        inputs: { x: textField() },
        invoke: ({ x }) => `${x} a-secret-of-the-test hf_${"a".repeat(34)}`,
      },
    });
    await here.run({ fields: { a__x: "one", each__n: 13, told__x: "b" } });
    const text = [...(await readZip(await exported(here))).values()].join("\n");
    expect(text).toContain("no one in ./app.ts");
    expect(text).not.toContain("a-secret-of-the-test");
    expect(text).not.toContain("hf_aaaa");
    expect(text).not.toContain(process.cwd());
    expect(text).not.toContain(tmpdir());
  });

  it("round trips whatever was done on it", async () => {
    const step = fc.oneof(
      fc.record({ run: fc.record({ a__x: fc.string(), each__n: fc.integer({ min: 1, max: 14 }) }) }),
      fc.record({ edit: fc.string() }),
      fc.record({ item: fc.integer({ min: 0, max: 2 }) }),
      fc.record({ move: fc.integer({ min: -1000, max: 1000 }) }),
      fc.record({ select: fc.nat({ max: 5 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        const here = await engine(chain);
        for (const each of steps) await take(here, each);
        const there = await engine(chain);
        const bytes = await exported(here);
        const { sheet } = await imported(there, bytes);
        // As it looks after a restart: what is only in memory is not the sheet's.
        const later = await TestEngine.open(chain, here.store);
        expect(seen(await viewOf(there, sheet.id))).toEqual(seen(await viewOf(later, here.sheet)));
        await later.engine.close();
        await there.engine.renameSheet(LOCAL, here.sheet === sheet.id ? there.sheet : sheet.id, "Other");
        await there.engine.renameSheet(LOCAL, sheet.id, "Sheet 1");
        expect((await exported(there, sheet.id)).equals(bytes)).toBe(true);
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});

type Step = Partial<{
  run: Record<string, unknown>;
  edit: string;
  item: number;
  move: number;
  select: number;
}>;

async function take(test: TestEngine, { run, edit, item, move, select }: Step): Promise<void> {
  if (run !== undefined) await test.run({ fields: run });
  const has = (await test.node("each")).result !== undefined;
  if (edit !== undefined && (await test.node("b")).result !== undefined)
    await test.engine.editOutput(LOCAL, test.sheet, { node: "b", port: "out", value: edit });
  if (item !== undefined && has) await test.run({ mode: "step", nodes: ["each"], item }).catch(() => {});
  if (move !== undefined) await test.engine.setPositions(LOCAL, test.sheet, { a: { x: move, y: -move } });
  if (select === undefined || !has) return;
  const { entries } = await test.engine.history(LOCAL, test.sheet, "each", { offset: 0, limit: 20 });
  const entry = entries[select % entries.length];
  if (entry !== undefined) await test.engine.selectResult(LOCAL, test.sheet, "each", entry.id);
}

describe("a sheet of another graph", () => {
  it("comes as far as it fits, and says what was left out", async () => {
    const here = await engine(chain);
    await here.run({ fields: { a__x: "one" } });
    const bytes = await changed(await exported(here), (name, text) =>
      name === "sheet.json" ? text.replace('"persistKey": "test"', '"persistKey": "podcast"') : text,
    );
    const { each: _, words: __, ...less } = chain;
    const there = await engine(less);
    const { sheet, notes } = await imported(there, bytes);
    expect(notes).toEqual([
      "The sheet is of another graph, 'test'.",
      "Left out, because this graph has no such steps or inputs: 1 result of 'words', 1 result of 'each'.",
    ]);
    there.sheet = sheet.id;
    expect(await there.statuses()).toEqual({ a: "done", b: "done" });
    const stranger = await engine({ z: { inputs: { q: textField() } } });
    await expect(imported(stranger, bytes)).rejects.toMatchObject({ code: "SHEET_FILE_FOREIGN" });
    expect(await stranger.engine.sheets(LOCAL)).toHaveLength(1);
  });
});

describe("a file that is no sheet, or a broken one, is refused and leaves nothing", () => {
  const cases: Readonly<Record<string, (bytes: Buffer) => Promise<Buffer> | Buffer>> = {
    "no zip": () => Buffer.from("hello"),
    empty: () => Buffer.alloc(0),
    "half a file": (bytes) => bytes.subarray(0, bytes.length / 2),
    "a zip of something else": () => zipOf({ "readme.txt": "hello" }),
    "no sheet.json": (bytes) => changed(bytes, (name, text) => (name === "sheet.json" ? undefined : text)),
    "a foreign entry": (bytes) => changed(bytes, (_, text) => text, { "notes.txt": "hello" }),
    "a path out of the folder": async (bytes) => {
      const zip = await changed(bytes, (_, text) => text, { "xx/yy/zz.txt": "hello" });
      return Buffer.from(zip.toString("latin1").replaceAll("xx/yy/zz.txt", "../../zz.txt"), "latin1");
    },
    "an absolute path": async (bytes) => {
      const zip = await changed(bytes, (_, text) => text, { "xetc/passwd": "hello" });
      return Buffer.from(zip.toString("latin1").replaceAll("xetc/passwd", "/etc/passwd"), "latin1");
    },
    "an entry twice": (bytes) =>
      changed(bytes, (_, text) => text, { "zheet.json": "{}" }).then((zip) =>
        Buffer.from(zip.toString("latin1").replaceAll("zheet.json", "sheet.json"), "latin1"),
      ),
    "a file whose content is another's": (bytes) =>
      changed(bytes, (name, text) => (name.startsWith("files/") ? "other content" : text)),
    "a record that is no JSON": (bytes) =>
      changed(bytes, (name, text) => (name === "results.jsonl" ? `${text}{"id":\n` : text)),
    "a record that ends too early": (bytes) =>
      changed(bytes, (name, text) => (name === "results.jsonl" ? text.slice(0, -5) : text)),
    "a record with a wrong value": (bytes) =>
      changed(bytes, (_, text) => text.replace('"durationMs":', '"durationMs":"long","x":')),
    "a key that reaches a prototype": (bytes) =>
      changed(bytes, (_, text) => text.replace('"drawn":{}', '"drawn":{"__proto__":{"x":1}}')),
    "a value that is nested too deeply": (bytes) =>
      changed(bytes, (_, text) =>
        text.replace('"drawn":{}', `"drawn":{"x":${"[".repeat(5000)}${"]".repeat(5000)}}`),
      ),
    "our own mark on something that is no file": (bytes) =>
      changed(bytes, (_, text) =>
        text.replace('"drawn":{}', '"drawn":{"x":{"\\u0024daggr":"file","id":"../x"}}'),
      ),
    "missing items": (bytes) => changed(bytes, (name, text) => (name === "items.jsonl" ? "" : text)),
    "items of a run that is not there": (bytes) =>
      changed(bytes, (name, text) => (name === "runs.jsonl" ? "" : text)),
    "an id with a path in it": (bytes) =>
      changed(bytes, (name, text) =>
        name === "results.jsonl" ? text.replace(/"id":"[^"]+"/, '"id":"../x"') : text,
      ),
  };

  for (const [name, spoil] of Object.entries(cases)) {
    it(name, async () => {
      const { bytes } = await withFile();
      const there = await engine(chain);
      await expect(imported(there, await spoil(bytes))).rejects.toMatchObject({ code: "SHEET_FILE_INVALID" });
      expect(await there.engine.sheets(LOCAL)).toHaveLength(1);
      expect(await there.store.listRuns(LOCAL, { offset: 0, limit: 9 })).toEqual([]);
    });
  }

  it("another version", async () => {
    const { bytes } = await withFile();
    const there = await engine(chain);
    const newer = await changed(bytes, (_, text) => text.replace('"version": 1', '"version": 2'));
    await expect(imported(there, newer)).rejects.toMatchObject({ code: "SHEET_FILE_VERSION" });
  });

  it("a bomb: what is told or unpacked is more than is allowed", async () => {
    const there = await engine(chain);
    const file = join(folder, "bomb.zip");
    const { bytes } = await withFile();
    await writeFile(
      file,
      await changed(bytes, (_, text) => text, { [`files/${"a".repeat(64)}`]: "0".repeat(5_000_000) }),
    );
    const limits = { bytes: 1_000_000 };
    await expect(there.engine.importSheet(LOCAL, file, { limits })).rejects.toMatchObject({
      code: "TOO_LARGE",
    });
    // One that lies about its size.
    const zip = await zipOf({ "sheet.json": " ".repeat(5_000_000) });
    const size = Buffer.alloc(4);
    size.writeUInt32LE(5_000_000);
    const small = Buffer.alloc(4);
    small.writeUInt32LE(1000);
    const liar = Buffer.from(
      zip.toString("latin1").replaceAll(size.toString("latin1"), small.toString("latin1")),
      "latin1",
    );
    await writeFile(file, liar);
    await expect(there.engine.importSheet(LOCAL, file, { limits })).rejects.toMatchObject({
      code: "SHEET_FILE_INVALID",
    });
  });
});

describe("files that an archive only names", () => {
  it("are not given: their ids alone open nothing", async () => {
    const { bytes, picture } = await withFile();
    const without = await changed(bytes, (name, text) => (name.startsWith("files/") ? undefined : text));
    const there = await engine(chain);
    // It is there, and somebody else's.
    await there.store.files.put({ bytes: new Uint8Array([1, 2, 3]) }, "cat.png");
    await there.store.ownFile({ user: "somebody", graph: "else" }, picture.id);
    const { sheet, notes } = await imported(there, without);
    expect(notes).toEqual(["Missing in the file: 'cat.png'."]);
    expect((await viewOf(there, sheet.id)).nodes["b"]?.outputs).toEqual({ out: null });
    expect(await there.store.ownsFile(LOCAL, picture.id)).toBe(false);
  });
});

/** A sheet with a picture, items and an error. */
async function withFile(): Promise<{ readonly bytes: Buffer; readonly picture: FileRef }> {
  let picture: FileRef | undefined;
  const here = await engine({ ...chain, b: { inputs: { a: "a.out" }, invoke: () => picture } });
  picture = await here.store.files.put({ bytes: new Uint8Array([1, 2, 3]) }, "cat.png");
  await here.run({ fields: { a__x: "one" } });
  return { bytes: await exported(here), picture };
}

function zipOf(entries: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(entries)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  return buffer(zip.outputStream);
}

/** The archive with other contents; `undefined` leaves one out. */
async function changed(
  bytes: Buffer,
  change: (name: string, text: string) => string | undefined,
  more: Readonly<Record<string, string>> = {},
): Promise<Buffer> {
  const entries: Record<string, Buffer> = {};
  for (const [name, text] of await readZip(bytes)) {
    const other = change(name, text);
    if (other !== undefined) entries[name] = Buffer.from(other, "latin1");
  }
  return zipOf({ ...entries, ...more });
}
