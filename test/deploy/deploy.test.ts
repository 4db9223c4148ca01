/** `daggr deploy` as a person calls it, at a Hub on this machine that Hugging Face's own clients check. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { startHub } from "./hub.ts";
import { deploy, project, script } from "./project.ts";

const at = startHub();
const { repository, paths, fileOf, writes } = at;

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
    const ran = await deploy(at.hub, at.token, folder, [
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
    expect(ran.stdout).toContain(`${at.hub.url}/spaces/ada/loud-thoughts`);
    expect(ran.stdout).toContain("https://ada-loud-thoughts.hf.space");
  });

  test("of an organization, named on the command line, without login", async () => {
    const ran = await deploy(at.hub, at.token, project(), [
      "--yes",
      "--org",
      "lab",
      "--scopes",
      "none",
      "--json",
    ]);
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
      at.hub,
      at.token,
      project(),
      ["--yes", "-s", "GIVEN=given-value-1", "-s", "FROM_ENV"],
      {
        FROM_ENV: "env-value-2",
      },
    );
    expect(repository().space!.secrets.get("FROM_ENV")!.value).toBe("env-value-2");
    for (const value of ["given-value-1", "env-value-2", at.token]) {
      expect(ran.stdout + ran.stderr).not.toContain(value);
      expect([...repository().head.files.values()].join("\n")).not.toContain(value);
    }
  });

  test("that somebody else creates in the same moment is updated instead", async () => {
    at.hub.repositories.add("space", "ada/loud-thoughts", { sdk: "docker" });
    at.hub.faults.add({ path: "/api/spaces/ada/loud-thoughts", method: "GET", status: 404, times: 1 });
    const ran = await deploy(at.hub, at.token, project(), ["--yes", "--variable", "A=1"]);
    expect(ran.code).toBe(0);
    expect(repository().space!.variables.get("A")!.value).toBe("1");
    expect(paths()).toContain("app.ts");
  });
});

describe("deploying again", () => {
  test("without a change says so, and makes no commit", async () => {
    const folder = project();
    await deploy(at.hub, at.token, folder);
    const ran = await deploy(at.hub, at.token, folder);
    expect(ran.stdout).toContain("Nothing changed");
    expect(ran.code).toBe(0);
    expect(repository().commits).toHaveLength(2);
  });

  test("sends only what changed, removes what an earlier one put there, and leaves everything else", async () => {
    const folder = project({ "old.txt": "old", "extra.txt": "extra" });
    await deploy(at.hub, at.token, folder, [
      "--yes",
      "-i",
      "*.txt",
      "--secret",
      "A=secret-a",
      "--variable",
      "B=b",
    ]);
    repository().commit({
      "theirs.md": "written on the Space",
      "README.md": fileOf("README.md").replace("🔀", "🐳").replace("An AI workflow", "My words"),
    });
    rmSync(join(folder, "old.txt"));
    writeFileSync(join(folder, "lib/shout.ts"), 'export const shout = (text: string) => text + "!";\n');
    writeFileSync(join(folder, "new.txt"), "new");
    repository().space!.variables.set("OTHER", { value: "stays", updatedAt: "" });
    at.hub.seen.length = 0;
    const ran = await deploy(at.hub, at.token, folder, [
      "--yes",
      "-i",
      "*.txt",
      "--variable",
      "B=b",
      "--json",
    ]);
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
    await deploy(at.hub, at.token, folder, ["--yes", "--bucket", "ada/first"]);
    at.hub.seen.length = 0;
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
    const ran = await deploy(at.hub, at.token, folder, [
      ...args,
      "--secret",
      "K=another secret",
      "--title",
      "New",
    ]);
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
    at.hub.repositories.add("space", "ada/loud-thoughts", {
      files: {
        "app.py": "import gradio",
        "README.md": "---\nsdk: gradio\nsdk_version: 6.0.0\napp_file: app.py\n---\n",
      },
    });
    const folder = project();
    const refused = await deploy(at.hub, at.token, folder);
    expect(refused.stderr).toMatch(/was not made by daggr deploy: it holds app\.py/);
    expect(refused.code).toBe(1);
    expect(writes()).toEqual([]);
    const ran = await deploy(at.hub, at.token, folder, ["--yes", "--overwrite"]);
    expect(ran.code).toBe(0);
    expect(fileOf("app.py")).toBe("import gradio");
    expect(fileOf("README.md")).not.toContain("sdk_version");
  });

  test("stops when somebody changes the Space in between", async () => {
    const folder = project();
    await deploy(at.hub, at.token, folder);
    writeFileSync(join(folder, "app.ts"), `${script}\n// changed\n`);
    // The card is asked about before the commit, so that there is a moment for somebody else.
    writeFileSync(join(folder, "README.md"), "---\nemoji: 🐳\n---\nMine\n");
    at.hub.faults.add({ path: "/api/validate-yaml", delayMs: 300 });
    const deploying = deploy(at.hub, at.token, folder);
    while (at.hub.requests("/api/validate-yaml").length < 2) await delay(5);
    const between = repository().commit({ "theirs.txt": "quicker" });
    const ran = await deploying;
    expect(ran.stderr).toMatch(/Somebody changed the Space while it was being deployed; nothing was sent/);
    expect(ran.code).toBe(1);
    expect(repository().head.oid).toBe(between);
    at.hub.faults.clear();
    expect((await deploy(at.hub, at.token, folder)).code).toBe(0);
    expect(fileOf("README.md")).toMatch(/^---\nemoji: 🐳\n[\s\S]*\nMine\n$/);
    expect(paths()).toContain("theirs.txt");
  });
});

describe("a Python app of one's own", () => {
  const withTools = script
    .replace("FnNode, ", "FnNode, GradioNode, ")
    .replace(
      "await new Graph",
      'const tools = new GradioNode("./py/tools.py", { apiName: "/f", inputs: { x: node.loud }, outputs: { y: gr.Textbox() } });\nconst far = new GradioNode("http://127.0.0.1:7861", { apiName: "/f", inputs: { x: node.loud }, outputs: { y: gr.Textbox() } });\nawait new Graph',
    )
    .replace("[node]", "[node, tools, far]");
  const python = {
    "py/tools.py": "import helper",
    "py/helper.py": "",
    "py/other.py": "",
    "app.ts": withTools,
  };

  test("goes along with what it imports, and the image has its packages", async () => {
    const ran = await deploy(at.hub, at.token, project({ ...python, "py/requirements.txt": "numpy" }));
    expect(ran.code).toBe(0);
    expect(paths().filter((path) => path.startsWith("py/"))).toEqual([
      ...["py/helper.py", "py/requirements.txt", "py/tools.py"],
    ]);
    const image = fileOf("Dockerfile");
    expect(image).toMatch(/apt-get install -y --no-install-recommends python3 python3-venv/);
    expect(image).toContain(
      "RUN python3 -m venv 'py/.venv' && 'py/.venv/bin/pip' install --no-cache-dir gradio -r 'py/requirements.txt'",
    );
    expect(ran.stderr).toMatch(
      /note Node '127\.0\.0\.1:7861' calls 127\.0\.0\.1:7861, which is this machine/,
    );
  });

  test("has to say which packages it needs", async () => {
    const ran = await deploy(at.hub, at.token, project(python));
    expect(ran.stderr).toMatch(/tools\.py needs a requirements\.txt beside it/);
    expect(writes()).toEqual([]);
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
    expect(plan.files.map(({ path }: { path: string }) => path)).toContain(".daggr-deploy.json");
    expect(plan.bytes).toBe(plan.files.reduce((sum: number, file: { bytes: number }) => sum + file.bytes, 0));
  });
});
