/** What goes wrong on the way to the Hub is one sentence, the same whichever command meets it. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HubStub } from "../hub/hub-stub.ts";
import { freePort } from "../support/python.ts";
import { daggr, makeProject, runDaggr, temporaryFolder } from "./command.ts";

let hub: HubStub;
let closed: string;
// A network that asks for a login answers everything with its own page.
const portal = createServer((_, response) =>
  response.writeHead(200, { "content-type": "text/html" }).end("<html><h1>Hotel</h1></html>"),
);
beforeAll(async () => {
  hub = await HubStub.start();
  closed = `http://127.0.0.1:${await freePort()}`;
  await new Promise<void>((done) => void portal.listen(0, "127.0.0.1", done));
  hub.repositories.add("model", "ada/chat", { pipelineTag: "text-generation" });
});
afterAll(async () => {
  portal.closeAllConnections();
  portal.close();
  await hub[Symbol.asyncDispose]();
});

const HF_TOKEN = `hf_${"x".repeat(34)}`;
const COMMANDS = [
  ["inspect", "ada/draw"],
  ["local", "trust", "ada/draw"],
  ["pin", "ada/draw", "--revision", "abcdef1", "--duplicate"],
] as const;
const portalUrl = (): string => `http://127.0.0.1:${(portal.address() as AddressInfo).port}`;

describe.each<[string, () => Record<string, string>, RegExp]>([
  [
    "a page of the network",
    () => ({ HF_ENDPOINT: portalUrl() }),
    /does not answer as the Hub does: .*'Hotel'/,
  ],
  ["a closed port", () => ({ HF_ENDPOINT: closed }), /cannot be reached: ECONNREFUSED\. Is it running/],
  [
    "TLS where none is spoken",
    () => ({ HF_ENDPOINT: portalUrl().replace("http:", "https:") }),
    /It does not speak TLS there: try http:\/\//,
  ],
  [
    "an address that is none",
    () => ({ HF_ENDPOINT: "hub" }),
    /HF_ENDPOINT must be the address of a Hub .*'hub'/,
  ],
  ["an unknown token", () => ({ HF_ENDPOINT: hub.url }), /does not accept the token: it is expired, revoked/],
  [
    "a token that no header can carry",
    () => ({ HF_ENDPOINT: hub.url, HF_TOKEN: `${HF_TOKEN}…` }),
    /The token \(.*\) cannot be one: .*Copy it anew/,
  ],
])("%s", (_, env, message) => {
  test.each(COMMANDS.map((command) => [command]))("%j", async (command) => {
    const cwd = temporaryFolder();
    const ran = await runDaggr(command, { cwd, env: { HF_HOME: cwd, HF_TOKEN, ...env() } });
    expect([ran.code, ran.stdout]).toEqual([1, ""]);
    expect(ran.stderr).toMatch(message);
    expect(ran.stderr).toMatch(/^daggr: [^\n]+\n$/);
    expect(ran.stderr).not.toContain(HF_TOKEN);
  });
});

test("a model where a Space is meant is said to be one", async () => {
  const cwd = temporaryFolder();
  const { stderr } = await runDaggr(["inspect", "ada/chat"], {
    cwd,
    env: { HF_ENDPOINT: hub.url, HF_HOME: cwd },
  });
  expect(stderr).toContain("'ada/chat' is a model: call it with InferenceNode.");
});

test("a launch that is refused is told once", async () => {
  const cwd = makeProject({
    "app.ts": `import { GradioNode, Graph } from "daggr";
const node = new GradioNode("no id", { name: "step" });
await new Graph({ name: "Bad", nodes: [node] }).launch();
`,
  });
  await using running = daggr(["app.ts", "--no-open", "--no-typecheck", "--port", "0"], { cwd });
  await running.until(/'no id' is neither a Space/);
  await delay(500);
  expect(running.output().match(/'no id' is neither a Space/g)).toHaveLength(1);
});
