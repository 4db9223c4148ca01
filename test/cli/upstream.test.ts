import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { GradioStub } from "../gradio/support/gradio-stub.ts";
import { HubStub } from "../hub/hub-stub.ts";
import type { Repository } from "../hub/repository.ts";
import { freePort, pythonPath } from "../support/python.ts";
import { daggr, makeProject, root, runDaggr, temporaryFolder } from "./command.ts";
import { openPage } from "./page.ts";

const script = `
import { GradioNode, Graph, gr } from "daggr";
const echo = new GradioNode("ada/echo", {
  apiName: "/echo",
  inputs: { text: gr.Textbox({ value: "hello" }) },
  outputs: { out: gr.Textbox() },
});
export const graph = new Graph({ name: "Echo", nodes: [echo] });
`;

let hub: HubStub;
let app: GradioStub;
let space: Repository;
let cwd: string;
let env: Record<string, string>;
let token: string;
const record = () => join(cwd, ".daggr_upstream.json");

beforeEach(async () => {
  hub = await HubStub.start();
  app = await GradioStub.start();
  app.functions = ["echo", "shout"];
  token = hub.accounts.add("lin").token("write");
  space = hub.repositories.add("space", "ada/echo", {
    host: app.url,
    files: {
      "README.md": "---\nsdk: gradio\n---\n",
      "app.py": "print(1)",
      "model.bin": new Uint8Array(2000).fill(7),
    },
  });
  cwd = makeProject({ "app.ts": script });
  env = { HF_ENDPOINT: hub.url, HF_HOME: temporaryFolder(), HF_TOKEN: token };
});
afterEach(async () => {
  await hub[Symbol.asyncDispose]();
  await app.close();
});

const run = (...args: string[]) => runDaggr(args, { cwd, env });
/** A new commit, with which `/shout` is gone. */
function change(): string {
  app.functions = ["echo"];
  app.appId += 1;
  return space.commit({ "app.py": "print(2)" });
}

describe("daggr run", () => {
  test("records on first use, then tells what changed, beside the outputs", async () => {
    const first = await run("run", "app.ts", "--json");
    expect(JSON.parse(first.stdout)).toEqual({ echo: { out: "echo: hello" } });
    expect(first.stderr).not.toContain("changed");
    expect(readFileSync(record(), "utf8")).toContain(space.head.oid);
    const before = space.head.oid;
    const now = change();
    const second = await run("run", "app.ts", "--json");
    expect(JSON.parse(second.stdout)).toEqual({ echo: { out: "echo: hello" } });
    expect(second.stderr).toContain(`Space 'ada/echo' has changed, used by echo
  ${before.slice(0, 7)} (accepted`);
    expect(second.stderr).toContain("    · /shout is gone\n");
    expect(second.stderr).toContain("daggr upstream app.ts --accept");
    expect(second.stderr + second.stdout + readFileSync(record(), "utf8")).not.toContain(token);

    const refused = await run("run", "app.ts", "--dependency-check", "error");
    expect([refused.code, refused.stdout]).toEqual([1, ""]);
    expect(refused.stderr).toMatch(
      /Space 'ada\/echo' \(\w+ → \w+, 1 difference, none breaks\): not what was accepted/,
    );
    const skipped = await run("run", "app.ts", "--dependency-check", "skip");
    expect(skipped.stderr).not.toContain("changed");
    const updated = await run("run", "app.ts", "--dependency-check=update");
    expect([updated.code, readFileSync(record(), "utf8").includes(now)]).toEqual([0, true]);
    const misspelt = await run("run", "app.ts", "--dependency-check", "errr");
    expect([misspelt.code, misspelt.stderr]).toEqual([
      2,
      expect.stringContaining("--dependency-check is skip, error or update, got 'errr'"),
    ]);
  });
});

describe("daggr upstream", () => {
  test("lists, ends with 1 when something changed, and accepts", async () => {
    const first = await run("upstream", "app.ts");
    expect([first.code, first.stdout]).toEqual([
      0,
      expect.stringMatching(/^ada\/echo +space +\w{7} as accepted\n$/),
    ]);
    change();
    const second = await run("upstream", "app.ts");
    expect(second.code).toBe(1);
    expect(second.stdout).toMatch(/ada\/echo +space +changed: \w{7} is \w{7} now/);
    expect(second.stdout).toContain("· /shout is gone");
    const json = JSON.parse((await run("upstream", "app.ts", "--json")).stdout);
    expect(json).toMatchObject({
      changes: [{ id: "ada/echo", to: space.head.oid }],
      accepted: [],
      unasked: [],
    });
    const wrong = await run("upstream", "app.ts", "--accept", "ada/ecko");
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("Did you mean 'ada/echo'?")]);
    const accepted = await run("upstream", "app.ts", "--accept", "ada/echo");
    expect([accepted.code, accepted.stdout]).toEqual([0, expect.stringContaining("Accepted: ada/echo")]);
    expect((await run("upstream", "app.ts")).code).toBe(0);
  });

  test("and the doctor say what was last known without the Hub", async () => {
    await run("upstream", "app.ts");
    const healthy = await run("doctor");
    expect(healthy.stdout).toMatch(/✓ Spaces and models +1 as accepted/);
    const offline = { cwd, env: { ...env, HF_HUB_OFFLINE: "1" } };
    const known = space.head.oid.slice(0, 7);
    const listed = await runDaggr(["upstream", "app.ts"], offline);
    expect(listed.stdout).toContain(`${known} as last known. HF_HUB_OFFLINE is set`);
    expect((await runDaggr(["doctor"], offline)).stdout).toMatch(
      new RegExp(`- ada/echo +as last known, ${known}\\n +HF_HUB_OFFLINE is set`),
    );
    change();
    const sick = await run("doctor");
    expect(sick.stdout).toMatch(
      /- ada\/echo +Space has changed: \w{7} is \w{7} now, 1 difference, 1 may break\n +- \/shout is gone/,
    );
  });
});

describe("daggr pin", () => {
  test("says what to write for the revision that was accepted", async () => {
    await run("upstream", "app.ts");
    const { oid } = space.head;
    change();
    const { code, stdout } = await run("pin", "ada/echo");
    expect([code, stdout]).toEqual([0, expect.stringContaining(`revision: "${oid}", runLocally: true`)]);
    for (const [args, said] of [
      [["pin", "ada"], "A Space is named owner/name, got 'ada'"],
      [["pin", "ada/other"], "Nothing is recorded here of a Space 'ada/other'"],
      [["pin", "ada/echo", "--revision", "main"], "--revision is a commit"],
      [["pin", "ada/echo", "--to", "lin/copy"], "add --duplicate"],
    ] as const) {
      const refused = await run(...args);
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(said)]);
    }
  });

  test("--duplicate copies that revision whole into a Space of one's own", async () => {
    hub.largeFileBytes = 1000;
    await run("upstream", "app.ts");
    const { oid } = space.head;
    change();
    const { code, stdout, stderr } = await run("pin", "ada/echo", "--duplicate", "--hardware", "t4-small");
    expect([code, stderr]).toEqual([0, expect.stringContaining("Copying 3 files of ada/echo at")]);
    const id = `lin/echo-${oid.slice(0, 7)}`;
    expect(stdout).toContain(`new GradioNode("${id}", { … })`);
    const copy = hub.repositories.get("space", id);
    expect(copy).toMatchObject({ private: true, sdk: "gradio", space: { hardware: "t4-small" } });
    expect(Object.fromEntries(copy.head.files)).toEqual(Object.fromEntries(space.at(oid)!.files));
    expect(copy.head.title).toBe(`Copy of ada/echo at ${oid}`);

    const again = await run("pin", "ada/echo", "--duplicate", "--to", id);
    expect([again.code, again.stderr]).toEqual([
      1,
      expect.stringContaining(`There is a Space '${id}' already`),
    ]);
    hub.faults.add({ method: "POST", path: /\/commit\//, status: 500, times: 5 });
    const broken = await run("pin", "ada/echo", "--duplicate", "--to", "lin/second", "--public");
    expect([broken.code, broken.stderr]).toEqual([1, expect.stringContaining("HTTP 500")]);
    hub.faults.clear();
    expect((await run("pin", "ada/echo", "--duplicate", "--to", "lin/second", "--public")).code).toBe(0);
    expect(hub.repositories.get("space", "lin/second")).toMatchObject({ private: false });
    const gone = await run("pin", "ada/echo", "--duplicate", "--revision", "0".repeat(40));
    expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining("has no commit 0000")]);
    const nobody = await runDaggr(["pin", "ada/echo", "--duplicate"], { cwd, env: { ...env, HF_TOKEN: "" } });
    expect(nobody.stderr).toContain("To copy a Space you need a Hugging Face token with the role 'write'");
    expect(hub.seen.filter(({ path }) => path.startsWith("/lfs/") && path.includes("hf_"))).toEqual([]);
  });
});

describe("daggr <script>", () => {
  const flags = async () => [
    "--no-open",
    "--no-typecheck",
    "--no-reload",
    "--port",
    String(await freePort()),
  ];

  test("serves first, then tells; the canvas decides", async () => {
    await run("upstream", "app.ts");
    const now = change();
    await using served = daggr(["app.ts", ...(await flags())], { cwd, env });
    await using page = await openPage(await served.url());
    const [, said] = await served.until(/Ctrl-C stops it[\s\S]*(Space 'ada\/echo' has changed)/);
    expect(said).toBeDefined();
    expect(served.output()).not.toContain("[a]ccept");
    await page.ask("upstream", { kind: "space", id: "ada/echo", choice: "accept" });
    expect(readFileSync(record(), "utf8")).toContain(now);
  });

  test("refuses to serve with `error`", async () => {
    await run("upstream", "app.ts");
    change();
    const { code, stderr } = await run("app.ts", ...(await flags()), "--dependency-check", "error");
    expect([code, stderr]).toEqual([1, expect.stringContaining("not what was accepted")]);
  });

  test("asks a person at a terminal, who accepts", async () => {
    await run("upstream", "app.ts");
    const now = change();
    await using person = await atTerminal(["app.ts", ...(await flags())]);
    await person.until(
      /Space 'ada\/echo': \[a\]ccept what is there now, \[p\]in to \w{7}, or Enter to leave it for now: /,
    );
    expect((await fetch(person.url())).status, "it serves while it asks").toBe(200);
    person.type("a\r");
    await person.until(/ada\/echo is accepted as it is now/);
    for (let tries = 0; tries < 50 && !readFileSync(record(), "utf8").includes(now); tries++) await delay(50);
    expect(readFileSync(record(), "utf8")).toContain(now);
  });

  test("tells how to pin, and Ctrl-C at the question ends it", async () => {
    await run("upstream", "app.ts");
    const before = space.head.oid;
    const now = change();
    await using person = await atTerminal(["app.ts", ...(await flags())]);
    await person.until(/leave it for now: /);
    person.type("p\r");
    await person.until(new RegExp(`revision: "${before}", runLocally: true`));
    expect(readFileSync(record(), "utf8")).not.toContain(now);
    await using other = await atTerminal(["app.ts", ...(await flags())]);
    await other.until(/leave it for now: /);
    other.type("\u0003");
    await other.ended;
    expect(existsSync(record())).toBe(true);
  });
});

/** The command at a terminal of its own, with a person who types. */
async function atTerminal(args: readonly string[]) {
  const child: ChildProcess = spawn(
    pythonPath,
    [join(import.meta.dirname, "at-terminal.py"), process.execPath, join(root, "bin/daggr.js"), ...args],
    { cwd, env: { ...process.env, NO_COLOR: "1", CI: undefined, ...env }, stdio: ["pipe", "pipe", "pipe"] },
  );
  let output = "";
  child.stdout!.on("data", (data) => (output += data));
  child.stderr!.on("data", (data) => (output += data));
  const ended = once(child, "close");
  return {
    ended,
    type: (text: string) => child.stdin!.write(text),
    url: () => /http:\/\/[\w.]+:\d+\//.exec(output)![0],
    async until(pattern: RegExp): Promise<void> {
      for (let waited = 0; waited < 20_000; waited += 20) {
        if (pattern.test(output)) return;
        await delay(20);
      }
      throw new Error(`The terminal never showed ${pattern}:\n${output}`);
    },
    async [Symbol.asyncDispose]() {
      child.stdin!.end("\u0003");
      await Promise.race([ended, delay(3000)]);
      child.kill("SIGKILL");
    },
  };
}
