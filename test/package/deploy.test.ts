/**
 * A workflow goes from a person's folder to a browser by way of a Space: the packed command deploys it, what the Hub
 * received is unpacked into an empty folder, the Dockerfile's steps are followed there, and what they made is started as
 * a Space starts it.
 */
import { type ChildProcess, execFile } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildImage, type Image } from "../deploy/image.ts";
import { HubStub } from "../hub/hub-stub.ts";
import { launchBrowser } from "../support/browser.ts";
import { freePort } from "../support/python.ts";
import { npmEnvironment, type Registry, startRegistry } from "../support/registry.ts";

const root = resolve(import.meta.dirname, "../..");
const run = promisify(execFile);
const home = mkdtempSync(join(tmpdir(), "daggr-deployed-"));
const project = join(home, "thoughts");
const children = new Set<ChildProcess>();

let registry: Registry;
let hub: HubStub;
let env: NodeJS.ProcessEnv;
let image: Image;

const files: Readonly<Record<string, string>> = {
  "package.json": JSON.stringify({
    name: "thoughts",
    type: "module",
    private: true,
    scripts: { prepare: "husky" },
  }),
  ".env": "SOMETHING=private",
  "app.ts": `import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FnNode, Graph, gr } from "daggr";
import mime from "mime";
import { shout } from "./lib/shout.ts";

const endings = JSON.parse(readFileSync(join(import.meta.dirname, "data", "endings.json"), "utf8")) as string[];
const node = new FnNode(
  async ({ text }: { text: string }) => {
    const { polite } = await import("./lib/later.ts");
    return [shout(text), ...endings, polite, mime.getType("a.png"), process.env.MODE, process.env.KEY === undefined ? "" : "has a key"].join(" ");
  },
  { name: "shout", inputs: { text: gr.Textbox({ label: "Text" }) }, outputs: { loud: gr.Textbox({ label: "Loud" }) } },
);
await new Graph({ name: "Loud thoughts", nodes: [node] }).launch();
`,
  "lib/shout.ts": "export const shout = (text: string): string => text.toUpperCase();\n",
  "lib/later.ts": 'export const polite = "please";\n',
  "data/endings.json": '["and", "so on"]',
  "notes.txt": "nobody else's business",
};

beforeAll(async () => {
  await run(process.execPath, [join(root, "scripts/build.ts"), "--only-what-changed"], { cwd: root });
  registry = await startRegistry();
  hub = await HubStub.start();
  env = npmEnvironment(registry, home);
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", home], { cwd: root, env });
  const [{ filename }] = JSON.parse(stdout);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
  await run("npm", ["install", "--ignore-scripts", `../${filename}`, "mime"], { cwd: project, env });
});

afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await hub?.[Symbol.asyncDispose]();
  await registry?.[Symbol.asyncDispose]();
});

test("the packed command deploys it, tarball and lockfile included", async () => {
  const token = hub.accounts.add("ada").token("write");
  const args = [
    "daggr",
    "deploy",
    "app.ts",
    "--yes",
    "--json",
    "--secret",
    "KEY=only for the Space",
    "--variable",
    "MODE=deployed",
  ];
  const { stdout } = await run("npx", args, {
    cwd: project,
    env: { ...env, HF_ENDPOINT: hub.url, HF_TOKEN: token, DAGGR_DEPLOY_POLL_MS: "20" },
  });
  expect(JSON.parse(stdout)).toMatchObject({ id: "ada/loud-thoughts", created: true, isRunning: true });
  const received = hub.repositories.get("space", "ada/loud-thoughts").head.files;
  expect([...received.keys()].filter((path) => !/^vendor\/daggr-.*\.tgz$/.test(path)).sort()).toEqual(
    [
      ...[".daggr-deploy.json", ".dockerignore", "Dockerfile", "README.md", "app.ts", "data/endings.json"],
      ...["lib/later.ts", "lib/shout.ts", "package-lock.json", "package.json"],
    ].sort(),
  );
  expect(JSON.parse(received.get("package.json")!.toString())).not.toHaveProperty("scripts.prepare");
});

test("what the Hub received is built by its own Dockerfile", async () => {
  const context = mkdtempSync(join(tmpdir(), "daggr-space-context-"));
  for (const [path, content] of hub.repositories.get("space", "ada/loud-thoughts").head.files) {
    mkdirSync(dirname(join(context, path)), { recursive: true });
    writeFileSync(join(context, path), content);
  }
  // A working copy of the repository has these beside it; the image does not.
  writeFileSync(join(context, ".env"), "A=1");
  image = await buildImage(context, env);
  expect(image.steps).toContain("RUN npm ci --omit=dev --no-audit --no-fund");
  expect(image.port).toBe(7860);
  expect(readdirSync(join(image.folder, "node_modules"))).toEqual(expect.arrayContaining(["daggr", "mime"]));
  expect(existsSync(join(image.folder, ".env"))).toBe(false);
  expect(statSync(join(image.folder, "app.ts")).uid).toBe(image.uid);
});

test("it starts as a Space does and runs in the browser; what is under /data outlives it", async () => {
  const data = makeData();
  const first = await startSpace({ DAGGR_DATA_DIR: data });
  expect(first.log()).not.toContain("Results are lost");
  // The Space restarts under the page's feet.
  await using browser = await launchBrowser({
    expectedErrors: [/WebSocket connection .*ERR_CONNECTION_REFUSED/],
  });
  const { page } = browser;
  await logIn(page, first.url);
  await page.getByRole("textbox", { name: "Text" }).fill("hello");
  await page.getByRole("button", { name: "Run all" }).click();
  const said = "HELLO and so on please image/png deployed has a key";
  await page.getByText(said).first().waitFor();
  expect(existsSync(join(data, "daggr/sessions.db"))).toBe(true);
  expect(await uidOf(first.child)).toBe(image.uid);
  await first.stop();
  const second = await startSpace({ DAGGR_DATA_DIR: data }, first.port);
  await logIn(page, second.url);
  await page.getByText(said).first().waitFor();
  await second.stop();
});

test("without /data it says in the log and on the canvas that results are lost", async () => {
  const space = await startSpace({ DAGGR_DATA_DIR: join(home, "nothing-here") });
  expect(space.log()).toMatch(
    /daggr: Results are lost when this Space restarts\. Nothing that can be written is mounted at/,
  );
  await using browser = await launchBrowser();
  await browser.page.goto(space.url);
  const notice = browser.page.getByRole("region", { name: "Notice" });
  await notice.getByText("Results are lost when this Space restarts.").waitFor();
  await notice.getByRole("button", { name: "Dismiss" }).click();
  await notice.waitFor({ state: "detached" });
  await browser.page.goto("about:blank");
  await space.stop();
});

function makeData(): string {
  const data = mkdtempSync(join(tmpdir(), "daggr-data-"));
  chmodSync(data, 0o755);
  if (process.getuid?.() === 0) chownSync(data, image.uid, image.uid);
  return data;
}

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  readonly port: number;
  log(): string;
  stop(): Promise<void>;
}

/** The environment of a Space: its names, its settings, its login. The port is another, because this machine has one of each. */
async function startSpace(more: Readonly<Record<string, string>>, sameAs?: number): Promise<Started> {
  const port = sameAs ?? (await freePort());
  const origin = `http://127.0.0.1:${port}`;
  const { space } = hub.repositories.get("space", "ada/loud-thoughts");
  const settings = [...space!.secrets, ...space!.variables].map(([key, { value }]) => [key, value]);
  hub.oauth.client("space-app", {
    secret: "space-secret",
    redirectUris: [`${origin}/login/callback`],
    scopes: ["openid", "profile", "inference-api"],
  });
  const child = image.start({
    ...Object.fromEntries(settings),
    SPACE_ID: "ada/loud-thoughts",
    SPACE_HOST: `127.0.0.1:${port}`,
    SPACE_AUTHOR_NAME: "ada",
    SPACE_REPO_NAME: "loud-thoughts",
    SPACE_TITLE: "Loud thoughts",
    OAUTH_CLIENT_ID: "space-app",
    OAUTH_CLIENT_SECRET: "space-secret",
    OAUTH_SCOPES: "openid profile inference-api",
    OPENID_PROVIDER_URL: hub.url,
    HF_ENDPOINT: hub.url,
    DAGGR_PORT: String(port),
    ...more,
  });
  children.add(child);
  let text = "";
  for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (chunk) => (text += chunk));
  const exited = once(child, "exit");
  for (let waited = 0; !/ is on http/.test(text); waited += 50) {
    if (child.exitCode !== null || waited > 30_000) throw new Error(`It did not start:\n${text}`);
    await delay(50);
  }
  return {
    child,
    url: / is on (http:\S+)/.exec(text)![1]!,
    port,
    log: () => text,
    async stop() {
      child.kill("SIGTERM");
      await exited;
      children.delete(child);
    },
  };
}

async function uidOf(child: ChildProcess): Promise<number> {
  const { stdout } = await run("ps", ["-o", "uid=", "-p", String(child.pid)]);
  return Number(stdout);
}

/** As a visitor does: to the Hub, which asks, and back. */
async function logIn(page: Page, url: string): Promise<void> {
  hub.oauth.user = hub.accounts.get("ada");
  await page.goto(new URL("/login", url).href);
  await page.waitForURL((at) => at.origin === new URL(url).origin && at.pathname === "/");
}
