/** A server that can be reached from outside asks for its token. */
import { afterEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type OpenGraph, openGraph } from "./open-graph.ts";
import { peerGraphs } from "./peer-graphs.ts";
import { connectSocket } from "./socket-client.ts";

let opened: OpenGraph | undefined;
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function open() {
  opened = await openGraph(peerGraphs["single"]!(), { host: "0.0.0.0" });
  return { ...opened, base: `http://127.0.0.1:${opened.port}` };
}

test("the printed address holds it, and a page that opens it gets it as a cookie", async () => {
  const { url, token, base, port } = await open();
  expect(url).toBe(`${base}/?token=${token}`);
  expect(token).toMatch(/^[\w-]{43}$/);
  const page = await fetch(url);
  const cookie = page.headers.get("set-cookie")!;
  expect(cookie).toContain(`daggr_${port}=${token}; Path=/; HttpOnly; SameSite=Strict`);
  // By itself on to the address without the token.
  expect(await page.text()).toContain('content="0;url=/"');
  const schema = await fetch(`${base}/api/schema`, { headers: { cookie: cookie.split(";")[0]! } });
  expect(schema.status).toBe(200);
});

test("without it, or with another, nothing is answered", async () => {
  const { base, token } = await open();
  const wrong = `${token!.slice(0, -1)}${token!.endsWith("A") ? "B" : "A"}`;
  const attempts: (readonly [string, Record<string, string>])[] = [
    ["/", {}],
    ["/api/schema", {}],
    ["/api/health", {}],
    ["/theme.css", {}],
    [`/?token=${wrong}`, {}],
    ["/?token=", {}],
    ["/api/schema", { authorization: `Bearer ${wrong}` }],
    ["/api/schema", { authorization: "Bearer " }],
    ["/api/schema", { authorization: `Basic ${token}` }],
    ["/api/schema", { cookie: `daggr_1=${token}` }],
    ["/api/schema", { cookie: `daggr_${opened!.port}=${wrong}` }],
  ];
  for (const [path, headers] of attempts) {
    const response = await fetch(base + path, { headers });
    const text = await response.text();
    expect([path, response.status, text.includes("TOKEN_REQUIRED"), text.includes(token!)]).toEqual([
      path,
      401,
      true,
      false,
    ]);
  }
});

test("programs send it as a bearer", async () => {
  const { base, token } = await open();
  const response = await fetch(`${base}/api/call`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: "{}",
  });
  expect(response.status).toBe(200);
});

test("sockets need it too", async () => {
  const { base, token } = await open();
  const refused = new WebSocket(`${base.replace("http", "ws")}/ws`);
  const status = await new Promise((resolve) => {
    refused.on("error", () => {});
    refused.on("unexpected-response", (_request, response) => resolve(response.statusCode));
  });
  expect(status).toBe(401);
  const page = await connectSocket(base, { authorization: `Bearer ${token}` });
  await page.hello();
  expect(JSON.stringify(page.messages)).not.toContain(token);
});

test("another site's page is foreign, whatever it knows", async () => {
  const { base, token } = await open();
  const response = await fetch(`${base}/api/schema`, {
    headers: { authorization: `Bearer ${token}`, origin: "http://evil.example" },
  });
  expect(response.status).toBe(403);
});
