/** Python apps of one's own by their path, with the real Gradio of `.venv`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { serveGraph } from "../../src/app/serve-graph.ts";
import { GradioNode, Graph, gr, type RunEvent } from "../../src/index.ts";
import type { GraphView, NodeState } from "../../src/protocol/view.ts";
import { connectSocket } from "../server/socket-client.ts";
import { folderWith, guarded, isGone, processesOf, python, until } from "./support/processes.ts";

const TOOLS = `
import os
import gradio as gr
from helper import mark

print("loading tools")

def shout(text, times=1):
    print("shouting", text)
    return mark(text.upper()) * int(times)

def tell(name):
    return os.environ.get(name, "(not set)"), os.getpid()

with gr.Blocks() as demo:
    word, times, out, number = gr.Textbox(), gr.Number(1), gr.Textbox(), gr.Number()
    gr.Button().click(shout, [word, times], out, api_name="shout")
    gr.Button().click(tell, word, [out, number], api_name="tell")

# As many Spaces have it: none of this may happen here.
demo.queue().launch(server_name="0.0.0.0", server_port=7860, share=True)
`;
const HELPER = 'def mark(text):\n    return text + "!"\n';

const runLocally = { python, env: guarded };

describe("a Python app by its path", () => {
  test("runs for two nodes in one process, tells its log, and is gone after the run", async () => {
    const folder = folderWith({ "tools.py": TOOLS, "helper.py": HELPER });
    const path = join(folder, "tools.py");
    process.env["HF_TOKEN"] = "hf_abcdefghijabcdefghijabcdefghijabcd";
    process.env["MY_API_KEY"] = "a-secret-of-mine";
    try {
      const loud = new GradioNode(path, {
        apiName: "/shout",
        inputs: { text: "hello" },
        outputs: { loud: gr.Textbox() },
        runLocally,
      });
      const outputs = { value: gr.Textbox(), pid: gr.Number() };
      const token = new GradioNode(path, {
        name: "token",
        apiName: "/tell",
        inputs: { name: "HF_TOKEN" },
        outputs,
        runLocally,
      });
      const key = new GradioNode(path, {
        name: "key",
        apiName: "/tell",
        inputs: { name: "MY_API_KEY" },
        outputs,
        runLocally,
      });
      const home = new GradioNode(path, {
        name: "home",
        apiName: "/tell",
        inputs: { name: "HOME" },
        outputs,
        runLocally,
      });
      expect(loud.name).toBe("tools");
      const events: RunEvent[] = [];
      const graph = new Graph({ name: "Local", nodes: [loud, token, key, home], persistKey: false });
      const result = await graph.run({}, { onEvent: (event) => events.push(event) });
      expect(outputsOf(result, "tools")["loud"]).toBe("HELLO!");
      expect(result.token.value).toBe("(not set)");
      expect(result.key.value).toBe("(not set)");
      expect(result.home.value).toBe(process.env["HOME"]);
      expect(result.key.pid).toBe(result.token.pid);
      const told = events.flatMap((event) => (event.type === "node-log" ? [event.text] : []));
      expect(told).toContain("loading tools");
      expect(told).toContain("shouting hello");
      expect(events.flatMap((event) => (event.type === "node-progress" ? [event.text] : []))).toContain(
        "Starting tools.py",
      );
      expect(isGone(result.token.pid)).toBe(true);
      expect(await processesOf(folder)).toEqual([]);
    } finally {
      delete process.env["HF_TOKEN"];
      delete process.env["MY_API_KEY"];
    }
  });

  test("starts with the server, follows its files, shows what went wrong, and ends with the server", async () => {
    const folder = folderWith({ "tools.py": TOOLS, "helper.py": HELPER });
    const shout = new GradioNode(join(folder, "tools.py"), {
      name: "shout",
      apiName: "/shout",
      inputs: { text: "hello" },
      outputs: { loud: gr.Textbox() },
      runLocally,
    });
    const wrong = new GradioNode(join(folder, "tools.py"), {
      name: "wrong",
      apiName: "/shoot",
      inputs: { text: "hello" },
      outputs: { loud: gr.Textbox() },
      runLocally,
    });
    const graph = new Graph({ name: "Served", nodes: [shout, wrong], persistKey: false });
    const started = performance.now();
    const served = await serveGraph(graph.definition, { port: 0, open: false, quiet: true });
    try {
      // Nobody waits for Python.
      expect(performance.now() - started).toBeLessThan(1500);
      const service = graph.definition.nodes.get("shout")?.behaviour.service;
      expect(service).toBe(graph.definition.nodes.get("wrong")?.behaviour.service);
      await until(() => service?.state.status === "running", "the app runs by itself");
      // What the app does not have is said as soon as it can be known.
      const page = await watchPage(served.url);
      const problem = await until(() => page.card("wrong")?.problem, "the wrong endpoint is told");
      expect(problem).toMatchObject({ code: "UNKNOWN_ENDPOINT", hint: "/shout" });
      expect(page.card("shout")).toMatchObject({ service: { status: "running" }, source: "tools.py" });
      const run = async (value: string) => {
        await page.client.ask({ type: "run", mode: "step", nodes: ["shout"] });
        await until(() => page.state("shout")?.outputs?.["loud"] === value, `the result is ${value}`);
      };
      await run("HELLO!");
      expect(page.state("shout")?.status).toBe("done");

      const before = (await processesOf(folder)).join();
      writeFileSync(join(folder, "helper.py"), 'def mark(text):\n    return text + "?"\n');
      await until(
        async () => !(await processesOf(folder)).join().includes(before.split(" ")[0]!),
        "the first one ends",
      );
      await until(() => service?.state.status === "running", "it runs again");
      // What was made with other code is stale without anybody asking.
      await until(() => page.state("shout")?.status === "stale", "the result is stale");
      expect(page.state("shout")?.reason).toBe("its Python code changed, or the node changed");
      await run("HELLO?");

      writeFileSync(join(folder, "helper.py"), "def mark(text:\n");
      await until(() => service?.state.status === "failed", "the mistake is noticed");
      expect(service?.state.error?.message).toMatch(
        /tools\.py does not start: it ended with 1\.\n[\s\S]*SyntaxError/,
      );
      writeFileSync(join(folder, "helper.py"), HELPER);
      await until(() => service?.state.status === "running", "it is mended");
      page.client.close();
    } finally {
      await served.close();
    }
    expect(await processesOf(folder)).toEqual([]);
  });
});

const outputsOf = (result: object, node: string) =>
  (result as Record<string, Record<string, unknown>>)[node]!;

/** The nodes' states as a page hears them, and the graph as it was told last. */
async function watchPage(url: string) {
  const client = await connectSocket(url);
  await client.hello();
  const states = new Map<string, NodeState>();
  const latest = () => {
    let graph: GraphView | undefined;
    for (const message of client.messages) {
      if (message.type === "welcome" || message.type === "graph") graph = message.graph;
      if (message.type === "node") states.set(message.node, message.state);
      if (message.type === "sheet")
        for (const [name, state] of Object.entries(message.view.nodes)) states.set(name, state);
    }
    return { graph, states };
  };
  return {
    client,
    card: (name: string) => latest().graph?.cards.find(({ id }) => id === name),
    state: (name: string) => latest().states.get(name),
  };
}
