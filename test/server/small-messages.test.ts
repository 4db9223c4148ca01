/** However large values are and however many items, what a page is told without asking stays small. */
import { afterEach, expect, test } from "vitest";
import * as gr from "../../src/components/gr.ts";
import { buildDefinition } from "../../src/graph/build-definition.ts";
import { FnNode } from "../../src/nodes/fn-node.ts";
import { type OpenGraph, openGraph } from "./open-graph.ts";
import { connectSocket, type SocketClient } from "./socket-client.ts";

let opened: OpenGraph | undefined;
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function openWith(...nodes: readonly unknown[]): Promise<SocketClient> {
  opened = await openGraph(
    buildDefinition({ name: "Large", persistKey: false, nodes: nodes as never, edges: [] }),
  );
  const page = await connectSocket(opened.url);
  await page.hello();
  return page;
}

async function runAll(page: SocketClient): Promise<void> {
  await page.ask({ type: "run", mode: "all", nodes: [] });
  for (;;) if ((await page.next("run")).run.status === "done") return;
}

const sizes = (page: SocketClient) =>
  page.messages
    .filter((message) => "seq" in message && message.type !== "sheet")
    .map((message) => JSON.stringify(message).length);

test("a text that streams to a megabyte", async () => {
  const whole = "All work and no play. ".repeat(50_000);
  async function* write() {
    for (let length = 5_000; length < whole.length; length += 5_000) {
      yield whole.slice(0, length);
      if (length % 50_000 === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    }
    yield whole;
  }
  const page = await openWith(
    new FnNode(write, { name: "write", inputs: {}, outputs: { text: gr.Textbox() } }),
  );
  await runAll(page);
  expect(Math.max(...sizes(page))).toBeLessThan(4_000);
  const reply = await page.ask({ type: "outputs", node: "write" });
  expect(reply).toMatchObject({ type: "reply", result: { outputs: { text: whole } } });
  // And whoever opens the sheet later.
  const later = await connectSocket(opened!.url);
  await later.hello();
  const { view } = await later.next("sheet");
  expect(JSON.stringify(view).length).toBeLessThan(4_000);
  expect(view.nodes["write"]?.cut).toEqual(["text"]);
});

test("thousands of items", async () => {
  const list = new FnNode(() => Array.from({ length: 5_000 }, (_, index) => `item ${index}`), {
    name: "list",
    inputs: {},
    outputs: { list: gr.JSON<string[]>() },
  });
  const each = new FnNode(({ text }: { text: string }) => text.toUpperCase(), {
    name: "each",
    inputs: { text: list.list.each },
    outputs: { loud: gr.Textbox() },
  });
  const page = await openWith(list, each);
  await runAll(page);
  expect(Math.max(...sizes(page))).toBeLessThan(4_000);
  expect(sizes(page).reduce((sum, size) => sum + size, 0)).toBeLessThan(150_000);
  const { changed } = await page.next("items");
  expect(changed[0]?.[0]).toBe(0);
  const reply = await page.ask({ type: "items", node: "each", offset: 4_990, limit: 50 });
  expect(reply).toMatchObject({ result: { total: 5_000, items: { length: 10 } } });
});
