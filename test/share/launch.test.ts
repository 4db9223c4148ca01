import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import WebSocket from "ws";
import { FnNode, Graph, gr, type Launched, type LaunchOptions } from "../../src/index.ts";
import { PROTOCOL_VERSION } from "../../src/protocol/version.ts";
import { reverseProxy } from "./support/reverse-proxy.ts";
import { makeFakeFrpc, ShareService } from "./support/share-service.ts";

const graph = () =>
  new Graph({
    name: "Shared",
    persistKey: false,
    nodes: [new FnNode(() => "done", { name: "step", inputs: {}, outputs: { text: gr.Textbox() } })],
  });

let open: Launched | undefined;
let lines: string[] = [];
beforeEach(() => {
  lines = [];
  vi.spyOn(console, "log").mockImplementation((line: unknown) => void lines.push(String(line)));
});
afterEach(async () => {
  await open?.close();
  open = undefined;
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

async function launch(share: NonNullable<LaunchOptions["share"]>) {
  open = await graph().launch({ port: 0, open: false, share });
  const link = open.shareUrl === undefined ? undefined : new URL(open.shareUrl);
  return { launched: open, link, token: link?.searchParams.get("token") ?? "" };
}

/** Asks 127.0.0.1 at the port of an address, under the address's name: names like `x.localhost` need no resolver. */
function ask(url: string | URL, headers: Record<string, string> = {}, method = "GET") {
  const { port, host, pathname, search } = new URL(url);
  return new Promise<{ status: number; body: string; cookie: string }>((resolve, reject) => {
    const options = {
      host: "127.0.0.1",
      port,
      method,
      path: `${pathname}${search}`,
      headers: { host, ...headers },
    };
    request(options, async (answer) => {
      const cookie = String(answer.headers["set-cookie"] ?? "");
      resolve({ status: answer.statusCode ?? 0, body: await text(answer), cookie });
    })
      .on("error", reject)
      .end();
  });
}

describe("launch({ share })", () => {
  it("lets those with the link in, and leaves the owner's address as it is", async () => {
    const { launched, link, token } = await launch({ start: (port) => reverseProxy(port) });
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(lines).toContain(`Shared on ${launched.shareUrl}`);
    expect((await ask(launched.url)).status).toBe(200);
    const outside = link?.origin ?? "";
    expect((await ask(outside)).status).toBe(401);
    expect((await ask(`${outside}/?token=wrong`)).status).toBe(401);
    const first = await ask(launched.shareUrl ?? "");
    expect(first.status).toBe(200);
    expect(first.cookie).toContain("HttpOnly; SameSite=Strict; Max-Age=604800");
    const cookie = first.cookie.split(";")[0] ?? "";
    expect((await ask(outside, { cookie })).status).toBe(200);
    expect((await ask(`${outside}/api/call`, { cookie, origin: outside }, "POST")).status).not.toBe(403);
    expect((await ask(`${outside}/api/call`, { cookie, origin: "http://evil.example" }, "POST")).status).toBe(
      403,
    );
  });

  it("takes nobody who came through the tunnel for the owner, whatever headers they send", async () => {
    let door = 0;
    const { launched, token } = await launch({
      start(port) {
        door = port;
        return reverseProxy(port);
      },
    });
    const local = `http://127.0.0.1:${door}`;
    expect((await ask(local)).status).toBe(401);
    expect((await ask(local, { "x-forwarded-host": `localhost:${door}` })).status).toBe(401);
    const authorization = `Bearer ${token}`;
    const guest = await ask(`${local}/api/share`, { authorization });
    expect(JSON.parse(guest.body)).toMatchObject({ canStop: false, share: { status: "open" } });
    expect((await ask(`${local}/api/share`, { authorization }, "DELETE")).status).toBe(403);
    expect((await ask(`${local}/api/account/logout`, { authorization }, "POST")).status).toBe(403);
    // On the owner's own port no forwarded name is believed.
    const spoofed = await ask(launched.url, { host: "tunnel.example", "x-forwarded-host": "127.0.0.1" });
    expect(spoofed.status).toBe(403);
  });

  it("speaks on sockets through the tunnel", async () => {
    const { link, token } = await launch({ start: (port) => reverseProxy(port) });
    const connect = (headers: Record<string, string>) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(`ws://127.0.0.1:${link?.port}/ws`, {
          headers: { host: link?.host ?? "", ...headers },
        });
        socket.on("unexpected-response", (_, answer) => resolve(String(answer.statusCode)));
        socket.on("open", () =>
          socket.send(JSON.stringify({ type: "hello", request: 1, version: PROTOCOL_VERSION })),
        );
        const heard: string[] = [];
        socket.on("message", (data) => {
          heard.push((JSON.parse(String(data)) as { type: string }).type);
          if (heard.includes("share")) {
            socket.close();
            resolve(heard.join());
          }
        });
      });
    expect(await connect({})).toBe("401");
    expect(await connect({ authorization: `Bearer ${token}`, origin: "http://evil.example" })).toBe("403");
    expect(await connect({ authorization: `Bearer ${token}`, origin: link?.origin ?? "" })).toBe(
      "welcome,share",
    );
  });

  it("is dead at once for those who are in, also where the tunnel stays open", async () => {
    const { launched, link, token } = await launch({
      async start(port) {
        const { url } = await reverseProxy(port);
        return { url, close() {} };
      },
    });
    const authorization = `Bearer ${token}`;
    const guest = new WebSocket(`ws://127.0.0.1:${link?.port}/ws`, {
      headers: { host: link?.host ?? "", authorization },
    });
    await once(guest, "open");
    const gone = once(guest, "close");
    expect((await ask(`${launched.url}api/share`, {}, "DELETE")).status).toBe(200);
    await gone;
    expect((await ask(link?.origin ?? "", { authorization })).status).toBe(403);
    expect((await ask(launched.url)).status).toBe(200);
  });

  it("ends when its owner says so, for everybody who has the link", async () => {
    let closed = 0;
    const { launched, link } = await launch({
      async start(port) {
        const proxy = await reverseProxy(port);
        return {
          url: proxy.url,
          close() {
            closed++;
            proxy.close();
          },
        };
      },
    });
    expect((await ask(`${launched.url}api/share`, {}, "DELETE")).status).toBe(200);
    expect(closed).toBe(1);
    expect(launched.shareUrl).toBeUndefined();
    await expect(ask(link ?? "")).rejects.toThrow();
    expect(JSON.parse((await ask(`${launched.url}api/share`)).body)).toMatchObject({
      share: { status: "ended", problem: "You have stopped it." },
      canStop: true,
    });
    expect((await ask(launched.url)).status).toBe(200);
  });

  it("goes through Gradio's share service with true, and its cookie travels by https alone", async () => {
    await using service = await ShareService.start();
    vi.stubEnv("GRADIO_SHARE_SERVER_ADDRESS", service.address);
    vi.stubEnv("DAGGR_FRPC_PATH", makeFakeFrpc());
    vi.stubEnv("HF_HOME", mkdtempSync(join(tmpdir(), "daggr-home-")));
    const { launched, link } = await launch(true);
    expect(link?.hostname).toBe("tunnel.localhost");
    const first = await ask(launched.shareUrl ?? "");
    expect(first.status).toBe(200);
    const cookie = first.cookie.split(";")[0] ?? "";
    expect((await ask(link?.origin ?? "", { cookie })).status).toBe(200);
    expect((await ask(link?.origin ?? "")).status).toBe(401);
  });

  it("marks the cookie as secure behind https", async () => {
    let door = 0;
    const { token } = await launch({
      async start(port) {
        door = port;
        return { url: "https://name.example", close() {} };
      },
    });
    const first = await ask(`http://127.0.0.1:${door}/?token=${token}`, { host: "name.example" });
    expect(first.cookie).toMatch(/; Secure$/);
    const answer = await ask(
      `http://127.0.0.1:${door}/api/call`,
      {
        host: "name.example",
        origin: "https://name.example",
        authorization: `Bearer ${token}`,
      },
      "POST",
    );
    expect(answer.status).not.toBe(403);
  });

  it("tells why there is no link, and serves all the same", async () => {
    const { launched } = await launch({
      start: () => Promise.reject(new Error("no account at tunnel.example")),
    });
    expect(launched.shareUrl).toBeUndefined();
    expect(lines.join("\n")).toContain("Not shared: no account at tunnel.example");
    expect((await ask(launched.url)).status).toBe(200);
  });

  it("refuses a tunnel that is none, and options that are none", async () => {
    await launch({ start: async () => ({ url: "tunnel" }) as never });
    expect(lines.join("\n")).toContain("share.start must return { url, close }");
    await expect(graph().launch({ share: { provider: "x" } as never })).rejects.toThrow(
      "launch: share must be true, or { start(port) }",
    );
  });

  it("is not for a Space, which has an address of its own", async () => {
    vi.stubEnv("SPACE_ID", "me/space");
    vi.stubEnv("SPACE_HOST", "me-space.hf.space");
    const { launched } = await launch(true);
    expect(launched.shareUrl).toBeUndefined();
    expect(lines.join("\n")).toContain("Nothing is shared: on a Space");
  });
});
