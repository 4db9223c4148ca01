import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { freePort } from "../support/python.ts";
import { daggr, descendants, makeProject, type Running, writeFiles } from "./command.ts";
import { openPage } from "./page.ts";
import { greeting } from "./scripts.ts";

interface App extends AsyncDisposable {
  readonly cwd: string;
  readonly running: Running;
  readonly port: number;
  readonly url: string;
}

async function start(files: Readonly<Record<string, string>>, ...flags: string[]): Promise<App> {
  const cwd = makeProject(files);
  const port = await freePort();
  const running = daggr(["app.ts", "--port", String(port), "--no-open", ...flags], { cwd });
  const url = await running.url();
  return { cwd, running, port, url, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}

const change = (text: string, from: string, to: string): string => {
  if (!text.includes(from)) throw new Error(`There is no ${from}.`);
  return text.replace(from, to);
};

/** fetch() sets the Host header itself. */
async function asHost(port: number, host: string): Promise<IncomingMessage> {
  const [answer] = (await once(get({ port, host: "127.0.0.1", headers: { host } }), "response")) as [
    IncomingMessage,
  ];
  return answer.resume();
}

describe("hot reload", () => {
  test("results, sheet and address stay; what changed is stale", async () => {
    await using app = await start(greeting, "--no-typecheck");
    let sheet: string;
    {
      await using page = await openPage(app.url);
      sheet = (await page.find("sheet")).view.sheet.id;
      await page.ask("set-input", { address: "who__person", value: "Grace" });
      await page.ask("run", { mode: "all", nodes: [] });
      await page.find(
        "node",
        (message) => message.node === "count letters" && message.state.status === "done",
      );
    }
    const printed = app.running.output().length;
    writeFiles(app.cwd, { "app.ts": change(greeting["app.ts"], "text.length", "text.length + 100") });
    await app.running.until(/reloaded after a change of app\.ts/, printed);

    await using page = await openPage(app.url);
    const { view } = await page.find("sheet");
    expect(view.sheet.id).toBe(sheet);
    expect(view.inputs["who__person"]).toBe("Grace");
    expect(view.nodes["greet"]).toMatchObject({
      status: "done",
      outputs: { text: "Hello Grace, Hello Grace!a" },
    });
    expect(view.nodes["count letters"]).toMatchObject({ status: "stale", outputs: { letters: 26 } });
    await page.ask("run", { mode: "stale", nodes: [] });
    const done = await page.find(
      "node",
      (message) => message.node === "count letters" && message.state.status === "done",
    );
    expect(done.state.outputs).toEqual({ letters: 126 });
  });

  test("what the script imports is watched, also when an editor replaces the file", async () => {
    await using app = await start(greeting, "--no-typecheck");
    rmSync(join(app.cwd, "greet.ts"));
    await delay(30);
    writeFiles(app.cwd, { "greet.ts": change(greeting["greet.ts"], "Hello", "Hi") });
    await app.running.until(/reloaded after a change of greet\.ts/);
    writeFiles(app.cwd, { "greet.ts": change(greeting["greet.ts"], "Hello", "Hey") });
    await app.running.until(/reloaded[\s\S]*reloaded after a change of greet\.ts/);
    const answer = await fetch(`${app.url}api/call`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: app.url.slice(0, -1) },
      body: "{}",
    });
    expect(await answer.json()).toEqual({
      outputs: { "count letters": { letters: "Hey Ada, Hey Ada!a".length } },
    });
  });

  test("a mistake shows as a banner while the last good graph stays; mended, it goes", async () => {
    await using app = await start(greeting, "--no-typecheck");
    await using page = await openPage(app.url);
    await page.find("sheet");
    writeFiles(app.cwd, { "greet.ts": "export function greet() {\n  return ;;; }}\n" });
    const { banner } = await page.find("banner", (message) => message.banner !== null);
    expect(banner).toMatchObject({ kind: "script-error", title: expect.stringContaining("greet.ts:2") });
    expect(app.running.stderr()).toContain("greet.ts:2");
    // The page's own connection still works.
    await page.ask("run", { mode: "all", nodes: [] });
    await page.find("node", (message) => message.node === "greet" && message.state.status === "done");
    // A page that opens now is told as well.
    await using late = await openPage(app.url);
    expect((await late.find("welcome")).banner?.kind).toBe("script-error");

    const printed = app.running.output().length;
    writeFiles(app.cwd, greeting);
    await app.running.until(/reloaded/, printed);
    await using after = await openPage(app.url);
    expect((await after.find("welcome")).banner).toBeNull();
  });

  test("a graph that is wrong does not take the place of one that works", async () => {
    await using app = await start(greeting, "--no-typecheck");
    await using page = await openPage(app.url);
    await page.find("sheet");
    writeFiles(app.cwd, {
      "app.ts": change(greeting["app.ts"], "text: hello.text }", "texts: hello.text }"),
    });
    const { banner } = await page.find("banner", (message) => message.banner !== null);
    expect(banner?.text).toContain("'texts' -> 'text'");
    expect(banner?.title).toMatch(/app\.ts:\d+/);
    expect((await fetch(app.url)).status).toBe(200);
  });

  test("a first start with a mistake shows a page that goes on by itself", async () => {
    const cwd = makeProject({ ...greeting, "greet.ts": "export const greet = ;\n" });
    const port = await freePort();
    await using running = daggr(["app.ts", "--port", String(port), "--no-open", "--no-typecheck"], { cwd });
    await running.until(/greet\.ts:1/);
    const url = await running.url();
    expect(url).toBe(`http://127.0.0.1:${port}/`);
    const page = await fetch(url);
    expect(page.status).toBe(503);
    expect(await page.text()).toContain("greet.ts:1");
    const foreign = await asHost(port, "evil.example");
    expect(foreign.statusCode).toBe(403);
    writeFiles(cwd, greeting);
    await running.until(/Greeting is on|reloaded/);
    expect((await fetch(url)).status).toBe(200);
  });

  test("many changes in a row end with the last one, and leave no process behind", async () => {
    await using app = await start(greeting, "--no-typecheck");
    for (let version = 1; version <= 12; version += 1) {
      writeFiles(app.cwd, { "greet.ts": change(greeting["greet.ts"], "Hello", `Hello${version}`) });
      await delay(30 + ((version * 67) % 260));
    }
    const letters = async (): Promise<unknown> => {
      const headers = { "content-type": "application/json", origin: app.url.slice(0, -1) };
      const answer = await fetch(`${app.url}api/call`, { method: "POST", headers, body: "{}" }).catch(
        () => undefined,
      );
      return answer?.json().catch(() => undefined);
    };
    const last = { outputs: { "count letters": { letters: "Hello12 Ada, Hello12 Ada!a".length } } };
    await expect.poll(letters, { timeout: 15_000, interval: 100 }).toEqual(last);
    expect(app.running.output()).not.toMatch(/taken|does not load/);
    await delay(300);
    expect(await descendants(app.running.process.pid ?? 0)).toHaveLength(1);
  });

  test("a missing import is waited for", async () => {
    const cwd = makeProject({ "app.ts": greeting["app.ts"] });
    await using running = daggr(
      ["app.ts", "--port", String(await freePort()), "--no-open", "--no-typecheck"],
      { cwd },
    );
    await running.until(/Cannot find module 'greet\.ts'/);
    await running.until(/Waiting/);
    writeFiles(cwd, { "greet.ts": greeting["greet.ts"] });
    await running.until(/reloaded|Greeting is on/);
  });

  test("--no-reload ends with the error", async () => {
    const cwd = makeProject({ "app.ts": 'throw new Error("no");\n' });
    await using running = daggr(["app.ts", "--no-reload", "--no-open"], { cwd });
    expect(await running.exit()).toBe(1);
    expect(running.stderr()).toContain("app.ts:1");
  });

  test("type errors show as a banner and go when they are mended", async () => {
    const cwd = makeProject(greeting);
    const { symlinkSync, mkdirSync } = await import("node:fs");
    const modules = join(import.meta.dirname, "../../node_modules");
    symlinkSync(join(modules, "typescript"), join(cwd, "node_modules/typescript"));
    mkdirSync(join(cwd, "node_modules/@types"));
    symlinkSync(join(modules, "@types/node"), join(cwd, "node_modules/@types/node"));
    writeFileSync(
      join(cwd, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          module: "nodenext",
          target: "es2024",
          types: ["node"],
          preserveSymlinks: false,
        },
      }),
    );
    writeFiles(cwd, { "app.ts": `${greeting["app.ts"]}const wrong: number = "text";\n` });
    await using running = daggr(["app.ts", "--port", String(await freePort()), "--no-open"], { cwd });
    const url = await running.url();
    await using page = await openPage(url);
    const { banner } = await page.find("banner", (message) => message.banner?.kind === "type-error");
    expect(banner?.text).toMatch(
      /^app\.ts:\d+:\d+ Type 'string' is not assignable to type 'number'\. \(TS2322\)$/,
    );
    expect(running.stderr()).toContain("1 type error");
    writeFiles(cwd, greeting);
    await running.until(/Types are right again/);
  }, 60_000);

  test("imports and Node's names are no type errors where neither package.json nor tsconfig.json says anything", async () => {
    const cwd = makeProject(greeting);
    const { symlinkSync, mkdirSync } = await import("node:fs");
    const modules = join(import.meta.dirname, "../../node_modules");
    symlinkSync(join(modules, "typescript"), join(cwd, "node_modules/typescript"));
    mkdirSync(join(cwd, "node_modules/@types"));
    symlinkSync(join(modules, "@types/node"), join(cwd, "node_modules/@types/node"));
    writeFileSync(join(cwd, "package.json"), "{}");
    writeFiles(cwd, { "app.ts": `${greeting["app.ts"]}const wrong: number = process.version;\n` });
    await using running = daggr(["app.ts", "--port", String(await freePort()), "--no-open"], { cwd });
    await using page = await openPage(await running.url());
    const { banner } = await page.find("banner", (message) => message.banner?.kind === "type-error");
    expect(banner?.text).toMatch(/^app\.ts:\d+:\d+ Type 'string' is not assignable[^\n]*$/);
  }, 60_000);

  test("a script without TypeScript beside it says once that types are not checked", async () => {
    await using app = await start(greeting);
    await app.running.until(/Types are not checked/);
  });
});
