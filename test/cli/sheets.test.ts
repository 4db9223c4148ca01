/** `daggr sheets`, in a process as a person starts it, and `graph.sheets`. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { daggr, makeProject, runDaggr } from "./command.ts";
import { greeting } from "./scripts.ts";

const cwd = makeProject({
  ...greeting,
  "kept-nowhere.ts": `
import { FnNode, Graph, gr } from "daggr";
const one = new FnNode(() => 1, { name: "one", inputs: {}, outputs: { n: gr.Number() } });
export const graph = new Graph({ name: "Preview", nodes: [one], persistKey: false });
`,
  "headless.ts": `
import { graph } from "./described.ts";
const [first] = await graph.sheets.list();
const file = await graph.sheets.export(first.name, "out/");
const { name, notes, results } = await graph.sheets.import(file, { name: "Back" });
const copy = await graph.sheets.duplicate("back");
await graph.sheets.delete(copy.id);
console.log(JSON.stringify({ first: first.results, name, notes, results, copy: copy.name, left: (await graph.sheets.list()).length }));
`,
  "described.ts": greeting["app.ts"].replace("await graph.launch();", ""),
});
const sheets = (...args: string[]) => runDaggr(["sheets", ...args], { cwd });

describe("daggr sheets", () => {
  test("exports, deletes and imports a sheet: its results are reused", async () => {
    await runDaggr(["run", "app.ts", "--sheet", "First try", "-i", "who.person=Bo"], { cwd });
    const listed = await sheets("list", "app.ts");
    expect(listed.stdout).toMatch(/^First try {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}2 results\n$/);
    const exported = await sheets("export", "app.ts");
    expect(exported.stdout).toBe("Greeting - First try.daggr.zip\n");
    expect((await sheets("export", "app.ts", "first TRY", "-o", "mine.zip")).stdout).toBe("mine.zip\n");
    const asked = await sheets("delete", "app.ts", "First try");
    expect([asked.code, asked.stderr]).toEqual([1, expect.stringContaining("say --yes")]);
    const deleted = await sheets("delete", "app.ts", "First try", "--yes");
    expect([deleted.code, deleted.stderr]).toEqual([0, "Deleted 'First try' (2).\n"]);
    expect((await sheets("list", "app.ts", "--json")).stdout).toBe("[]\n");
    const imported = await sheets("import", "app.ts", "Greeting - First try.daggr.zip");
    expect([imported.code, imported.stdout]).toEqual([0, "First try\n"]);
    const again = await runDaggr(["run", "app.ts", "--sheet", "First try", "--mode", "stale", "--json"], {
      cwd,
    });
    expect(JSON.parse(again.stdout)).toMatchObject({ greet: { text: "Hello Bo, Hello Bo!a" } });
    expect(again.stderr).not.toMatch(/✓ greet +\d/);
    expect(readdirSync(cwd).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  test("works beside a running server, which shows what came", async () => {
    await using server = daggr(["app.ts", "--no-open", "--no-typecheck", "--port", "0"], { cwd });
    const url = await server.url();
    const copy = await sheets("app.ts", "duplicate", "First try", "--name", "Beside", "--json");
    expect(JSON.parse(copy.stdout)).toMatchObject({ name: "Beside", results: 2 });
    const { sheets: seen } = (await (await fetch(`${url}api/sheets`)).json()) as {
      sheets: { name: string }[];
    };
    expect(seen.map(({ name }) => name)).toContain("Beside");
  });

  test("mistakes are told with what would be right", async () => {
    const wrong = async (...args: string[]) => {
      const { code, stderr } = await sheets(...args);
      return { code, stderr };
    };
    expect(await wrong("exprot", "app.ts")).toEqual({
      code: 2,
      stderr: expect.stringContaining("cannot 'exprot'. Did you mean 'export'? It can list, export, import"),
    });
    expect(await wrong("list")).toEqual({ code: 2, stderr: expect.stringContaining("No script was named.") });
    expect(await wrong("export", "app.ts", "Frist try")).toEqual({
      code: 1,
      stderr: expect.stringContaining(
        "There is no sheet 'Frist try'. Did you mean 'First try'? Sheets: First try",
      ),
    });
    expect(await wrong("delete", "app.ts")).toEqual({ code: 2, stderr: expect.stringContaining("--all") });
    expect(await wrong("import", "app.ts", "gone.zip")).toEqual({
      code: 1,
      stderr: "daggr: There is no file 'gone.zip'.\n",
    });
    expect(await wrong("import", "app.ts", "greet.ts")).toEqual({
      code: 1,
      stderr: expect.stringContaining("This is no whole zip file"),
    });
    expect(await wrong("list", "kept-nowhere.ts")).toEqual({
      code: 1,
      stderr: expect.stringContaining("'Preview' saves nothing (persistKey: false)"),
    });
  });

  test("help says what there is", async () => {
    const { stdout } = await sheets("--help");
    for (const word of ["list", "export", "import", "duplicate", "delete", "--json"])
      expect(stdout).toContain(word);
  });
});

test("graph.sheets does the same in a script", async () => {
  const { code, stdout, stderr } = await runDaggr([], { cwd, program: join(cwd, "headless.ts") });
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual({
    first: 2,
    name: "Back",
    notes: [],
    results: 2,
    copy: "Back copy",
    left: 3,
  });
  expect(code).toBe(0);
  expect(readdirSync(join(cwd, "out"))).toEqual(["Greeting - First try.daggr.zip"]);
});
