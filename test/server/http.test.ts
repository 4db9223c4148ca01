/** REST over a real port: runs, events, files, the canvas's own files. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import * as gr from "../../src/components/gr.ts";
import { buildDefinition } from "../../src/graph/build-definition.ts";
import { FnNode } from "../../src/nodes/fn-node.ts";
import type { ServeOptions } from "../../src/server/serve.ts";
import { type OpenGraph, openGraph } from "./open-graph.ts";
import { peerGraphs } from "./peer-graphs.ts";

let opened: OpenGraph | undefined;
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function open(name: string, options: Partial<ServeOptions> = {}): Promise<OpenGraph> {
  opened = await openGraph(peerGraphs[name]!(), options);
  return opened;
}

async function post(url: string, body: unknown): Promise<{ status: number; json: any }> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  return { status: response.status, json: await response.json() };
}

const get = async (url: string): Promise<any> => (await fetch(url)).json();

/** The events of a stream that has ended. */
async function eventsOf(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers });
  const blocks = (await response.text()).split("\n\n").filter((block) => block.startsWith("id:"));
  return blocks.map((block) => ({
    id: Number(/^id: (\d+)/.exec(block)![1]),
    event: JSON.parse(/^data: (.*)$/m.exec(block)![1]!),
  }));
}

test("an address that takes other methods names them; one that is not there is not found", async () => {
  const { url } = await open("gather");
  const call = await fetch(`${url}api/call`);
  expect({ status: call.status, allow: call.headers.get("allow") }).toEqual({ status: 405, allow: "POST" });
  expect(await call.json()).toEqual({
    error: "GET is not for this address. It takes POST.",
    code: "METHOD_NOT_ALLOWED",
  });
  const schema = await fetch(`${url}api/schema`, { method: "POST" });
  expect({ status: schema.status, allow: schema.headers.get("allow") }).toEqual({
    status: 405,
    allow: "GET, HEAD",
  });
  expect((await fetch(`${url}api/nothing`)).status).toBe(404);
});

describe("runs", () => {
  test("are started, told and kept", async () => {
    const { url } = await open("gather");
    const { status, json } = await post(`${url}api/runs`, { inputs: { words__text: "x yy" } });
    expect(status).toBe(202);
    expect(json).toEqual({ id: expect.any(String), status: "running" });
    const events = await eventsOf(`${url}api/runs/${json.id}/events`);
    expect(events.at(0)?.event.type).toBe("run-started");
    expect(events.at(-1)?.event).toMatchObject({ type: "run-done", outputs: { join: { text: "X-YY" } } });
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
    const run = await get(`${url}api/runs/${json.id}`);
    expect(run).toMatchObject({
      id: json.id,
      status: "done",
      outputs: { join: { text: "X-YY" }, shout: { loud: ["X", "YY"] } },
      nodes: { join: { status: "done" }, shout: { items: { total: 2, done: 2, failed: 0 } } },
    });
    expect((await get(`${url}api/runs`)).runs).toMatchObject([{ id: json.id, status: "done" }]);
  });

  test("go on from an event's number, and end with 204 after the last", async () => {
    const { url } = await open("single");
    const { json } = await post(`${url}api/runs`, {});
    const all = await eventsOf(`${url}api/runs/${json.id}/events`);
    const rest = await eventsOf(`${url}api/runs/${json.id}/events`, { "last-event-id": "2" });
    expect(rest).toEqual(all.slice(2));
    const after = await fetch(`${url}api/runs/${json.id}/events`, {
      headers: { "last-event-id": String(all.length) },
    });
    expect(after.status).toBe(204);
  });

  test("of a choice take the variant by name", async () => {
    const { url } = await open("choice");
    const { json } = await post(`${url}api/runs`, { variants: { plain: "loud" } });
    const events = await eventsOf(`${url}api/runs/${json.id}/events`);
    expect(events.at(-1)?.event).toMatchObject({ type: "run-done", outputs: { last: { end: "B." } } });
  });

  test.each([
    [{ inputs: { shout__txt: "x" } }, "UNKNOWN_INPUT", "shout__text"],
    [{ nodes: ["shot"] }, "NODE_NOT_FOUND", "shout"],
    [{ input: {} }, "UNKNOWN_KEY", undefined],
    [{ inputs: { shout__times: "3" } }, "INVALID_VALUE", undefined],
    [{ mode: "most" }, "INVALID_MODE", undefined],
  ])("refuse %j", async (body, code, hint) => {
    const { url } = await open("single");
    const { status, json } = await post(`${url}api/runs`, body);
    expect(status).toBe(400);
    expect(json.code).toBe(code);
    expect(json.hint).toBe(hint);
    expect((await get(`${url}api/runs`)).runs).toEqual([]);
  });

  test("that do not exist are not found", async () => {
    const { url } = await open("single");
    for (const [method, path] of [
      ["GET", "x"],
      ["GET", "x/events"],
      ["DELETE", "x"],
      ["POST", "x/resume"],
    ] as const) {
      const response = await fetch(`${url}api/runs/${path}`, { method });
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
        404,
        "RUN_NOT_FOUND",
      ]);
    }
  });

  test("are cancelled", async () => {
    const slow = new FnNode(
      (_given: object, { signal }) =>
        new Promise<string>((_resolve, reject) =>
          signal.addEventListener("abort", () => reject(new Error("stopped"))),
        ),
      { name: "slow", inputs: {}, outputs: { out: gr.Textbox() } },
    );
    opened = await openGraph(
      buildDefinition({ name: "Slow", persistKey: false, nodes: [slow as never], edges: [] }),
    );
    const { json } = await post(`${opened.url}api/runs`, {});
    const response = await fetch(`${opened.url}api/runs/${json.id}`, { method: "DELETE" });
    expect(response.status).toBe(202);
    const events = await eventsOf(`${opened.url}api/runs/${json.id}/events`);
    expect(events.at(-1)?.event.type).toBe("run-cancelled");
  });
});

describe("the canvas", () => {
  function build(): string {
    const folder = mkdtempSync(join(tmpdir(), "daggr-web-"));
    mkdirSync(join(folder, "assets"));
    writeFileSync(join(folder, "index.html"), "<!doctype html><title>canvas</title>");
    writeFileSync(join(folder, "assets", "main-1234.js"), `console.log(1);${" ".repeat(2_000)}`);
    return folder;
  }

  test("is one page at / and /app, with a policy that lets nothing else run", async () => {
    const { url } = await open("single", { webRoot: build() });
    for (const path of ["", "app"]) {
      const response = await fetch(url + path);
      expect(await response.text()).toContain("canvas");
      const policy = response.headers.get("content-security-policy")!;
      expect(response.headers.get("permissions-policy")).toMatch(
        /camera=\(self\), microphone=\(self\).*geolocation=\(\)/,
      );
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/);
    }
  });

  test("sends its files compressed and to be kept", async () => {
    const { url } = await open("single", { webRoot: build() });
    const response = await fetch(`${url}assets/main-1234.js`, { headers: { "accept-encoding": "gzip" } });
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(response.headers.get("cache-control")).toContain("immutable");
    expect(await response.text()).toContain("console.log(1)");
  });

  test("answers what it does not have as JSON", async () => {
    const { url } = await open("single", { webRoot: build() });
    for (const path of ["nothing", "assets/none.js", "app/deep", "api/nothing"]) {
      const response = await fetch(url + path);
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
        404,
        "NOT_FOUND",
      ]);
    }
  });

  test("has the theme's variables", async () => {
    const { url } = await open("single", { theme: { "--accent": "#f60" } });
    expect(await (await fetch(`${url}theme.css`)).text()).toContain("--accent: #f60;");
  });
});

test("without the API the canvas still has its files", async () => {
  const { url } = await open("single", { api: false });
  expect((await fetch(`${url}api/schema`)).status).toBe(404);
  expect((await fetch(`${url}api/call`, { method: "POST", body: "{}" })).status).toBe(404);
  expect((await fetch(`${url}api/health`)).status).toBe(200);
});

test("the OpenAPI document names every input, those of a choice too", async () => {
  const { url } = await open("choice");
  const document = await get(`${url}api/openapi.json`);
  const { properties } = document.paths["/api/call"].post.requestBody.content["application/json"].schema;
  expect(Object.keys(properties.inputs.properties)).toEqual([
    "plain__variant_0_text",
    "plain__variant_1_text",
    "plain___selected_variant",
  ]);
});

test("a taken port leads to the next free one, unless it must be that one", async () => {
  const first = await open("single");
  const second = await openGraph(peerGraphs["single"]!(), { port: first.port });
  expect(second.port).toBeGreaterThan(first.port);
  expect(second.portChanged).toBe(true);
  await second.close();
  await expect(
    openGraph(peerGraphs["single"]!(), { port: first.port, strictPort: true }),
  ).rejects.toMatchObject({ code: "PORT_TAKEN" });
});
