import { spawn } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { frpcBinary } from "../../src/clients/share/frpc-binary.ts";
import { gradioTunnels } from "../../src/clients/share/gradio-tunnel.ts";
import { holdTunnel } from "../../src/clients/share/hold-tunnel.ts";
import type { TunnelState } from "../../src/clients/share/tunnel.ts";
import { rejection } from "../gradio/support/rejection.ts";
import {
  CERTIFICATE,
  fakeChecksum,
  fakeFile,
  lives,
  makeFakeFrpc,
  ShareService,
} from "./support/share-service.ts";

const home = () => mkdtempSync(join(tmpdir(), "daggr-share-home-"));
const platform = { platform: "linux", arch: "x64" } as const;
const checksums = { frpc_linux_amd64: fakeChecksum };
const temporary = async () => (await readdir(tmpdir())).filter((name) => /^daggr-share-(?!home)/.test(name));

function tunnelsOf(service: ShareService, HF_HOME = home(), patienceMs = 5_000) {
  const env = { ...process.env, HF_HOME, GRADIO_SHARE_SERVER_ADDRESS: undefined };
  const binary = { ...platform, folder: service.files, checksums };
  return gradioTunnels({ env, api: service.api, binary, patienceMs });
}

function killNow(pid: number | undefined): void {
  // 0 would be everybody in this group.
  if (pid === undefined || pid <= 1) throw new Error("There is no such process.");
  process.kill(pid, "SIGKILL");
}

async function listening(): Promise<{ port: number } & Disposable> {
  const server = createServer((request, response) => response.end(`hello ${request.headers.host}`));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, [Symbol.dispose]: () => void server.close() };
}

describe("the client's file", () => {
  it("is downloaded once, checked, and executable", async () => {
    await using service = await ShareService.start();
    const options = { ...platform, env: { HF_HOME: home() }, folder: service.files, checksums };
    const paths = await Promise.all([frpcBinary(options), frpcBinary(options)]);
    expect(paths[0]).toBe(join(options.env.HF_HOME, "gradio", "frpc", "frpc_linux_amd64_v0.3"));
    const asked = service.downloads;
    expect(await frpcBinary(options)).toBe(paths[1]);
    expect(service.downloads).toBe(asked);
    expect(await readdir(join(options.env.HF_HOME, "gradio", "frpc"))).toEqual(["frpc_linux_amd64_v0.3"]);
  });

  it("never gets into the folder when it is another", async () => {
    await using service = await ShareService.start();
    service.file = Buffer.from("#!/bin/sh\ntouch /tmp/never\n");
    const options = { ...platform, env: { HF_HOME: home() }, folder: service.files, checksums };
    expect(await rejection(frpcBinary(options))).toMatchObject({ code: "SHARE_CHECKSUM" });
    expect(await readdir(join(options.env.HF_HOME, "gradio", "frpc"))).toEqual([]);
  });

  it("is checked each time: one that was changed is replaced, not run", async () => {
    await using service = await ShareService.start();
    const env = { HF_HOME: home() };
    const folder = join(env.HF_HOME, "gradio", "frpc");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "frpc_linux_amd64_v0.3"), "something else");
    await chmod(join(folder, "frpc_linux_amd64_v0.3"), 0o755);
    const path = await frpcBinary({ ...platform, env, folder: service.files, checksums });
    expect(await readFile(path)).toEqual(fakeFile);
    expect(service.downloads).toBe(1);
  });

  it("is named for the platform, and what is unknown is refused", async () => {
    const error = await rejection(frpcBinary({ env: { HF_HOME: home() }, platform: "aix", arch: "ppc64" }));
    expect(error).toMatchObject({ code: "SHARE_UNSUPPORTED" });
    expect((error as Error).message).toContain("aix on ppc64");
  });
});

describe("a tunnel of the share service", () => {
  it("is asked for as Gradio does, forwards, and goes without a trace", async () => {
    await using service = await ShareService.start();
    using app = await listening();
    process.env.TEST_SECRET_TOKEN = "abc";
    const tunnel = await tunnelsOf(service)(app.port);
    const [login] = service.logins;
    const name = login?.args[2];
    expect(name).toMatch(/^[\w-]{43}$/);
    const at = login?.args.indexOf("--tls_trusted_ca_file") ?? -1;
    expect(login?.args.slice(0, at + 1)).toEqual([
      ...["http", "-n", name, "-l", String(app.port), "-i", "127.0.0.1", "--uc", "--sd", "random", "--ue"],
      ...["--server_addr", service.address, "--disable_log_color", "--tls_enable", "--tls_trusted_ca_file"],
    ]);
    expect(login?.certificate).toBe(CERTIFICATE);
    expect(login?.env).not.toContain("TEST_SECRET_TOKEN");
    expect(tunnel.url).toMatch(/^https:\/\/tunnel\.localhost:\d+$/);
    expect(tunnel.until).toBeGreaterThan(Date.now() + 6 * 24 * 3_600_000);
    const { port } = new URL(tunnel.url);
    expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe(`hello 127.0.0.1:${port}`);
    const file = login?.args[at + 1] ?? "";
    expect(existsSync(file)).toBe(true);
    await tunnel.close();
    expect(existsSync(file)).toBe(false);
    await vi.waitFor(() => expect(lives(login?.pid ?? -1)).toBe(false));
  });

  it("goes to the server that GRADIO_SHARE_SERVER_ADDRESS names, without asking the service", async () => {
    await using service = await ShareService.start();
    using app = await listening();
    const env = {
      ...process.env,
      HF_HOME: home(),
      GRADIO_SHARE_SERVER_ADDRESS: service.address,
      DAGGR_FRPC_PATH: makeFakeFrpc(),
    };
    const tunnel = await gradioTunnels({ env, api: "http://127.0.0.1:9/" })(app.port);
    expect(tunnel.url).toMatch(/^http:\/\/tunnel\.localhost:\d+$/);
    expect(tunnel.until).toBeUndefined();
    expect(service.logins[0]?.args).not.toContain("--tls_enable");
    await tunnel.close();
    const wrong = gradioTunnels({ env: { ...env, GRADIO_SHARE_SERVER_ADDRESS: "https://host/x" } })(app.port);
    expect(await rejection(wrong)).toMatchObject({ code: "INVALID_OPTION" });
  });

  it.each([
    ["refuse", "its server refused the login", /login to server failed: token/],
    ["die", "its client ended with 2", /panic: runtime error/],
    ["silent", "there was no link after 1 s", /./],
  ] as const)("that does not come about (%s) is an error with the log's tail", async (mode, why, tail) => {
    await using service = await ShareService.start();
    service.mode = mode;
    const before = await temporary();
    const error = await rejection(tunnelsOf(service, home(), 1_000)(7860));
    expect(error).toMatchObject({ code: "SHARE_FAILED" });
    expect((error as Error).message).toContain(why);
    expect((error as Error).message).toMatch(tail);
    expect(await temporary()).toEqual(before);
    const pid = service.logins[0]?.pid ?? -1;
    await vi.waitFor(() => expect(lives(pid)).toBe(false));
  });

  it.each([
    ["a page", { status: 200, body: "<html>" }],
    ["no list", { status: 200, body: "{}" }],
    [
      "a host that is an option",
      { status: 200, body: '[{"host":"--exec=x","port":1,"root_ca":"-----BEGIN CERTIFICATE"}]' },
    ],
    ["no certificate", { status: 200, body: '[{"host":"h","port":1}]' }],
    ["an error", { status: 503, body: "busy" }],
  ])("is refused when the service answers with %s", async (_, answer) => {
    await using service = await ShareService.start();
    service.answer = answer;
    expect(await rejection(tunnelsOf(service)(7860))).toMatchObject({ code: "SHARE_UNREACHABLE" });
    expect(service.logins).toEqual([]);
  });

  it("ends with its process, also when that is killed", async () => {
    await using service = await ShareService.start();
    using app = await listening();
    const module = join(import.meta.dirname, "../../src/clients/share/gradio-tunnel.ts");
    const code = `const { gradioTunnels } = await import(${JSON.stringify(module)});
      await gradioTunnels()(${app.port}); console.log("open"); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
      env: { ...process.env, GRADIO_SHARE_SERVER_ADDRESS: service.address, DAGGR_FRPC_PATH: makeFakeFrpc() },
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    const pid = service.logins[0]?.pid ?? -1;
    expect(lives(pid)).toBe(true);
    child.kill("SIGKILL");
    await vi.waitFor(() => expect(lives(pid)).toBe(false), 4_000);
  });
});

describe("a tunnel that is held", () => {
  it("is opened again when it ends by itself, under the same name, and every change is told", async () => {
    await using service = await ShareService.start();
    using app = await listening();
    const states: TunnelState[] = [];
    const held = holdTunnel({
      port: app.port,
      start: tunnelsOf(service),
      onState: (state) => states.push(state),
      pausesMs: [10, 10],
    });
    await held.settled;
    killNow(service.logins[0]?.pid);
    await vi.waitFor(
      () => expect(states.map(({ status }) => status)).toEqual(["starting", "open", "lost", "open"]),
      5_000,
    );
    expect(states[2]?.problem).toContain("its client ended with SIGKILL");
    expect(service.logins[1]?.args[2]).toBe(service.logins[0]?.args[2]);
    service.mode = "die";
    killNow(service.logins[1]?.pid);
    await vi.waitFor(() => expect(held.state.status).toBe("ended"), 5_000);
    await held.close();
  });

  it("is given up at once when it has never been there, and is closed only once", async () => {
    let closed = 0;
    const states: string[] = [];
    const failing = holdTunnel({
      port: 1,
      start: () => Promise.reject(new Error("no way out")),
      onState: ({ status, problem }) => states.push(`${status} ${problem ?? ""}`.trim()),
    });
    await failing.settled;
    expect(states).toEqual(["starting", "ended no way out"]);
    const late = Promise.withResolvers<void>();
    const slow = holdTunnel({
      port: 1,
      start: async () => {
        await late.promise;
        return { url: "https://x.example", close: () => void closed++ };
      },
      onState: ({ status }) => states.push(status),
    });
    await slow.close();
    late.resolve();
    await delay(20);
    expect(closed).toBe(1);
    expect(states.at(-1)).toBe("starting");
  });
});
