import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FnNode, fallback, GradioNode, Graph, gr, type RunEvent } from "../../src/index.ts";
import type { PythonServer } from "../support/python.ts";
import { startApp } from "./support/app.ts";

let [first, second]: PythonServer[] = [];
beforeAll(async () => {
  process.env["DAGGR_DB_PATH"] = join(mkdtempSync(join(tmpdir(), "daggr-fallback-")), "sessions.db");
  [first, second] = await Promise.all([startApp(), startApp()]);
});
afterAll(() => Promise.all([first?.close(), second?.close()]));

const outputs = { text: gr.Textbox() };
const node = (name: string, url: string, apiName = "/text", inputs: object = { value: "hello" }) =>
  new GradioNode(url, { name, apiName, inputs: inputs as never, outputs, retries: 0 });

async function all(stream: AsyncIterable<RunEvent>): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

describe("a fallback over real Gradio apps", () => {
  it("runs the second app when an endpoint of the first is certainly wrong, and refuses only when all are", async () => {
    const wrong = node("wrong", first!.url, "/no_such_endpoint");
    const right = node("right", second!.url);
    const graph = new Graph({
      name: "One is wrong",
      persistKey: false,
      nodes: [fallback(wrong, right, { name: "step" })],
    });
    expect((await graph.run()) as unknown).toMatchObject({ step: { text: "hello" } });
    const alsoWrong = node("also wrong", second!.url, "/neither");
    const none = new Graph({
      name: "Both are wrong",
      persistKey: false,
      nodes: [fallback(node("wrong", first!.url, "/no_such_endpoint"), alsoWrong, { name: "step" })],
    });
    await expect(none.run()).rejects.toMatchObject({ code: "UNKNOWN_ENDPOINT" });
  });

  it("goes on with the second app, then with a function, as the apps before are killed", async () => {
    const own = new FnNode(() => "made here", { name: "own", inputs: {}, outputs });
    const one = node("one", first!.url);
    const two = node("two", second!.url);
    const step = fallback(one, two, own, { name: "step" });
    const after = new FnNode(({ text }: { text: string }) => `${text}!`, {
      name: "after",
      inputs: { text: step.text },
      outputs: { said: gr.Textbox() },
    });
    const graph = new Graph({ name: "Apps that go", nodes: [after] });
    const done = (events: readonly RunEvent[]) =>
      events.flatMap((event) => (event.type === "node-done" && event.node === "step" ? [event] : []))[0];

    expect(done(await all(graph.stream({}, { sheet: "a", mode: "stale" })))).toMatchObject({
      outputs: { text: "hello" },
      fallback: { variant: "one" },
    });
    await first!.close();
    // What the first has made stays fresh.
    expect(done(await all(graph.stream({}, { sheet: "a", mode: "stale" })))?.reused).toBe(true);
    const byTwo = await all(graph.stream({}, { sheet: "b", mode: "stale" }));
    expect(done(byTwo)).toMatchObject({
      outputs: { text: "hello" },
      fallback: {
        variant: "two",
        index: 1,
        failed: [{ variant: "one", error: { code: "GRADIO_UNREACHABLE" } }],
      },
    });
    expect(byTwo.at(-1)).toMatchObject({ type: "run-done", outputs: { after: { said: "hello!" } } });
    // And so does what the second has made; the plan says who it was.
    const again = await all(graph.stream({}, { sheet: "b", mode: "stale" }));
    expect(done(again)?.reused).toBe(true);
    expect(again[0]).toMatchObject({
      plan: {
        entries: [
          { node: "step", action: "reuse", reason: "nothing changed; made by two, because one failed" },
          {},
        ],
      },
    });
    await second!.close();
    const byOwn = done(await all(graph.stream({}, { sheet: "c", mode: "stale" })));
    expect(byOwn).toMatchObject({ outputs: { text: "made here" }, fallback: { variant: "own" } });
    expect(byOwn?.fallback?.failed.map(({ variant }) => variant)).toEqual(["one", "two"]);
  });
});
