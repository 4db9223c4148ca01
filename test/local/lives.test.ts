/** That nothing outlives us, and that what need not end does not: with a Gradio that starts in no time. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { daggr, makeProject } from "../cli/command.ts";
import { folderWith, isGone, processesOf, python, quick, root, until } from "./support/processes.ts";

const APP = `import gradio
gradio.Blocks().launch()
`;
const script = (more = "") => `import { GradioNode, Graph, gr } from "daggr";
${more}
const tools = new GradioNode("./tools.py", {
  name: "tools", inputs: {}, outputs: { text: gr.Textbox() }, validate: false,
  runLocally: { python: ${JSON.stringify(python)}, env: ${JSON.stringify(quick)} },
});
await new Graph({ name: "Lives", nodes: [tools], persistKey: false }).launch({ port: 0, open: false });
`;

const own = async (folder: string) => (await processesOf(folder)).filter((line) => line.includes("tools.py"));
const pidOf = (line: string) => Number(line.split(" ")[0]);
const answering = async (folder: string) => {
  const [line] = await until(async () => {
    const found = await own(folder);
    return found.length === 1 ? found : undefined;
  }, "one app runs");
  await delay(300);
  return pidOf(line!);
};

describe("no orphans", () => {
  const holder = (folder: string, ...args: string[]): ChildProcess =>
    spawn(process.execPath, ["--no-warnings", ...args], { cwd: folder, stdio: "ignore", detached: true });

  test("kill -9 of us, of our group, of the keeper, while it runs and while it starts: nothing is left", async () => {
    const folder = makeProject({ "tools.py": APP, "app.ts": script() });
    for (const kill of ["us", "group", "keeper", "starting"] as const) {
      const started = holder(folder, "app.ts");
      if (kill === "starting") {
        await until(async () => (await own(folder)).length > 0, "it starts");
        started.kill("SIGKILL");
      } else {
        const app = await answering(folder);
        const parent = (await parentOf(app))!;
        expect(parent).not.toBe(started.pid);
        if (kill === "us") started.kill("SIGKILL");
        if (kill === "group") process.kill(-started.pid!, "SIGKILL");
        if (kill === "keeper") process.kill(parent, "SIGKILL");
        await until(() => isGone(app), `the app is gone (${kill})`, 4000);
        if (kill === "keeper") started.kill("SIGKILL");
        await until(() => isGone(parent), `the keeper is gone (${kill})`, 4000);
      }
      await until(async () => (await own(folder)).length === 0, `nothing is left (${kill})`, 5000);
    }
  });

  test("kill -9 in the middle of an installation ends the installation", async () => {
    const bin = folderWith({
      uv: '#!/bin/sh\nif [ "$1" = --version ]; then echo uv 0.13.9; exit; fi\nsleep 61\n',
    });
    const { chmodSync } = await import("node:fs");
    chmodSync(join(bin, "uv"), 0o755);
    const folder = folderWith({ "tools.py": APP, "requirements.txt": "gradio\n" });
    const run = join(folder, "run.ts");
    const apps = join(root, "src/clients/local/local-apps.ts");
    writeFileSync(
      run,
      `const { localPath } = await import(${JSON.stringify(apps)});
await localPath(${JSON.stringify(join(folder, "tools.py"))}, {}).use(new AbortController().signal, { onStep() {}, onLine() {}, onWarning() {} });`,
    );
    const child = spawn(process.execPath, ["--no-warnings", run], {
      stdio: "ignore",
      env: { ...process.env, HF_HOME: folderWith({}), PATH: `${bin}:${process.env["PATH"]}` },
    });
    const [sleeping] = await until(async () => {
      const found = await processesOf(join(bin, "uv"));
      return found.some((line) => line.includes("venv")) ? found : undefined;
    }, "it installs");
    child.kill("SIGKILL");
    await once(child, "exit");
    await until(() => isGone(pidOf(sleeping!)), "the installation ends");
    await until(async () => (await processesOf(join(bin, "uv"))).length === 0, "all of it");
  });
});

describe("hot reload", () => {
  test("keeps the app when only the script changed, starts it anew when its own code did, ends it with Ctrl-C", async () => {
    const folder = makeProject({ "tools.py": APP, "app.ts": script() });
    await using running = daggr(["app.ts", "--port", "0", "--no-open", "--no-typecheck"], { cwd: folder });
    await running.url();
    const first = await answering(folder);
    const mark = running.output().length;
    writeFileSync(join(folder, "app.ts"), script("const unused = 1;"));
    await running.until(/reloaded/, mark);
    await delay(500);
    expect((await own(folder)).map(pidOf)).toEqual([first]);

    writeFileSync(join(folder, "tools.py"), `${APP}# changed\n`);
    await until(() => isGone(first), "the old code ends");
    const second = await answering(folder);
    expect(second).not.toBe(first);

    writeFileSync(join(folder, "tools.py"), "import gradio\nraise ValueError('a mistake in tools')\n");
    await running.until(/tools failed: tools\.py does not start[\s\S]*ValueError: a mistake in tools/);
    writeFileSync(join(folder, "tools.py"), APP);
    const third = await answering(folder);
    running.process.kill("SIGINT");
    expect(await running.exit()).toBe(0);
    await until(() => isGone(third), "it ends with the command");
    expect(await own(folder)).toEqual([]);
  });
});

async function parentOf(pid: number): Promise<number | undefined> {
  const { readFileSync } = await import("node:fs");
  return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}
