import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { freePort } from "../support/python.ts";
import { daggr, descendants, makeProject, runDaggr, survivors } from "./command.ts";
import { openPage } from "./page.ts";
import { greeting, slow } from "./scripts.ts";

const exported = slow.replace("seconds: gr.Number({ value: 60 })", "seconds: gr.Number({ value: 0 })");
const endless = `
import { FnNode, Graph, gr } from "daggr";
const spin = new FnNode(() => { for (;;); }, { name: "spin", inputs: {}, outputs: { text: gr.Textbox() } });
export const graph = new Graph({ name: "Endless", nodes: [spin] });
`;
const failing = `
import { FnNode, Graph, gr } from "daggr";
const draw = new FnNode(() => { throw new Error("no ink: " + process.env.INK_SECRET); }, { name: "draw", inputs: {}, outputs: { text: gr.Textbox() } });
export const graph = new Graph({ name: "Failing", nodes: [draw] });
`;
const cwd = makeProject({
  ...greeting,
  "failing.ts": failing,
  "exported.ts": exported,
  "slow.ts": slow,
  "endless.ts": endless,
});
const flags = ["--no-open", "--no-typecheck"];

/** Starts a script on a free port of its own. */
async function start(script: string, ...more: string[]) {
  const running = daggr([script, "--port", String(await freePort()), ...flags, ...more], { cwd });
  const url = await running.url();
  return { running, url, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}

async function runAll(url: string): Promise<void> {
  await using page = await openPage(url);
  await page.find("sheet");
  await page.ask("run", { mode: "all", nodes: [] });
}

describe("daggr <script>", () => {
  test("serves the graph and tells where", async () => {
    await using app = await start("app.ts");
    expect((await fetch(app.url)).status).toBe(200);
    await app.running.until(/Greeting is on http/);
    const schema = await (await fetch(`${app.url}api/schema`)).text();
    expect(schema).toContain("who__person");
  });

  test("launches a script that only exports its graph", async () => {
    await using app = await start("exported.ts");
    expect(await (await fetch(`${app.url}api/schema`)).text()).toContain("wait__seconds");
  });

  test("takes the next free port and says so", async () => {
    const port = await freePort();
    const other = createServer().listen(port, "127.0.0.1");
    await once(other, "listening");
    await using running = daggr(["app.ts", "--port", String(port), ...flags], { cwd });
    await running.until(new RegExp(`Port ${port} is taken: using \\d+`));
    expect((await fetch(await running.url())).status).toBe(200);
    other.close();
  });

  test("tells in one line which step failed, why and where, without secrets; --quiet says nothing", async () => {
    const env = { INK_SECRET: "very-black-ink-7" };
    const flagsOf = async (...more: string[]) => [
      "failing.ts",
      "--port",
      String(await freePort()),
      ...flags,
      ...more,
    ];
    await using app = daggr(await flagsOf(), { cwd, env });
    await runAll(await app.url());
    const [line] = await app.until(/^.*draw failed:.*$/m);
    expect(line).toMatch(/^\d\d:\d\d:\d\d draw failed: .*no ink: .*\(.*failing\.ts:\d+\)$/);
    expect(app.output()).not.toContain("very-black-ink-7");
    expect(app.output().match(/draw failed/g)).toHaveLength(1);
    await using silent = daggr(await flagsOf("--quiet"), { cwd, env });
    const url = await silent.url();
    await using page = await openPage(url);
    await page.find("sheet");
    await page.ask("run", { mode: "all", nodes: [] });
    await page.find("node", ({ state }) => state.status === "failed");
    await delay(200);
    expect(silent.output()).not.toContain("draw failed");
  });

  test("reads host and port from Gradio's variables, daggr's own first", async () => {
    const [gradio, own] = [await freePort(), await freePort()];
    await using first = daggr(["app.ts", ...flags], { cwd, env: { GRADIO_SERVER_PORT: String(gradio) } });
    expect(new URL(await first.url()).port).toBe(String(gradio));
    await using second = daggr(["app.ts", ...flags], {
      cwd,
      env: { GRADIO_SERVER_PORT: String(gradio), DAGGR_PORT: String(own) },
    });
    expect(new URL(await second.url()).port).toBe(String(own));
  });

  test.each(["SIGINT", "SIGTERM"] as const)("%s ends it, and all that it started", async (signal) => {
    await using app = await start("slow.ts");
    await runAll(app.url);
    await delay(300);
    const started = await descendants(app.running.process.pid ?? 0);
    expect(started.length).toBeGreaterThanOrEqual(2);
    app.running.process.kill(signal);
    expect(await app.running.exit()).toBe(0);
    expect(await survivors(started, 5000)).toEqual([]);
    await expect(fetch(app.url)).rejects.toThrow();
  });

  test("nothing is left when the command is killed", async () => {
    await using app = await start("slow.ts");
    await runAll(app.url);
    await delay(300);
    const started = await descendants(app.running.process.pid ?? 0);
    app.running.process.kill("SIGKILL");
    expect(await survivors(started, 5000)).toEqual([]);
  });

  test("nor when a function never returns", async () => {
    await using app = await start("endless.ts");
    await delay(1200);
    // The answer never comes.
    await Promise.race([runAll(app.url).catch(() => undefined), delay(500)]);
    const started = await descendants(app.running.process.pid ?? 0);
    app.running.process.kill("SIGKILL");
    expect(await survivors(started, 9000)).toEqual([]);
  });

  test("--delete-sheets asks, and deletes with --yes", async () => {
    const db = ["--state-db-path", "other.db"];
    await runDaggr(["run", "app.ts", "--sheet", "one", ...db], { cwd });
    const asked = await runDaggr(["app.ts", "--delete-sheets", ...db], { cwd });
    expect(asked.stderr).toContain("say --yes");
    expect(asked.code).toBe(1);
    const deleted = await runDaggr(["app.ts", "--delete-sheets", "--yes", ...db], { cwd });
    expect(deleted.stderr).toMatch(/Deleted the .*sheets? of Greeting \(.*one\)/);
    const empty = await runDaggr(["app.ts", "--delete-sheets", "--yes", ...db], { cwd });
    expect(empty.stderr).toContain("no saved sheets");
  });
});
