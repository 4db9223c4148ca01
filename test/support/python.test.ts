import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startPython } from "./python.ts";

const folder = mkdtempSync(join(tmpdir(), "daggr-python-"));

function script(name: string, code: string): string {
  const path = join(folder, name);
  writeFileSync(path, code);
  return path;
}

describe("startPython", () => {
  test("waits for a Gradio app and ends it with what it started", async () => {
    const app = script(
      "app.py",
      `import gradio as gr, subprocess
child = subprocess.Popen(["sleep", "1000"])
print("child", child.pid)
gr.Interface(lambda text: text.upper(), "text", "text", api_name="shout").launch()
`,
    );
    const server = await startPython(app);
    const config = (await (await fetch(`${server.url}/config`)).json()) as { dependencies: unknown[] };
    expect(config.dependencies.length).toBeGreaterThan(0);
    const child = Number(/child (\d+)/.exec(server.output())?.[1]);
    expect(isAlive(child)).toBe(true);
    await server.close();
    await expect.poll(() => isAlive(child)).toBe(false);
    await expect(fetch(server.url)).rejects.toThrow();
  });

  test("tells what a program printed that ends before it serves", async () => {
    const broken = script("broken.py", 'print("about to fail")\nraise SystemExit(3)\n');
    await expect(startPython(broken)).rejects.toThrow(/ended with 3 before it answered\nabout to fail/);
  });

  test("tells when a program does not serve in time", async () => {
    const silent = script("silent.py", "import time\ntime.sleep(1000)\n");
    await expect(startPython(silent, [], { timeoutMs: 500 })).rejects.toThrow(
      /did not answer .* within 500 ms/,
    );
  });
});

/** Whether the process runs: one that has ended stays listed where nobody waits for it. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
