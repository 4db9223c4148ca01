import { spawn } from "node:child_process";
import { lookup as promisedLookup } from "node:dns/promises";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { pythonEnvironment, pythonPath } from "../support/python.ts";

/** Runs a program with a record of its own, so that the attempts made here do not fail the whole run. */
async function attempt(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const record = join(mkdtempSync(join(tmpdir(), "daggr-guard-")), "network.jsonl");
  const child = spawn(command, args, {
    env: { ...process.env, ...env, DAGGR_NETWORK_RECORD: record },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (data) => (output += data));
  await once(child, "close");
  const lines = existsSync(record) ? readFileSync(record, "utf8").trim().split("\n") : [];
  return { output: output.trim(), hosts: lines.map((line) => JSON.parse(line).host as string) };
}

const node = (code: string) => attempt(process.execPath, ["--input-type=module", "-e", code]);
const codeOf = (call: string) => `${call}.catch((e) => console.log((e.cause ?? e).code))`;

describe("a Node started by a test", () => {
  test.each([
    ["fetch", codeOf('fetch("http://example.com/")'), "example.com"],
    ["fetch of an address", codeOf('fetch("http://192.0.2.1/")'), "192.0.2.1"],
    [
      "https",
      'import { get } from "node:https"; get("https://example.com/").on("error", (e) => console.log(e.code));',
      "example.com",
    ],
    [
      "a bare socket",
      'import { connect } from "node:net"; connect(80, "192.0.2.1").on("error", (e) => console.log(e.code));',
      "192.0.2.1",
    ],
    [
      "dns",
      `import { resolve4 } from "node:dns/promises"; ${codeOf('resolve4("example.com")')}`,
      "example.com",
    ],
    [
      "a worker thread",
      'import { Worker } from "node:worker_threads"; new Worker(\'fetch("http://example.com/").catch((e) => console.log(e.cause.code))\', { eval: true });',
      "example.com",
    ],
  ])("is refused: %s", async (_name, code, host) => {
    const { output, hosts } = await node(code);
    expect(output).toBe("ENETGUARD");
    expect(hosts).toContain(host);
  });

  test("reaches servers on this machine", async () => {
    const server = createServer((_request, response) => response.end("here")).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const { output, hosts } = await node(
      `for (const host of ["127.0.0.1", "localhost"]) console.log(await (await fetch("http://" + host + ":${port}/")).text())`,
    );
    server.close();
    expect(output).toBe("here\nhere");
    expect(hosts).toEqual([]);
  });
});

test("a Python started by a test is refused", async () => {
  const code =
    'import urllib.request\ntry: urllib.request.urlopen("http://example.com/")\nexcept OSError as e: print(type(e).__name__)';
  const { output, hosts } = await attempt(pythonPath, ["-c", code], pythonEnvironment());
  expect(output).toBe("URLError");
  expect(hosts).toEqual(["example.com"]);
});

test("this process itself resolves this machine", async () => {
  expect((await promisedLookup("localhost")).address).toMatch(/^(127\.0\.0\.1|::1)$/);
});

test("tokens of the person who runs the tests do not reach them", () => {
  expect(process.env.HF_TOKEN).toBeUndefined();
});
