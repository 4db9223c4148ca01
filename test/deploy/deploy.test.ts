/** `daggr deploy` as a person calls it, at a Hub on this machine that Hugging Face's own clients check. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { writeFiles } from "../cli/command.ts";
import type { Account } from "../hub/accounts.ts";
import { HubStub } from "../hub/hub-stub.ts";
import { deploy, files, project, script } from "./project.ts";

let hub: HubStub;
let ada: Account;
let token: string;

beforeAll(async () => {
  hub = await HubStub.start();
  ada = hub.accounts.add("ada", { organizations: ["lab"] });
  token = ada.token("write");
});
beforeEach(() => {
  hub.faults.clear();
  hub.seen.length = 0;
  for (const id of ["ada/loud-thoughts", "lab/loud-thoughts"]) hub.repositories.remove("space", id);
});
afterAll(() => hub[Symbol.asyncDispose]());

const repository = (id = "ada/loud-thoughts") => hub.repositories.get("space", id);
const paths = (id?: string) => [...repository(id).head.files.keys()].sort();
const fileOf = (path: string, id?: string) => repository(id).head.files.get(path)!.toString();
const writes = () => hub.seen.filter(({ method }) => method !== "GET").map(({ path }) => path.split("?")[0]);

describe("a new Space", () => {
  test("is created with all settings, then gets everything in one commit, then runs", async () => {
    const folder = project({ "notes.txt": "mine", ".env": "A=1", "data/numbers.json": "[1]" });
    const args = [
      "--yes",
      "--secret",
      "KEY=a secret value",
      "--variable",
      "MODE=fast",
      "--hardware",
      "t4-small",
    ];
    const ran = await deploy(hub, token, folder, [
      ...args,
      ...[
        "--sleep-time",
        "1h",
        "--private",
        "--include",
        "data/*.json",
        "--bucket",
        "ada/data",
        "--title",
        "Thoughts: loud",
      ],
    ]);
    expect(ran.stderr).toContain("The Space is running");
    expect(ran.code).toBe(0);
    expect(paths()).toEqual(
      [
        ...[".daggr-deploy.json", ".dockerignore", "Dockerfile", "README.md", "app.ts"],
        ...["data/numbers.json", "lib/shout.ts", "package.json"],
      ].sort(),
    );
    expect(writes()).toEqual([
      "/api/repos/create",
      "/api/validate-yaml",
      "/api/spaces/ada/loud-thoughts/preupload/main",
      "/api/spaces/ada/loud-thoughts/commit/main",
    ]);
    expect(repository().commits).toHaveLength(2);
    const { space } = repository();
    expect([...space!.secrets].map(([key, { value }]) => [key, value])).toEqual([["KEY", "a secret value"]]);
    expect([...space!.variables].map(([key, { value }]) => [key, value])).toEqual([["MODE", "fast"]]);
    expect(space).toMatchObject({
      requestedHardware: "t4-small",
      sleepTimeSeconds: 3600,
      volumes: [{ type: "bucket", source: "ada/data", mountPath: "/data" }],
    });
    expect(repository().private).toBe(true);
    expect(parse(fileOf("README.md").split("---")[1]!)).toEqual({
      title: "Thoughts: loud",
      emoji: "🔀",
      colorFrom: "blue",
      colorTo: "purple",
      sdk: "docker",
      app_port: 7860,
      pinned: false,
      tags: ["daggr"],
      hf_oauth: true,
      hf_oauth_scopes: ["inference-api"],
    });
    expect(ran.stdout).toContain(`${hub.url}/spaces/ada/loud-thoughts`);
    expect(ran.stdout).toContain("https://ada-loud-thoughts.hf.space");
  });

  test("of an organization, named on the command line, without login", async () => {
    const ran = await deploy(hub, token, project(), ["--yes", "--org", "lab", "--scopes", "none", "--json"]);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      id: "lab/loud-thoughts",
      created: true,
      isRunning: true,
      commit: repository("lab/loud-thoughts").head.oid,
      files: { removed: [], unchanged: 0 },
    });
    expect(fileOf("README.md", "lab/loud-thoughts")).not.toContain("oauth");
  });

  test("values of secrets are told to nobody but the Hub", async () => {
    const ran = await deploy(
      hub,
      token,
      project(),
      ["--yes", "-s", "GIVEN=given-value-1", "-s", "FROM_ENV"],
      {
        FROM_ENV: "env-value-2",
      },
    );
    expect(repository().space!.secrets.get("FROM_ENV")!.value).toBe("env-value-2");
    for (const value of ["given-value-1", "env-value-2", token]) {
      expect(ran.stdout + ran.stderr).not.toContain(value);
      expect([...repository().head.files.values()].join("\n")).not.toContain(value);
    }
  });

  test("that somebody else creates in the same moment is updated instead", async () => {
    hub.repositories.add("space", "ada/loud-thoughts", { sdk: "docker" });
    hub.faults.add({ path: "/api/spaces/ada/loud-thoughts", method: "GET", status: 404, times: 1 });
    const ran = await deploy(hub, token, project(), ["--yes", "--variable", "A=1"]);
    expect(ran.code).toBe(0);
    expect(repository().space!.variables.get("A")!.value).toBe("1");
    expect(paths()).toContain("app.ts");
  });
});

describe("deploying again", () => {
  test("without a change says so, and makes no commit", async () => {
    const folder = project();
    await deploy(hub, token, folder);
    const ran = await deploy(hub, token, folder);
    expect(ran.stdout).toContain("Nothing changed");
    expect(ran.code).toBe(0);
    expect(repository().commits).toHaveLength(2);
  });

  test("sends only what changed, removes what an earlier one put there, and leaves everything else", async () => {
    const folder = project({ "old.txt": "old", "extra.txt": "extra" });
    await deploy(hub, token, folder, ["--yes", "-i", "*.txt", "--secret", "A=secret-a", "--variable", "B=b"]);
    repository().commit({
      "theirs.md": "written on the Space",
      "README.md": fileOf("README.md").replace("🔀", "🐳").replace("An AI workflow", "My words"),
    });
    rmSync(join(folder, "old.txt"));
    writeFileSync(join(folder, "lib/shout.ts"), 'export const shout = (text: string) => text + "!";\n');
    writeFileSync(join(folder, "new.txt"), "new");
    repository().space!.variables.set("OTHER", { value: "stays", updatedAt: "" });
    hub.seen.length = 0;
    const ran = await deploy(hub, token, folder, ["--yes", "-i", "*.txt", "--variable", "B=b", "--json"]);
    const done = JSON.parse(ran.stdout);
    expect(done.files).toMatchObject({
      added: ["new.txt"],
      changed: ["lib/shout.ts", ".daggr-deploy.json"],
      removed: ["old.txt"],
    });
    expect(repository().commits).toHaveLength(4);
    expect(fileOf("theirs.md")).toBe("written on the Space");
    expect(fileOf("README.md")).toContain("🐳");
    expect(fileOf("README.md")).toContain("My words");
    expect([...repository().space!.secrets.keys()]).toEqual(["A"]);
    expect([...repository().space!.variables.keys()]).toEqual(["B", "OTHER"]);
    expect(writes()).not.toContain("/api/spaces/ada/loud-thoughts/variables");
    expect(ran.stderr).toContain("- old.txt");
  });

  test("changes the settings that are named, before the commit", async () => {
    const folder = project();
    await deploy(hub, token, folder, ["--yes", "--bucket", "ada/first"]);
    hub.seen.length = 0;
    const args = [
      "--yes",
      "--hardware",
      "cpu-upgrade",
      "--sleep-time",
      "never",
      "--bucket",
      "ada/second",
      "--private",
    ];
    const ran = await deploy(hub, token, folder, [...args, "--secret", "K=another secret", "--title", "New"]);
    expect(ran.code).toBe(0);
    const api = "/api/spaces/ada/loud-thoughts";
    expect(writes()).toEqual([
      `${api}/settings`,
      `${api}/secrets`,
      `${api}/hardware`,
      `${api}/sleeptime`,
      `${api}/volumes`,
      "/api/validate-yaml",
      `${api}/preupload/main`,
      `${api}/commit/main`,
    ]);
    expect(repository().private).toBe(true);
    expect(ran.stdout).toMatch(/secret K set\n.*hardware cpu-upgrade\n.*never sleeps/);
  });

  test("leaves a Space alone that holds something else, unless told otherwise", async () => {
    hub.repositories.add("space", "ada/loud-thoughts", {
      files: {
        "app.py": "import gradio",
        "README.md": "---\nsdk: gradio\nsdk_version: 6.0.0\napp_file: app.py\n---\n",
      },
    });
    const folder = project();
    const refused = await deploy(hub, token, folder);
    expect(refused.stderr).toMatch(/was not made by daggr deploy: it holds app\.py/);
    expect(refused.code).toBe(1);
    expect(writes()).toEqual([]);
    const ran = await deploy(hub, token, folder, ["--yes", "--overwrite"]);
    expect(ran.code).toBe(0);
    expect(fileOf("app.py")).toBe("import gradio");
    expect(fileOf("README.md")).not.toContain("sdk_version");
  });

  test("stops when somebody changes the Space in between", async () => {
    const folder = project();
    await deploy(hub, token, folder);
    writeFileSync(join(folder, "app.ts"), `${script}\n// changed\n`);
    // The card is asked about before the commit, so that there is a moment for somebody else.
    writeFileSync(join(folder, "README.md"), "---\nemoji: 🐳\n---\nMine\n");
    hub.faults.add({ path: "/api/validate-yaml", delayMs: 300 });
    const deploying = deploy(hub, token, folder);
    while (hub.requests("/api/validate-yaml").length < 2) await delay(5);
    const between = repository().commit({ "theirs.txt": "quicker" });
    const ran = await deploying;
    expect(ran.stderr).toMatch(/Somebody changed the Space while it was being deployed; nothing was sent/);
    expect(ran.code).toBe(1);
    expect(repository().head.oid).toBe(between);
    hub.faults.clear();
    expect((await deploy(hub, token, folder)).code).toBe(0);
    expect(fileOf("README.md")).toMatch(/^---\nemoji: 🐳\n[\s\S]*\nMine\n$/);
    expect(paths()).toContain("theirs.txt");
  });
});

describe("--dry-run", () => {
  test("shows every file and setting, asks nobody, and needs no token", async () => {
    const folder = project({ "package-lock.json": "{}" });
    const ran = await deploy(undefined, undefined, folder, [
      "--dry-run",
      "--secret",
      "KEY=hidden-value",
      "-n",
      "x",
    ]);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/Space +<your account>\/x/);
    expect(ran.stdout).toMatch(/app\.ts +\d+ B +the script/);
    expect(ran.stdout).toMatch(/lib\/shout\.ts +\d+ B +imported/);
    expect(ran.stdout).toMatch(/secret +KEY\n/);
    expect(ran.stdout + ran.stderr).not.toContain("hidden-value");
  });

  test("--json gives the same to programs", async () => {
    const ran = await deploy(undefined, undefined, project(), ["--dry-run", "--json"]);
    const plan = JSON.parse(ran.stdout);
    expect(plan).toMatchObject({ space: "<your account>/loud-thoughts", visibility: "public", port: 7860 });
    expect(plan.bytes).toBe(plan.files.reduce((sum: number, file: { bytes: number }) => sum + file.bytes, 0));
  });
});

describe("what is refused before anything is sent", () => {
  const cases: readonly (readonly [string, Record<string, string>, readonly string[], RegExp])[] = [
    [
      "a token in a module",
      { "lib/shout.ts": `export const shout = (t: string) => t + "hf_${"a".repeat(34)}";` },
      [],
      /lib\/shout\.ts:1 {2}a Hugging Face token/,
    ],
    [
      "a file of secrets",
      { "secrets.pem": "x" },
      ["-i", "secrets.pem"],
      /secrets\.pem is never sent: files of this name hold secrets/,
    ],
    [
      "an include that matches nothing",
      {},
      ["-i", "nope/*.txt"],
      /--include 'nope\/\*\.txt' matches no file/,
    ],
    ["an include that leads out", {}, ["-i", "../x"], /leads out of/],
    [
      "a package that is not installed there",
      {
        "lib/later.ts": 'import { x } from "loudly/x";\nexport { x };',
        "lib/shout.ts":
          'export const shout = async (t: string) => { await import("./later.ts"); return t; };',
      },
      [],
      /lib\/later\.ts imports loudly, which package\.json does not name.*npm install loudly/,
    ],
    [
      "a development package",
      {
        "lib/later.ts": 'import "vitest";',
        "lib/shout.ts":
          'export const shout = async (t: string) => { await import("./later.ts"); return t; };',
        "package.json": JSON.stringify({
          type: "module",
          dependencies: { daggr: "1" },
          devDependencies: { vitest: "4" },
        }),
      },
      [],
      /lib\/later\.ts imports vitest, which package\.json has among its devDependencies/,
    ],
    [
      "an enum that is imported later",
      {
        "lib/kinds.ts": "export enum Kind { A }",
        "lib/shout.ts":
          'export const shout = async (t: string) => { await import("./kinds.ts"); return t; };',
      },
      [],
      /lib\/kinds\.ts has TypeScript that Node\.js cannot run as it is: .*enum/,
    ],
    [
      "daggr from a folder",
      { "package.json": JSON.stringify({ type: "module", dependencies: { daggr: "workspace:*" } }) },
      [],
      /takes daggr from 'workspace:\*'/,
    ],
    [
      "a wrong field in package.json",
      { "package.json": JSON.stringify({ type: "module", daggr: { deploy: { inlcude: [] } } }) },
      [],
      /daggr\.deploy has no 'inlcude'\. It has: include, packages/,
    ],
    [
      "a host that nobody reaches",
      { "app.ts": script.replace(".launch()", '.launch({ host: "127.0.0.1" })') },
      [],
      /launches its graph on 127\.0\.0\.1/,
    ],
  ];
  test.each(cases)("%s", async (_name, more, args, message) => {
    const ran = await deploy(hub, token, project(more), ["--yes", ...args]);
    expect(ran.stderr).toMatch(message);
    expect(ran.code).toBe(1);
    expect(writes()).toEqual([]);
    expect(ran.stderr).not.toMatch(/\n\s+at .*\.(js|ts):\d+/);
  });

  test("a module outside of the folder", async () => {
    const folder = project({
      "inner/package.json": '{"type":"module"}',
      "inner/app.ts": script.replace("./lib/", "../lib/"),
    });
    const ran = await deploy(hub, token, join(folder, "inner"));
    expect(ran.stderr).toMatch(
      /The script needs files outside of .*inner, .*\n +.*lib\/shout\.ts \(imported/,
    );
    expect(writes()).toEqual([]);
  });

  test("a secret of this machine's environment in a file", async () => {
    const ran = await deploy(
      hub,
      token,
      project({ "a.txt": "x\npassword: opensesame-42\n" }),
      ["--yes", "-i", "a.txt"],
      {
        MY_PASSWORD: "opensesame-42",
      },
    );
    expect(ran.stderr).toMatch(/a\.txt:2 {2}a secret of this machine's environment/);
    expect(ran.stderr).not.toContain("opensesame");
  });

  test("nobody at the terminal to ask", async () => {
    const ran = await deploy(hub, token, project(), []);
    expect(ran.stderr).toMatch(/Nobody is here to ask, so nothing was sent: say --yes/);
    expect(ran.code).toBe(1);
    expect(writes()).toEqual([]);
  });

  test.each([
    [["--hardware", "t4-smal"], /Did you mean 't4-small'/],
    [["--sleep-time", "soon"], /--sleep-time is a number of seconds/],
    [["--scopes", "inference-apis"], /Did you mean 'inference-api'/],
    [["--secret", "1A=x"], /a name has letters, digits and _ only/],
    [["--secret", "A=x", "--variable", "A=y"], /given as a secret and as a variable/],
    [["--variable", "A"], /--variable A has no value/],
    [["--secret", "SPACE_ID=x"], /is set by the Space itself/],
    [["--secret", "NOT_THERE_AT_ALL", "--yes"], /the environment has no variable of this name/],
    [["--nmae", "x"], /Did you mean '--name'/],
  ])("the command line %j", async (args, message) => {
    const ran = await deploy(hub, token, project(), args);
    expect(ran.stderr).toMatch(message);
    expect(ran.code).toBe(2);
    expect(writes()).toEqual([]);
  });
});

describe("what the Hub refuses is one sentence", () => {
  const api = "/api/spaces/ada/loud-thoughts";
  const json = { "content-type": "application/json" };

  test("no token, a token that only reads, an expired one, a revoked one", async () => {
    const folder = project();
    const nobody = await deploy(hub, undefined, folder);
    expect(nobody.stderr).toMatch(/^daggr: To deploy you need a Hugging Face token with the role 'write'/m);
    const reader = await deploy(hub, ada.token("read"), folder);
    expect(reader.stderr).toMatch(/Your token \(of ada\) may only read/);
    const expired = await deploy(hub, ada.token("write", { expired: true }), folder);
    expect(expired.stderr).toMatch(/does not accept your token.*is expired/);
    const unknown = await deploy(hub, `hf_${"x".repeat(34)}`, folder);
    expect(unknown.stderr).toMatch(/does not accept your token/);
    expect([nobody, reader, expired, unknown].map(({ code }) => code)).toEqual([1, 1, 1, 1]);
    expect(writes()).toEqual([]);
  });

  test("a fine-grained token without the right to write, and one with it", async () => {
    const folder = project();
    const without = await deploy(
      hub,
      ada.token("fineGrained", { permissions: ["repo.content.read"] }),
      folder,
    );
    expect(without.stderr).toMatch(
      /Your token may not create the Space ada\/loud-thoughts\. It says: You don't have the rights/,
    );
    const permissions = ["repo.content.read", "repo.write"];
    const ran = await deploy(hub, ada.token("fineGrained", { permissions }), folder);
    expect(ran.code).toBe(0);
  });

  test("an owner that one does not belong to", async () => {
    const ran = await deploy(hub, token, project(), ["--yes", "--org", "labs"]);
    expect(ran.stderr).toMatch(
      /You \(ada\) are no member of 'labs'\. Did you mean 'lab'\? You can deploy under: ada, lab/,
    );
  });

  test.each([
    [
      "a rate limit",
      { path: "/api/repos/create", status: 429, headers: { "retry-after": "37" } },
      /takes no more requests.*Deploy again in 37 s/,
    ],
    [
      "no payment",
      { path: "/api/repos/create", status: 402, headers: json, body: '{"error":"Payment required"}' },
      /asks for a payment method.*It says: Payment required\./,
    ],
    [
      "a name that is taken by another",
      { path: "/api/repos/create", status: 409, headers: json, body: '{"error":"exists"}' },
      /exists, but your token may not see it/,
    ],
    [
      "a quota",
      {
        path: `${api}/commit/main`,
        status: 413,
        headers: json,
        body: '{"error":"Repository storage limit reached"}',
      },
      /too large.*storage limit/,
    ],
    [
      "a breakdown",
      { path: `${api}/commit/main`, status: 503 },
      /has a problem just now \(HTTP 503\).*what was done already is not done twice/,
    ],
    ["a lost connection", { path: "/api/whoami-v2", drop: true }, /cannot be reached/],
    [
      "a lost connection in the commit",
      { path: `${api}/commit/main`, drop: true },
      /did not put the files into ada\/loud-thoughts/,
    ],
    [
      "a card",
      {
        path: "/api/validate-yaml",
        status: 400,
        headers: json,
        body: '{"errors":[{"message":"\\"colorFrom\\" must be one of red"}],"warnings":[]}',
      },
      /refuses the front matter of README\.md: "colorFrom" must be one of red/,
    ],
  ])("%s", async (_name, fault, message) => {
    hub.faults.add(fault);
    const folder = project();
    const ran = await deploy(hub, token, folder);
    expect(ran.stderr).toMatch(message);
    expect(ran.stderr).not.toMatch(/\n\s+at .*\.(js|ts):\d+/);
    expect(ran.code).toBe(1);
    hub.faults.clear();
    // Nothing stands in the way of trying again.
    expect((await deploy(hub, token, folder)).code).toBe(0);
  });
});

describe("the build", () => {
  test("is followed, and its log's end is told when it fails", async () => {
    const folder = project();
    await deploy(hub, token, folder);
    const space = repository().space!;
    space.afterStart = ["BUILDING", "BUILDING", "BUILDING", "BUILD_ERROR"];
    space.errorMessage = "Job failed with exit code: 1";
    space.logs.build.add("npm ci --omit=dev", "npm error 404 Not Found: daggr", `using ${token}`);
    writeFiles(folder, { "lib/shout.ts": "export const shout = (text: string) => text;\n" });
    const ran = await deploy(hub, token, folder);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/\| npm error 404 Not Found: daggr/);
    expect(ran.stderr).toMatch(
      /its image could not be built \(BUILD_ERROR\)\.\nJob failed with exit code: 1\nThe end of its log:\n {2}npm ci/,
    );
    expect(ran.stderr).not.toContain(token);
  });

  test("that ends at the start shows what the app said", async () => {
    const folder = project();
    await deploy(hub, token, folder);
    const space = repository().space!;
    space.afterStart = ["BUILDING", "APP_STARTING", "RUNTIME_ERROR"];
    space.logs.run.add("Error: Cannot find module 'x'");
    writeFiles(folder, { "lib/shout.ts": 'export const shout = (text: string) => text + "?";\n' });
    const ran = await deploy(hub, token, folder);
    expect(ran.stderr).toMatch(
      /it ended when it started \(RUNTIME_ERROR\)\.\nThe end of its log:\n {2}Error: Cannot find module 'x'/,
    );
  });

  test("a paused Space, and --no-wait", async () => {
    const folder = project();
    await deploy(hub, token, folder, ["--yes", "--no-wait"]);
    repository().space!.afterStart = ["PAUSED"];
    writeFiles(folder, { "lib/shout.ts": 'export const shout = (text: string) => text + ".";\n' });
    const paused = await deploy(hub, token, folder);
    expect(paused.stderr).toMatch(/is paused, so that it does not start\. Start it: .*\/settings/);
    expect(paused.code).toBe(1);
    repository().space!.afterStart = ["BUILDING"];
    writeFiles(folder, { "lib/shout.ts": files["lib/shout.ts"] });
    const ran = await deploy(hub, token, folder, ["--yes", "--no-wait"]);
    expect(ran.stdout).toMatch(/It is being built/);
    expect(ran.code).toBe(0);
  });

  test("is waited for so long and no longer", async () => {
    const folder = project();
    await deploy(hub, token, folder);
    repository().space!.afterStart = ["BUILDING"];
    writeFiles(folder, { "lib/shout.ts": 'export const shout = (text: string) => text + ",";\n' });
    const ran = await deploy(hub, token, folder, ["--yes", "--timeout", "0.005"]);
    expect(ran.stderr).toMatch(/does not run after 0 min \(building the image\)/);
  });
});
