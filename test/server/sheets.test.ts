/** Sheets as files over a real port: out, in, and what is refused. */
import { once } from "node:events";
import { request } from "node:http";
import { afterEach, expect, test } from "vitest";
import * as gr from "../../src/components/gr.ts";
import { buildDefinition } from "../../src/graph/build-definition.ts";
import { FnNode } from "../../src/nodes/fn-node.ts";
import { createMemoryStore } from "../../src/store/memory-store.ts";
import { type OpenGraph, openGraph } from "./open-graph.ts";
import { connectSocket } from "./socket-client.ts";

const opened: OpenGraph[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

const shouting = (name = "Shouting") => {
  const shout = new FnNode(({ text }: { text: string }) => text.toUpperCase(), {
    name: "shout",
    inputs: { text: gr.Textbox() },
    outputs: { loud: gr.Textbox() },
  });
  return buildDefinition({ name, persistKey: name, nodes: [shout as never], edges: [] });
};
async function open(...given: Parameters<typeof openGraph>): Promise<OpenGraph> {
  const made = await openGraph(...given);
  opened.push(made);
  return made;
}
async function sheetWithResult({ url, engine }: OpenGraph, graph = "Shouting"): Promise<string> {
  const scope = { user: "local", graph };
  const { id: sheet } = await engine.createSheet(scope, 'Loud: "voices" / ä');
  const response = await fetch(`${url}api/runs`, {
    method: "POST",
    body: JSON.stringify({ sheet, inputs: { shout__text: "hello" } }),
  });
  const { id } = (await response.json()) as { id: string };
  await engine.ended(id);
  return sheet;
}
const zipOf = async ({ url }: OpenGraph, sheet: string) => {
  const response = await fetch(`${url}api/sheets/${sheet}/export`);
  return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
};
const importTo = async (
  { url }: OpenGraph,
  body: Uint8Array | FormData | string,
  query = "",
  headers = {},
) => {
  const init = { method: "POST", body: body as BodyInit, headers };
  const response = await fetch(`${url}api/sheets/import${query}`, init);
  return { status: response.status, json: (await response.json()) as any };
};

test("a sheet goes out as one file and comes in elsewhere, as it is or in a form", async () => {
  const here = await open(shouting());
  const sheet = await sheetWithResult(here);
  const { response, bytes } = await zipOf(here, sheet);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("application/zip");
  expect(response.headers.get("content-disposition")).toContain(
    "attachment; filename=\"Shouting - Loud voices _.daggr.zip\"; filename*=UTF-8''Shouting%20-%20Loud%20voices%20%C3%A4.daggr.zip",
  );
  const there = await open(shouting());
  const raw = await importTo(there, bytes);
  expect(raw).toMatchObject({
    status: 201,
    json: { sheet: { id: sheet, name: 'Loud: "voices" / ä', results: 1 }, notes: [] },
  });
  const form = new FormData();
  form.append("file", new Blob([bytes]), "x.daggr.zip");
  const second = await importTo(there, form, "?name=Mine");
  expect(second).toMatchObject({ status: 201, json: { sheet: { name: "Mine", results: 1 } } });
  const listed = (await (await fetch(`${there.url}api/sheets`)).json()) as { sheets: { name: string }[] };
  expect(listed.sheets.map(({ name }) => name)).toEqual(['Loud: "voices" / ä', "Mine"]);
});

test("whoever looks at the list of sheets hears of one that was imported", async () => {
  const here = await open(shouting());
  const { bytes } = await zipOf(here, await sheetWithResult(here));
  const socket = await connectSocket(here.url);
  await socket.hello();
  await importTo(here, bytes, "?name=Heard");
  const { sheets } = await socket.next("sheets");
  expect(sheets.map(({ name }) => name)).toContain("Heard");
  socket.close();
});

test("what is no sheet is refused with a sentence", async () => {
  const here = await open(shouting());
  const { bytes } = await zipOf(here, await sheetWithResult(here));
  const other = await open(shouting(), { limits: { importBytes: 2_000 } });
  expect(await importTo(here, "hello")).toMatchObject({
    status: 400,
    json: { code: "SHEET_FILE_INVALID", error: expect.stringContaining("This is no whole zip file") },
  });
  expect(await importTo(here, bytes.subarray(0, 300))).toMatchObject({
    json: { code: "SHEET_FILE_INVALID" },
  });
  expect(await importTo(here, "")).toMatchObject({ status: 400, json: { code: "NO_FILE" } });
  const big = new Uint8Array(5_000);
  expect(await importTo(other, big)).toMatchObject({ status: 413, json: { code: "TOO_LARGE" } });
  const form = new FormData();
  form.append("file", new Blob([big]), "x.daggr.zip");
  expect(await importTo(other, form)).toMatchObject({ status: 413, json: { code: "TOO_LARGE" } });
  expect(await importTo(here, bytes, `?name=${"a".repeat(201)}`)).toMatchObject({
    json: { code: "INVALID_SHEET" },
  });
  expect((await (await fetch(`${other.url}api/sheets`)).json()) as object).toMatchObject({
    sheets: [{ results: 0 }],
  });
  const nobody = await fetch(`${here.url}api/sheets/gone/export`);
  expect([nobody.status, await nobody.json()]).toMatchObject([404, { code: "SHEET_NOT_FOUND" }]);
});

test("a body without a length is stopped at the limit, and the refusal arrives", async () => {
  const here = await open(shouting(), { limits: { importBytes: 100_000 } });
  const { port, hostname } = new URL(here.url);
  const sent = request({ port, hostname, method: "POST", path: "/api/sheets/import" });
  for (let part = 0; part < 20; part++) sent.write(Buffer.alloc(20_000));
  sent.end();
  const [response] = await once(sent, "response");
  expect(response.statusCode).toBe(413);
  response.resume();
});

test("a stranger gets and gives nothing: token, origin and owner are asked for as everywhere", async () => {
  const store = createMemoryStore();
  const here = await open(shouting(), { store, token: "a-token-for-the-test" });
  const bare = here.url.replace(/\?.*/, "");
  const scope = { user: "local", graph: "Shouting" };
  const { id } = await here.engine.createSheet(scope);
  for (const [path, method] of [
    ["api/sheets", "GET"],
    [`api/sheets/${id}/export`, "GET"],
    ["api/sheets/import", "POST"],
  ] as const) {
    expect((await fetch(bare + path, { method })).status).toBe(401);
    const headers = { authorization: "Bearer a-token-for-the-test", origin: "https://evil.example" };
    expect((await fetch(bare + path, { method, headers })).status).toBe(403);
  }
  const theirs = await store.createSheet({ user: "somebody", graph: "Shouting" }, "Private");
  const headers = { authorization: "Bearer a-token-for-the-test" };
  expect((await fetch(`${bare}api/sheets/${theirs.id}/export`, { headers })).status).toBe(404);
  expect((await fetch(`${bare}api/sheets/${id}/export`, { headers })).status).toBe(200);
});
