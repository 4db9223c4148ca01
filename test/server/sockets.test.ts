/** The canvas's side of the server, over real sockets. */
import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import type { ServeOptions } from "../../src/server/serve.ts";
import { type OpenGraph, openGraph } from "./open-graph.ts";
import { peerGraphs } from "./peer-graphs.ts";
import { connectSocket } from "./socket-client.ts";

let opened: OpenGraph | undefined;
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function open(name = "single", options: Partial<ServeOptions> = {}) {
  opened = await openGraph(peerGraphs[name]!(), options);
  return opened;
}

test("a page is greeted with the graph, its sheets and the open sheet", async () => {
  const { url } = await open("shared");
  const page = await connectSocket(url);
  await page.hello();
  const [welcome, sheet, present, reply] = page.messages;
  expect(welcome).toMatchObject({
    type: "welcome",
    version: 1,
    banner: null,
    graph: { name: "Shared", persisted: false },
  });
  expect(welcome?.type === "welcome" && welcome.sheets).toHaveLength(1);
  expect(sheet).toMatchObject({ type: "sheet", view: { inputs: {} } });
  expect(present).toEqual({ type: "present", pages: 1 });
  expect(reply).toMatchObject({ type: "reply" });
});

test("pages that come together open the same first sheet", async () => {
  const { url } = await open();
  const pages = await Promise.all([connectSocket(url), connectSocket(url), connectSocket(url)]);
  await Promise.all(pages.map((page) => page.hello()));
  const opened = await Promise.all(pages.map((page) => page.next("sheet")));
  expect(new Set(opened.map(({ view }) => view.sheet.id)).size).toBe(1);
});

test("a page that speaks another version is told to reload", async () => {
  const { url } = await open();
  const page = await connectSocket(url);
  page.ws.send(JSON.stringify({ type: "hello", request: 1, version: 99 }));
  expect(await page.next("reload")).toEqual({ type: "reload" });
});

test("a second tab on the same sheet follows the first", async () => {
  const { url } = await open();
  const first = await connectSocket(url);
  await first.hello();
  const second = await connectSocket(url);
  await second.hello();
  expect(await first.ask({ type: "set-input", address: "shout__text", value: "hello" })).toMatchObject({
    type: "reply",
  });
  expect(await second.next("input")).toMatchObject({ address: "shout__text", value: "hello" });
});

test("a page that reconnects gets only what it missed", async () => {
  const { url } = await open();
  const first = await connectSocket(url);
  await first.hello();
  const { seq, view } = await first.next("sheet");
  await first.ask({ type: "set-input", address: "shout__text", value: "one" });
  await first.ask({ type: "set-input", address: "shout__text", value: "two" });
  first.close();
  const again = await connectSocket(url);
  await again.hello({ sheet: view.sheet.id, after: seq + 1 });
  expect(again.messages.filter(({ type }) => type === "sheet")).toEqual([]);
  expect(again.messages.filter(({ type }) => type === "input")).toMatchObject([{ value: "two" }]);
});

test("a run goes on when the page that started it is gone", async () => {
  const { url, engine } = await open();
  const page = await connectSocket(url);
  await page.hello();
  const reply = await page.ask({ type: "run", mode: "all", nodes: [] });
  page.ws.terminate();
  const { id } = (reply as { result: { id: string } }).result;
  await engine.ended(id);
  const answer = await (await fetch(`${url}api/runs/${id}`)).json();
  expect(answer).toMatchObject({ id, status: "done", outputs: { shout: { result: "HI!HI!" } } });
});

test.each([
  ["a value of another type", { type: "set-input", address: "shout__times", value: "5" }, "INVALID_VALUE"],
  ["an input that does not exist", { type: "set-input", address: "shout__tmes", value: 5 }, "UNKNOWN_INPUT"],
  ["a node that does not exist", { type: "run", mode: "all", nodes: ["shoot"] }, "NODE_NOT_FOUND"],
  ["a message of no known type", { type: "explode" }, "INVALID_MESSAGE"],
  ["a message with an unknown key", { type: "run", mode: "all", nodes: [], sudo: true }, "INVALID_MESSAGE"],
  ["a sheet that does not exist", { type: "open-sheet", sheet: "nowhere" }, "SHEET_NOT_FOUND"],
])("refuses %s and goes on", async (_what, message, code) => {
  const { url } = await open();
  const page = await connectSocket(url);
  await page.hello();
  expect(await page.ask(message)).toMatchObject({ type: "refused", error: { code } });
  expect(await page.ask({ type: "set-input", address: "shout__text", value: "fine" })).toMatchObject({
    type: "reply",
  });
});

test("nothing is obeyed before the hello", async () => {
  const { url } = await open();
  const page = await connectSocket(url);
  expect(await page.ask({ type: "run", mode: "all", nodes: [] })).toMatchObject({
    type: "refused",
    error: { code: "HELLO_FIRST" },
  });
});

test("a frame past the limit closes the socket with a reason", async () => {
  const { url } = await open("single", { limits: { frameBytes: 10_000 } });
  const page = await connectSocket(url);
  page.ws.send("x".repeat(20_000));
  const [code] = await once(page.ws, "close");
  expect(code).toBe(1009);
});

test("a page that only sends nonsense is sent away", async () => {
  const { url } = await open();
  const page = await connectSocket(url);
  for (let count = 0; count < 200; count++) page.ws.send("nonsense");
  const [code] = await once(page.ws, "close");
  expect(code).toBe(1008);
});

test("a banner reaches every page, and those that come later", async () => {
  const banner = { kind: "script-error", title: "app.ts", text: "no" } as const;
  const { url, broadcastBanner } = await open("single", { banner: () => banner });
  const page = await connectSocket(url);
  await page.hello();
  expect(await page.next("welcome")).toMatchObject({ banner });
  broadcastBanner(null);
  expect(await page.next("banner")).toEqual({ type: "banner", banner: null });
});

test("a page that reads nothing costs no more than a few megabytes, and is told where things stand later", async () => {
  const { url, engine } = await open();
  const slow = await connectSocket(url);
  await slow.hello();
  const { view } = await slow.next("sheet");
  slow.ws.pause();
  const scope = { user: "local", graph: "Single" };
  const before = process.memoryUsage().rss;
  const text = "x".repeat(200_000);
  for (let count = 0; count < 300; count++)
    await engine.setField(scope, view.sheet.id, "shout__text", text + count);
  expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  slow.ws.resume();
  await expect
    .poll(() => slow.messages.filter(({ type }) => type === "sheet").length, { timeout: 10_000 })
    .toBe(2);
  await engine.setField(scope, view.sheet.id, "shout__text", "after");
  await expect.poll(() => slow.messages.at(-1)).toMatchObject({ type: "input", value: "after" });
});

test("what a page says last, just before it goes, is done", async () => {
  const { url } = await open("shared");
  const page = await connectSocket(url);
  await page.hello();
  const welcome = page.messages.find((message) => message.type === "welcome");
  const addresses = (welcome?.type === "welcome" ? welcome.graph.cards : [])
    .flatMap((card) => [...card.inputs, ...card.outputs])
    .flatMap(({ address, type }) => (address === undefined || type !== "text" ? [] : [address]));
  expect(addresses.length).toBeGreaterThan(0);
  for (let word = 0; word < 30; word++)
    for (const address of addresses)
      page.ws.send(
        JSON.stringify({ type: "set-input", request: 100 + word, address, value: `word ${word}` }),
      );
  page.ws.close();
  await once(page.ws, "close");
  const other = await connectSocket(url);
  await other.hello();
  const { view } = await other.next("sheet");
  const inputs = { ...view.inputs };
  for (let more = 0; more < 90 && Object.values(inputs).some((value) => value !== "word 29"); more++) {
    const told = await other.next("input");
    inputs[told.address] = told.value;
  }
  expect(new Set(Object.values(inputs))).toEqual(new Set(["word 29"]));
});
