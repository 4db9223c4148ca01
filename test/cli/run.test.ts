import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { daggr, descendants, makeProject, runDaggr, survivors } from "./command.ts";
import { failing, greeting, slow } from "./scripts.ts";

const cwd = makeProject({
  ...greeting,
  "slow.ts": slow,
  "failing.ts": failing,
  "broken.ts": "const a = ;\n",
  "empty.ts": `
import { FnNode, Graph, gr } from "daggr";
const square = new FnNode(({ n }: { n: number }) => n * n, {
  name: "square", inputs: { n: gr.Number({ label: "Side" }) }, outputs: { area: gr.Number() },
});
export const graph = new Graph({ name: "Square", nodes: [square] });
`,
});

describe("daggr run", () => {
  test("outputs go to stdout as JSON, progress to stderr, and nothing is left in the folder", async () => {
    const { code, stdout, stderr } = await runDaggr(["run", "app.ts", "--json"], { cwd });
    expect(JSON.parse(stdout)).toEqual({
      greet: { text: "Hello Ada, Hello Ada!a" },
      "count letters": { letters: 22 },
    });
    expect(stderr).toMatch(/✓ greet +/);
    expect(stderr).toMatch(/Done in \d/);
    expect(code).toBe(0);
    expect(existsSync(join(cwd, ".daggr_sessions.db"))).toBe(false);
  });

  test("without --json they are set out for a person", async () => {
    const { stdout } = await runDaggr(["run", "app.ts"], { cwd });
    expect(stdout).toBe("greet\n  text: Hello Ada, Hello Ada!a\ncount letters\n  letters: 22\n");
  });

  test("values are read as their component takes them", async () => {
    const inputs = [
      "who.person=Bo = 7",
      "who.times=1",
      "who.loud=true",
      "who.mood=stern",
      'who.tags=["x","y"]',
    ];
    const { stdout, stderr } = await runDaggr(
      ["run", "app.ts", "--json", ...inputs.flatMap((input) => ["-i", input])],
      { cwd },
    );
    expect(stderr).not.toContain("takes");
    expect(JSON.parse(stdout).greet.text).toBe("HELLO BO = 7.XY");
  });

  test.each([
    ["who.persn=x", "Did you mean 'who.person'?"],
    ["who.times=many", "who.times takes a number, got 'many'"],
    ["who.times=9", "who.times takes"],
    ["who.loud=yes", "who.loud takes true or false, got 'yes'"],
    ["who.mood=kindd", "Did you mean 'kind'?"],
    ["who.tags=[1", "who.tags takes JSON"],
    ["who.person", "-i needs <node>.<port>=<value>"],
  ])("refuses -i %s before anything runs", async (input, sentence) => {
    const { code, stdout, stderr } = await runDaggr(["run", "app.ts", "-i", input], { cwd });
    expect(stderr).toContain(sentence);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).not.toContain("greet  ");
  });

  test("a value that is missing is told with the inputs that can be given", async () => {
    const { code, stdout, stderr } = await runDaggr(["run", "empty.ts"], { cwd });
    expect(stderr).toBe(
      "daggr: Node 'square' needs a value for 'n' (Side). Give it with -i.\n\nInputs: square.n\n",
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  test("a failed node ends it with 1, its line, and the outputs of what did finish", async () => {
    const { code, stdout, stderr } = await runDaggr(["run", "failing.ts", "--json"], { cwd });
    expect(stderr).toContain("bad failed: The oven is cold.");
    expect(stderr).toMatch(/failing\.ts:\d+/);
    expect(stderr).toMatch(/after +blocked by bad/);
    expect(JSON.parse(stdout)).toEqual({ good: { text: "fine" } });
    expect(code).toBe(1);
  });

  test("a script that does not load is told with file and line", async () => {
    const { code, stderr } = await runDaggr(["run", "broken.ts"], { cwd });
    expect(stderr).toContain("broken.ts:1");
    expect(code).toBe(1);
  });

  test("a sheet keeps results, and --mode stale reuses them", async () => {
    const args = ["run", "app.ts", "--sheet", "trial", "--state-db-path", "kept/sheets.db"];
    expect((await runDaggr(args, { cwd })).stderr).toMatch(/✓ greet +\d/);
    const again = await runDaggr([...args, "--mode", "stale", "--json"], { cwd });
    expect(again.stderr).toMatch(/✓ greet +reused/);
    expect(JSON.parse(again.stdout).greet.text).toBe("Hello Ada, Hello Ada!a");
  });

  test("--nodes runs them and what they need", async () => {
    const { stdout } = await runDaggr(["run", "app.ts", "--json", "--nodes", "greet"], { cwd });
    expect(Object.keys(JSON.parse(stdout))).toEqual(["greet"]);
    const wrong = await runDaggr(["run", "app.ts", "--nodes", "gret"], { cwd });
    expect(wrong.stderr).toContain("Did you mean 'greet'?");
    expect(wrong.code).toBe(2);
  });

  test("Ctrl-C cancels the work and ends with 130", async () => {
    await using running = daggr(["run", "slow.ts"], { cwd });
    await running.until(/wait +started/);
    let started: number[] = [];
    while (started.length === 0) started = await descendants(running.process.pid ?? 0);
    running.process.kill("SIGINT");
    expect(await running.exit()).toBe(130);
    expect(running.stderr()).toContain("Cancelled");
    expect(await survivors(started, 5000)).toEqual([]);
  });
});
