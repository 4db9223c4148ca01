/**
 * Spaces on this machine. Real are Gradio and its packages (as PyPI gave them), uv, pip, venv and every process; the Hub
 * is the stub of `test/hub`, the package index serves wheels that were packed again from what is installed.
 */
import { spawn } from "node:child_process";
import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { UpstreamDesk } from "../../src/app/upstream.ts";
import { local as daggrLocal } from "../../src/cli/local/local-command.ts";
import { agreements, keepAgreement } from "../../src/clients/local/consent.ts";
import { type LocalOptions, localSpace } from "../../src/clients/local/local-apps.ts";
import { type DaggrError, GradioNode, Graph, gr, type RunEvent, type RunLocally } from "../../src/index.ts";
import { GradioStub } from "../gradio/support/gradio-stub.ts";
import { HubStub } from "../hub/hub-stub.ts";
import { openGraph } from "../server/open-graph.ts";
import { connectSocket } from "../server/socket-client.ts";
import { type PackageIndex, startIndex } from "./support/package-index.ts";
import { folderWith, guarded, processesOf, python, root, until } from "./support/processes.ts";

const README = (head: string) => `---\ntitle: Upper\n${head}\n---\n\n# Upper\n`;
const GRADIO = "sdk: gradio\nsdk_version: 6.31.0\npython_version: 3.11\napp_file: app.py";
const APP = `
import os
import gradio as gr
import six
from words import louder

def upper(text):
    with open("data/mark.txt") as file:
        mark = file.read()
    return louder(text) + mark, six.__version__ + " " + os.environ.get("HF_TOKEN", "no token")

gr.Interface(upper, gr.Textbox(), [gr.Textbox(), gr.Textbox()], api_name="upper").launch(share=True)
`;
const FILES = {
  "README.md": README(GRADIO),
  "app.py": APP,
  "words.py": "def louder(text):\n    return text.upper()\n",
  "data/mark.txt": "!",
  "requirements.txt": "gradio==4.0.0\nsix\n",
  "packages.txt": "ffmpeg\n",
};

let hub: HubStub;
let index: PackageIndex;
const wheels = folderWith({});
const uvFolder = dirname(python);
const systemPath = process.env["PATH"]!;
const before = { ...process.env };

beforeAll(async () => {
  hub = await HubStub.start();
  index = await startIndex(wheels, ["gradio", "six"]);
});
afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  await index[Symbol.asyncDispose]();
});
beforeEach(() => {
  Object.assign(process.env, {
    HF_ENDPOINT: hub.url,
    HF_HOME: folderWith({}),
    PIP_INDEX_URL: index.url,
    UV_DEFAULT_INDEX: index.url,
    UV_PYTHON_DOWNLOADS: "never",
    PIP_NO_COMPILE: "1",
    UV_CACHE_DIR: join(wheels, "uv-cache"),
    DAGGR_RUN_LOCALLY: "yes",
  });
  for (const name of ["PIP_FIND_LINKS", "UV_FIND_LINKS", "PIP_NO_INDEX"]) delete process.env[name];
  index.served.length = 0;
});
afterEach(() => {
  hub.faults.clear();
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
});

interface Ran {
  readonly upper: Record<string, unknown>;
  readonly logs: readonly string[];
  readonly steps: readonly string[];
}

let count = 0;
/** Each its own: an app is one for each Space and way to run it. */
const newId = (): string => `ada/upper-${++count}`;

async function run(id: string, runLocally: RunLocally = {}, more: object = {}): Promise<Ran> {
  const node = new GradioNode(id, {
    name: "upper",
    inputs: { text: "hello" },
    outputs: { text: gr.Textbox(), about: gr.Textbox() },
    runLocally: { env: guarded, ...runLocally },
    retries: 0,
    ...more,
  });
  const events: RunEvent[] = [];
  const graph = new Graph({ name: "Local Spaces", nodes: [node], persistKey: false });
  const outputs = await graph.run({}, { onEvent: (event) => events.push(event) });
  return {
    upper: outputs.upper,
    logs: events.flatMap((event) => (event.type === "node-log" ? [event.text] : [])),
    steps: events.flatMap((event) => (event.type === "node-progress" ? [event.text ?? ""] : [])),
  };
}

const useUv = () => {
  process.env["PATH"] = `${uvFolder}:${systemPath}`;
};
const local = (...parts: string[]) => join(process.env["HF_HOME"]!, "daggr/local", ...parts);

describe("a Gradio Space", () => {
  const real = "is downloaded, gets its own environment with uv, answers, and is quick the second time";
  test(real, { timeout: 120_000 }, async () => {
    useUv();
    const id = newId();
    // It sleeps on the Hub: nobody asks it there what it offers.
    const space = hub.repositories.add("space", id, { files: FILES, private: false, stage: "SLEEPING" });
    process.env["HF_TOKEN"] = hub.accounts.add("ada").token("read");
    const { upper, logs, steps } = await run(id);
    // The file beside the app is found although the Hub's cache holds links.
    expect(upper).toEqual({ text: "HELLO!", about: expect.stringMatching(/^1\.\d+\.\d+ no token$/) });
    expect(steps).toContain("Making a Python environment (uv)");
    expect(steps).toContain("Installing gradio==6.31.0, requirements.txt");
    expect(logs.join("\n")).toMatch(/also wants packages of the system: ffmpeg/);
    // Gradio is what the Hub runs, whatever requirements.txt says; all of it in one run.
    expect([...new Set(index.served)].filter((file) => /^(gradio|six)-/.test(file)).toSorted()).toEqual([
      expect.stringMatching(/^gradio-6\.31\.0/),
      expect.stringMatching(/^six-/),
    ]);
    const commit = space.commits.at(-1)!.oid;
    const snapshot = join(process.env["HF_HOME"]!, `hub/spaces--${id.replace("/", "--")}/snapshots`, commit);
    expect(lstatSync(join(snapshot, "app.py")).isSymbolicLink()).toBe(true);
    expect(lstatSync(local("spaces", id.replace("/", "--"), commit, "app.py")).isFile()).toBe(true);

    // Pinned, it is what it was, and no change of upstream, however strictly that is looked at.
    process.env["DAGGR_DB_PATH"] = join(process.env["HF_HOME"]!, "sessions.db");
    const unpinned = new GradioNode(id, { name: "upper", outputs: { text: null }, validate: false });
    await new UpstreamDesk(new Graph({ name: "Seen", nodes: [unpinned] }).definition).check();
    space.commit({ "app.py": "raise SystemExit('a new mistake')\n" });
    process.env["DAGGR_DEPENDENCY_CHECK"] = "error";
    await expect(run(id)).rejects.toMatchObject({ code: "UPSTREAM_CHANGED" });
    index.served.length = 0;
    hub.seen.length = 0;
    const again = await run(id, { passToken: true }, { revision: commit });
    expect(again.upper["about"]).toMatch(/ hf_|\*\*\*/);
    expect(again.steps.join()).not.toMatch(/Installing|Downloading/);
    expect(index.served).toEqual([]);
    expect(hub.requests(/\/resolve\//)).toEqual([]);
    expect(await processesOf(local())).toEqual([]);
  });
});

/** With a Gradio that starts in no time, packed as a wheel: installations, questions, failures. */
describe("a Space, prepared with venv and pip", () => {
  let small: PackageIndex;
  const smallWheels = folderWith({});
  beforeAll(async () => {
    const gradio = join(import.meta.dirname, "support/quick-gradio/gradio.py");
    small = await startIndex(smallWheels, ["--as-gradio", gradio, "six"]);
  });
  afterAll(() => small[Symbol.asyncDispose]());
  beforeEach(() => {
    process.env["PIP_INDEX_URL"] = small.url;
    process.env["UV_DEFAULT_INDEX"] = small.url;
    small.served.length = 0;
  });

  const QUICK = {
    "README.md": README(GRADIO),
    "app.py": "import gradio, six\ngradio.Blocks().launch()\n",
    "requirements.txt": "six\n",
  };

  /** Starts it for a moment. */
  async function start(id: string, options: LocalOptions = {}) {
    const told: string[] = [];
    const keep = (text: string) => void told.push(text);
    const app = localSpace(id, { env: guarded, ...options });
    const lease = await app.use(AbortSignal.timeout(50_000), { onStep: keep, onLine: keep, onWarning: keep });
    const config = (await (await fetch(new URL("config", lease.url))).json()) as { share: boolean };
    await lease.release();
    await app.hold()();
    return { told, config };
  }
  const failure = (id: string, options?: LocalOptions): Promise<DaggrError> =>
    start(id, options).then(
      () => Promise.reject(new Error("It did not fail.")),
      (error: DaggrError) => error,
    );

  test("is installed once; a half-made environment is made anew; another Python is told of", async () => {
    const id = newId();
    const readme = README(GRADIO.replace("3.11", "3.19"));
    hub.repositories.add("space", id, { files: { ...QUICK, "README.md": readme } });
    const first = await start(id);
    expect(first.told).toContain("Making a Python environment (venv)");
    expect(first.told.join("\n")).toMatch(
      /wants Python 3\.19, which is not on this machine: Python 3\.\d+\.\d+ is tried/,
    );
    expect(first.config.share).toBe(false);
    expect([...new Set(small.served)]).toHaveLength(2);
    expect((await start(id)).told.join()).not.toMatch(/Installing/);
    // As after a kill in the middle of the installation.
    const [environment] = readdirSync(local("environments"));
    rmSync(local("environments", environment!, "daggr-environment.json"));
    useUv();
    expect((await start(id)).told).toContain("Installing gradio==6.31.0, requirements.txt");
  });

  test("what cannot run says why, with the end of the log", async () => {
    useUv();
    const add = (files: Record<string, string>): string => {
      const id = newId();
      hub.repositories.add("space", id, { files: { ...QUICK, ...files } });
      return id;
    };
    const missing = await failure(add({ "requirements.txt": "no-such-package-at-all\n" }));
    expect(missing.code).toBe("LOCAL_INSTALL_FAILED");
    expect(missing.message).toMatch(/cannot be installed \(uv ended with 1\)[\s\S]*no-such-package-at-all/);

    const broken = await failure(
      add({ "app.py": "import gradio\nprint('so far')\nimport not_there_at_all\n" }),
    );
    expect(broken).toMatchObject({
      code: "LOCAL_APP_FAILED",
      hint: expect.stringContaining("'not_there_at_all'"),
    });
    expect(broken.message).toMatch(/so far[\s\S]*ModuleNotFoundError: No module named 'not_there_at_all'/);
    expect((await failure(add({ "app.py": "print('done')\n" }))).message).toMatch(
      /it ended with 0\. .*launch\(\)/,
    );

    const silent = await failure(add({ "app.py": "import time\nprint('thinking')\ntime.sleep(60)\n" }), {
      startTimeout: 800,
    });
    expect(silent.code).toBe("LOCAL_APP_NOT_READY");
    expect(silent.message).toContain("thinking");

    const of = async (head: string) => failure(add({ "README.md": README(head) }));
    expect(await of("sdk: static")).toMatchObject({
      code: "LOCAL_SPACE_UNSUPPORTED",
      message: expect.stringContaining("static page"),
    });
    expect((await of("sdk: streamlit")).message).toContain("made with streamlit");
    expect((await of("sdk: gradio\napp_file: ../../../etc/passwd")).code).toBe("LOCAL_SPACE_UNSUPPORTED");
    expect(await of("sdk: docker")).toMatchObject({
      code: "LOCAL_NO_DOCKER",
      hint: expect.stringContaining("fallback"),
    });
    expect((await failure("ada/nowhere")).code).toBe("SPACE_NOT_FOUND");
    expect((await failure(add({}), { revision: "no-such-branch" })).message).toContain(
      "has no revision 'no-such-branch'",
    );
    process.env["PATH"] = folderWith({});
    expect((await failure(add({ "requirements.txt": "six # 2\n" }))).code).toBe("LOCAL_NO_PYTHON");
    process.env["PATH"] = systemPath;
    expect(await processesOf(local())).toEqual([]);
  });

  test("a download that breaks off goes on; offline runs what is there; a revision is that revision", async () => {
    useUv();
    const id = newId();
    const weights = Buffer.alloc(300_000, 7).toString("latin1");
    const space = hub.repositories.add("space", id, { files: { ...QUICK, "weights.bin": weights } });
    const first = space.commits.at(-1)!.oid;
    hub.faults.add({ path: /\/resolve\/.*weights/, cutAfter: 100_000, times: 2 });
    const broken = await failure(id);
    expect(broken.code).toBe("LOCAL_DOWNLOAD_FAILED");
    expect(existsSync(local("spaces", id.replace("/", "--"), first))).toBe(false);
    hub.seen.length = 0;
    await start(id);
    expect(hub.requests(/\/resolve\/.*app\.py/)).toEqual([]);
    expect(readFileSync(local("spaces", id.replace("/", "--"), first, "weights.bin"), "latin1")).toBe(
      weights,
    );

    space.commit({ "app.py": "raise SystemExit('a new mistake')\n" });
    expect((await failure(id)).message).toContain("a new mistake");
    await start(id, { revision: first });
    process.env["HF_HUB_OFFLINE"] = "1";
    expect((await failure(id)).message).toContain("a new mistake");
    await start(id, { revision: first });
    expect((await failure("ada/never-here")).code).toBe("HUB_OFFLINE");
  });

  test("somebody has to agree, to this code; without, the Space on the Hub may do", async () => {
    useUv();
    delete process.env["DAGGR_RUN_LOCALLY"];
    const id = newId();
    await using remote = await GradioStub.start();
    const space = hub.repositories.add("space", id, { files: QUICK, host: remote.url });
    const refused = await failure(id);
    expect(refused).toMatchObject({
      code: "LOCAL_CODE_NOT_ALLOWED",
      hint: `To agree: daggr local trust ${id}, or DAGGR_RUN_LOCALLY=${id}`,
    });
    expect(existsSync(local("spaces"))).toBe(false);
    const first = space.commits.at(-1)!.oid;
    await keepAgreement(id, first);
    await start(id);
    space.commit({ "app.py": "import gradio\ngradio.Blocks().launch()\n# 2\n" });
    const second = space.commits.at(-1)!.oid;
    expect((await failure(id)).message).toContain(
      `Its code has changed since you agreed (${first.slice(0, 7)} → ${second.slice(0, 7)}).`,
    );
    process.env["DAGGR_RUN_LOCALLY"] = "no";
    expect((await failure(id)).message).toContain("DAGGR_RUN_LOCALLY says no");
    process.env["DAGGR_RUN_LOCALLY"] = `ada/other, ${id}`;
    await start(id);

    delete process.env["DAGGR_RUN_LOCALLY"];
    const node = new GradioNode(id, {
      name: "echo",
      apiName: "/echo",
      inputs: { text: "hi" },
      outputs: { text: gr.Textbox() },
      runLocally: { fallback: true },
    });
    const logs: string[] = [];
    const graph = new Graph({ name: "Fallback", nodes: [node], persistKey: false });
    const outputs = await graph.run(
      {},
      { onEvent: (event) => event.type === "node-log" && logs.push(event.text) },
    );
    expect(outputs.echo.text).toBe("echo: hi");
    expect(logs.join()).toContain("The Space on the Hub is used instead.");
  });

  test("daggr local: trust and distrust decide what runs; list shows it; remove frees it, not while it runs", async () => {
    useUv();
    delete process.env["DAGGR_RUN_LOCALLY"];
    const id = newId();
    const space = hub.repositories.add("space", id, { files: QUICK });
    const told: string[] = [];
    const spy = vi.spyOn(console, "log").mockImplementation((text) => void told.push(text));
    const say = async (...args: string[]) => {
      told.length = 0;
      expect(await daggrLocal(args)).toBe(0);
      return told.join("\n");
    };
    try {
      expect(await say("list")).toBe("Nothing is kept on this machine.");
      expect(await say("trust", id)).toContain(`as it is at ${space.head.oid.slice(0, 7)}`);
      const app = localSpace(id, { env: guarded });
      const quiet = { onStep() {}, onLine() {}, onWarning() {} };
      const lease = await app.use(AbortSignal.timeout(50_000), quiet);
      await expect(daggrLocal(["remove", id, "--yes"])).rejects.toMatchObject({ code: "LOCAL_IN_USE" });
      expect((await fetch(new URL("config", lease.url))).ok).toBe(true);
      await lease.release();
      await app.hold()();
      const { kept, agreed } = JSON.parse(await say("list", "--json"));
      expect(kept.map((each: { what: string; name: string }) => [each.what, each.name])).toEqual([
        ["space", id],
        ["environment", id],
      ]);
      expect(agreed[id].commit).toBe(space.head.oid);
      expect(await say()).toMatch(new RegExp(`environment +${id} .*Python 3\\.\\d+\\.\\d+, uv`));
      expect(await say("remove", id, "--yes")).toMatch(/[KM]B deleted\.$/);
      expect([readdirSync(local("spaces")), readdirSync(local("environments"))]).toEqual([[], []]);
      await say("distrust", id);
      expect((await failure(id)).code).toBe("LOCAL_CODE_NOT_ALLOWED");
      await expect(daggrLocal(["remove", id])).rejects.toMatchObject({ code: "SPACE_NOT_FOUND" });
    } finally {
      spy.mockRestore();
    }
  });

  test("a person at a terminal is asked, and only who is at this machine may answer on the card", async () => {
    useUv();
    const id = newId();
    hub.repositories.add("space", id, { files: QUICK });
    delete process.env["DAGGR_RUN_LOCALLY"];
    const apps = join(root, "src/clients/local/local-apps.ts");
    const script = folderWith({
      "ask.ts": `const { localSpace } = await import(${JSON.stringify(apps)});
const app = localSpace(${JSON.stringify(id)}, { env: ${JSON.stringify(guarded)} });
const quiet = { onStep() {}, onLine() {}, onWarning() {} };
try { await (await app.use(new AbortController().signal, quiet)).release(); console.log("it runs"); }
catch (error) { console.log(error.message); }
process.exit();`,
    });
    const answered = async (answer: string) => {
      const terminal = join(root, "test/cli/at-terminal.py");
      const child = spawn(python, [terminal, process.execPath, "--no-warnings", join(script, "ask.ts")]);
      let shown = "";
      child.stdout.on("data", (data) => (shown += data));
      await until(() => shown.includes("Run it here? [y/N]"), "it asks");
      child.stdin.end(`${answer}\r`);
      await until(() => /it runs|declined/.exec(shown), "it goes on");
      return shown;
    };
    expect(await answered("n")).toContain("That was declined.");
    expect(Object.keys(await agreements())).toEqual([]);

    const node = new GradioNode(id, {
      name: "here",
      outputs: { out: null },
      runLocally: true,
      validate: false,
    });
    const { definition } = new Graph({ name: "Cards", nodes: [node], persistKey: false });
    const server = await openGraph(definition);
    const agree = { type: "service", node: "here", action: "agree", question: "q" };
    for (const [headers, code] of [
      [{ "x-forwarded-for": "192.0.2.7" }, "ONLY_ON_THE_MACHINE"],
      [{}, "NOT_ASKED"],
    ] as const) {
      const socket = await connectSocket(server.url, headers);
      await socket.hello();
      expect(await socket.ask(agree)).toMatchObject({ type: "refused", error: { code } });
      socket.close();
    }

    await server.close();
    expect(await answered("y")).toContain("it runs");
    expect(Object.keys(await agreements())).toEqual([id]);
  });

  test("a Docker Space is built, run and removed by the docker program; its values are on no command line", async () => {
    const id = newId();
    const files = { ...QUICK, "README.md": README("sdk: docker\napp_port: 9000") };
    const space = hub.repositories.add("space", id, { files });
    process.env["HF_TOKEN"] = hub.accounts.add(`who${count}`).token("read");
    // No engine is here: a stand-in that keeps what it is told, and serves what a container would.
    const bin = folderWith({
      docker: `#!/bin/sh
echo "$*" >> "$DOCKER_CONFIG/calls"
[ "$1" = run ] || exit 0
echo "token $HF_TOKEN port $GRADIO_SERVER_PORT"
port=$(echo "$*" | sed 's/.*127.0.0.1:\\([0-9]*\\):9000.*/\\1/')
PYTHONPATH="$QUICK" exec "${python}" -c "import gradio; gradio.Blocks().launch(server_name='127.0.0.1', server_port=$port)"
`,
    });
    chmodSync(join(bin, "docker"), 0o755);
    process.env["PATH"] = `${bin}:${systemPath}`;
    process.env["DOCKER_CONFIG"] = bin;
    const quickGradio = join(import.meta.dirname, "support/quick-gradio");
    const { told } = await start(id, { passToken: true, env: { ...guarded, QUICK: quickGradio } });
    expect(told).toContain(`Building the image of ${id} at ${space.head.oid.slice(0, 7)}`);
    expect(told.join("\n")).toMatch(/token (\S*\*\*\*|hf_\S+) port 9000/);
    const image = `daggr-local-${id.replace("/", "-")}:${space.head.oid.slice(0, 12)}`;
    const calls = readFileSync(join(bin, "calls"), "utf8").trim().split("\n");
    expect(calls).toEqual([
      "version --format {{.Server.Version}}",
      `build --tag ${image} .`,
      expect.stringMatching(
        new RegExp(
          `^run --rm --init --name daggr-\\S+ --publish 127\\.0\\.0\\.1:\\d+:9000 --user 1000 .*--env HF_TOKEN .*${image}$`,
        ),
      ),
      expect.stringMatching(/^rm --force daggr-\S+$/),
    ]);
    expect(calls.join()).not.toMatch(/hf_|quick-gradio/);
  });
});
