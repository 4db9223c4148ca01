import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { gradioTunnels } from "../../src/clients/share/gradio-tunnel.ts";
import { pythonEnvironment, pythonPath } from "../support/python.ts";
import { CERTIFICATE, fakeChecksum, makeFakeFrpc, ShareService } from "./support/share-service.ts";

/** Gradio's own `launch(share=True)` with the same service and the same client. */
async function shareByGradio(api: string, env: Record<string, string> = {}) {
  const home = mkdtempSync(join(tmpdir(), "daggr-gradio-share-"));
  const folder = join(home, "gradio", "frpc");
  mkdirSync(folder, { recursive: true });
  // Gradio checks only what it has just downloaded.
  makeFakeFrpc(join(folder, `frpc_linux_${process.arch === "arm64" ? "arm64" : "amd64"}_v0.3`));
  const child = spawn(pythonPath, [join(import.meta.dirname, "support/gradio_share.py"), api], {
    cwd: home,
    env: { ...process.env, ...pythonEnvironment(), HF_HOME: home, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const said = text(child.stderr);
  const links = await new Promise<string[]>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith("SHARED ")) resolve(line.split(" ").slice(1));
    });
    child.once("exit", async () => reject(new Error(await said)));
  });
  return {
    local: links[0] ?? "",
    share: links[1] ?? "",
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.stdin.end();
      await ended;
    },
  };
}

/** What differs with each call. */
const unnamed = (args: readonly string[], port: string) =>
  args.map((arg, at) => {
    if (args[at - 1] === "-n") return "<name>";
    if (arg === port) return "<port>";
    return args[at - 1] === "--tls_trusted_ca_file" ? "<certificate>" : arg;
  });

it("asks the service and calls the client as Gradio does", async () => {
  await using service = await ShareService.start();
  {
    await using gradio = await shareByGradio(service.api);
    const port = new URL(gradio.local).port;
    const outside = new URL(gradio.share);
    expect(`${outside.protocol}//${outside.hostname}`).toBe("https://tunnel.localhost");
    const config = await fetch(`http://127.0.0.1:${outside.port}/config`);
    expect(await config.json()).toMatchObject({ version: expect.any(String) });
    const binary = {
      platform: "linux",
      arch: "x64",
      folder: service.files,
      checksums: { frpc_linux_amd64: fakeChecksum },
    };
    const env = {
      ...process.env,
      HF_HOME: mkdtempSync(join(tmpdir(), "daggr-home-")),
      GRADIO_SHARE_SERVER_ADDRESS: "",
    };
    const tunnel = await gradioTunnels({ env, api: service.api, binary })(Number(port));
    const [theirs, ours] = service.logins;
    expect(unnamed(ours?.args ?? [], port)).toEqual(unnamed(theirs?.args ?? [], port));
    expect(ours?.args[2]).toHaveLength(theirs?.args[2]?.length ?? 0);
    expect([theirs?.certificate, ours?.certificate]).toEqual([CERTIFICATE, CERTIFICATE]);
    expect(new URL(tunnel.url).protocol).toBe(outside.protocol);
    await tunnel.close();
  }
}, 60_000);

it("honours GRADIO_SHARE_SERVER_ADDRESS as Gradio does", async () => {
  await using service = await ShareService.start();
  const env = { GRADIO_SHARE_SERVER_ADDRESS: service.address };
  await using gradio = await shareByGradio("-", env);
  const port = new URL(gradio.local).port;
  const tunnel = await gradioTunnels({ env: { ...process.env, ...env, DAGGR_FRPC_PATH: makeFakeFrpc() } })(
    Number(port),
  );
  const [theirs, ours] = service.logins;
  expect(unnamed(ours?.args ?? [], port)).toEqual(unnamed(theirs?.args ?? [], port));
  await tunnel.close();
}, 60_000);
