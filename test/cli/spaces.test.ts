import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GradioNode, Graph } from "../../src/index.ts";
import { HubStub } from "../hub/hub-stub.ts";
import { freePort, type PythonServer, startPython } from "../support/python.ts";
import { makeProject, root, runDaggr, temporaryFolder, writeFiles } from "./command.ts";

// Real Gradio servers: an app with a component of every kind, and the same as its author changed it later.
let app: PythonServer;
let changed: PythonServer;
let hub: HubStub;
const HF_HOME = temporaryFolder();
let env: Record<string, string>;

beforeAll(async () => {
  const script = join(root, "test/gradio/catalog.py");
  const options = { readyPath: "/gradio_api/app_id" };
  [app, changed, hub] = await Promise.all([
    startPython(script, [], options),
    startPython(script, [], { ...options, env: { CATALOG: "changed" } }),
    HubStub.start(),
  ]);
  env = { HF_ENDPOINT: hub.url, HF_HOME };
  hub.repositories.add("space", "ada/catalog", { sdk: "gradio", host: app.url, files: { "app.py": "1" } });
});
afterAll(async () => {
  await Promise.all([app?.close(), changed?.close(), hub?.[Symbol.asyncDispose]()]);
});

const TSCONFIG = JSON.stringify({
  compilerOptions: { strict: true, module: "nodenext", skipLibCheck: true, noEmit: true, types: ["node"] },
  include: ["*.ts"],
});

/** A project with both compilers. */
function project(files: Readonly<Record<string, string>> = {}): string {
  const cwd = makeProject({ "tsconfig.json": TSCONFIG, ...files });
  for (const name of ["typescript", "typescript7", "@types"])
    symlinkSync(join(root, "node_modules", name), join(cwd, "node_modules", name));
  return cwd;
}

/** What `tsc` says, without where. */
function compile(cwd: string, version: "" | "7" = ""): string[] {
  const tsc = join(root, `node_modules/typescript${version}/bin/tsc`);
  const { stdout } = spawnSync(process.execPath, [tsc, "-p", cwd, "--pretty", "false"], {
    cwd,
    encoding: "utf8",
  });
  return stdout.split("\n").filter((line) => line.includes("error TS"));
}

const inspect = (source: string, ...args: string[]) =>
  runDaggr(["inspect", source, ...args], { cwd: HF_HOME, env });
const add = (cwd: string, ...args: string[]) => runDaggr(["add", ...args], { cwd, env });
const envFile = (cwd: string): string => readFileSync(join(cwd, "daggr-env.d.ts"), "utf8");

type AnyGradioNode = GradioNode<Record<string, unknown>>;

describe("daggr inspect", () => {
  test("shows an endpoint as a table and as a node", async () => {
    const { code, stdout } = await inspect("ada/catalog", "--endpoint", "paint");
    expect(code).toBe(0);
    const commit = hub.repositories.get("space", "ada/catalog").head.oid.slice(0, 7);
    expect(stdout).toContain(`ada/catalog  commit ${commit} · Gradio `);
    expect(stdout.split("\n").map((line) => line.trim().replace(/ {2,}/g, " | "))).toEqual(
      expect.arrayContaining([
        "Paints a picture. <b>Not</b> */ really.",
        'prompt | Textbox | string | "A cat"',
        "image | Image | path | required",
        'style | Radio | "oil" | "ink" | "water" | "oil"',
        'tags | CheckboxGroup | ("warm" | "cold" | "it\'s \\"loud\\"")[] | []',
        "steps | Slider | number, 1 to 50 | 20",
        "seed | Number | number, at least 0 | required",
        'paper | Dropdown | "A4" | "letter" | any other text | "A4"',
        "→ finalImage | Image | path",
        'style: gr.Radio({ label: "Style", info: "How it is painted", choices: ["oil", "ink", ["Water colour", "water"]], value: "oil" }),',
        'seed: gr.Number({ label: "Seed", minimum: 0, precision: 0 }),',
        'finalImage: gr.Image({ label: "Final image" }),',
        'output2Numbers: gr.Number({ label: "2 numbers" }),',
      ]),
    );
    // What the app's own page hides is no field.
    expect(stdout).not.toContain("secret: gr.");
  });

  test("shows all endpoints, and asks for one where none is called by itself", async () => {
    const { stdout } = await inspect("ada/catalog");
    for (const line of ["/count  streams", "/remember", "/typed", "Not documented by the app: /hidden_one"])
      expect(stdout).toContain(line);
    expect(stdout).toContain("As a node: daggr inspect ada/catalog --endpoint /count");
    // State is no parameter.
    expect(stdout).toMatch(/\/remember\n {2}text +Textbox +string +required\n {2}→ seen +Textbox +string\n/);
    const { code, stderr } = await inspect("ada/catalog", "--code");
    expect(code).toBe(2);
    expect(stderr).toContain("ada/catalog has several endpoints: /count, /data");
  });

  test("tells everything as JSON, however the Space is written", async () => {
    for (const source of ["ada/catalog", `${hub.url}/spaces/ada/catalog`]) {
      const { stdout } = await inspect(source, "--json");
      const told = JSON.parse(stdout) as {
        source: string;
        endpoints: { apiName: string; parameters: unknown[] }[];
      };
      expect(told).toMatchObject({
        source: "ada/catalog",
        gradio: expect.stringMatching(/^\d/),
        defaultEndpoint: null,
      });
      const typed = told.endpoints.find(({ apiName }) => apiName === "/typed");
      expect(typed?.parameters[0]).toEqual({
        name: "mode",
        label: "",
        component: "Api",
        type: '"fast" | "slow"',
        required: true,
      });
    }
  });

  test("gives nodes that type-check, with and without the types of the app, and that run", async () => {
    const cwd = project();
    const endpoints = ["paint", "files", "data", "remember", "count", "typed", "old-count", "hidden_one"];
    const nodes = await Promise.all(
      endpoints.map(async (name) => (await inspect(app.url, "--endpoint", name, "--code")).stdout),
    );
    writeFiles(cwd, Object.fromEntries(endpoints.map((name, index) => [`${name}.ts`, nodes[index]!])));
    expect(compile(cwd)).toEqual([]);
    expect((await add(cwd, app.url)).code).toBe(0);
    expect(compile(cwd)).toEqual([]);
    expect(compile(cwd, "7")).toEqual([]);

    const dot = join(root, "test/gradio/fixtures/dot.png");
    const inputs: Record<string, Record<string, unknown>> = {
      paint: { image: dot, seed: 7, when: "2026-01-31T12:00:00", tags: ['it\'s "loud"'] },
      remember: { text: "a" },
      count: { steps: 3 },
      typed: { mode: "slow" },
      data: {
        tokens: [["a", "X"]],
        confidences: { cat: 1 },
        chat: [{ role: "user", content: "hi" }],
        markdown: "m",
        html: "h",
      },
    };
    const results: Record<string, unknown> = {};
    for (const [name, given] of Object.entries(inputs)) {
      const own = pathToFileURL(join(cwd, `${name}.ts`)).href;
      const [node] = Object.values((await import(/* @vite-ignore */ own)) as Record<string, AnyGradioNode>);
      const graph = new Graph({ name, nodes: [node!], persistKey: false });
      const outputs = await graph.run({ [node!.name]: given });
      [results[name]] = Object.values(outputs);
    }
    expect(results).toMatchObject({
      paint: {
        finalImage: expect.stringMatching(/\.png$/),
        whatWasDone:
          "A cat oil ['it\\'s \"loud\"'] 20 7 ['mono'] A4 2026-01-31 12:00:00 #ff0000 True shh True",
        output2Numbers: 0.5,
      },
      remember: { seen: "a" },
      count: { step: "step 2" },
      typed: { output: expect.stringMatching(/^slow/), output2: 2 },
      data: {
        json: { a: 1, b: 2 },
        forOutput: [
          ["a", "NOUN"],
          [" b", null],
        ],
      },
    });
  });
});

test("a Python app of the project is started, asked and ended", async () => {
  const tools =
    'import gradio as gr\ndef shout(text: str, times: int = 2) -> str:\n    return text\ngr.Interface(shout, ["text", "number"], "text").launch()\n';
  const cwd = project({ "tools.py": tools });
  symlinkSync(join(root, ".venv"), join(cwd, ".venv"));
  const { code, stdout } = await add(cwd, "./tools.py");
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^Added \.\/tools\.py \(\d endpoints?\)/)]);
  expect(envFile(cwd)).toContain('"./tools.py": {');
  expect(envFile(cwd)).toMatch(/"\/shout": \{\s+inputs: \{\s+\/\*\* text \(Textbox\) \*\/\s+text: string;/);
});

describe("daggr add", () => {
  test("writes types that catch every mistake, in both compilers", async () => {
    const cwd = project();
    const { code, stdout } = await add(cwd, "ada/catalog");
    expect([code, stdout]).toEqual([0, "Added ada/catalog (8 endpoints)\nWritten to daggr-env.d.ts\n"]);
    const call = (apiName: string, inputs: string, outputs = "{}"): string =>
      `new GradioNode("ada/catalog", { apiName: "${apiName}", inputs: { ${inputs} }, outputs: ${outputs} });`;
    const paint = 'image: "a.png", seed: 1, when: null';
    const lines = [
      call("/pain", paint),
      call("/paint", `${paint}, promt: "a"`),
      call("/paint", 'image: "a.png", when: null'),
      call("/paint", `${paint}, steps: "20"`),
      call("/paint", `${paint}, style: "watr"`),
      call("/paint", `${paint}, tags: ["hot"]`),
      call("/paint", `${paint}, prompt: number.steps`),
      call("/paint", paint, "{ a: gr.Image(), b: gr.Textbox(), c: gr.Number(), d: gr.Image() }"),
      call("/count", "", "{ step: gr.Number() }"),
      call("/typed", 'mode: "medium"'),
    ];
    const right = [
      call(
        "/paint",
        `${paint}, style: "water", paper: "any", tags: ["warm"], prompt: text.step`,
        "{ a: gr.Image() }",
      ),
      call("/count", "", "{ step: gr.Textbox() }"),
      'new GradioNode("x/y", { apiName: "/anything", inputs: { any: 1 }, outputs: { b: gr.Number() } });',
    ];
    const head = [
      'import { FnNode, GradioNode, gr } from "daggr";',
      'const number = new FnNode(() => 1, { name: "n", inputs: {}, outputs: { steps: gr.Number() } });',
      'const text = new GradioNode("ada/catalog", { apiName: "/count", outputs: { step: gr.Textbox() } });',
    ].join(" ");
    writeFileSync(join(cwd, "app.ts"), `${head}\n${[...lines, ...right].join("\n")}\n`);
    for (const version of ["", "7"] as const) {
      const errors = compile(cwd, version);
      const said = lines.map(
        (_, index) => errors.find((error) => error.startsWith(`app.ts(${index + 2},`)) ?? "",
      );
      expect(said).toEqual([
        expect.stringContaining(`Did you mean '"/paint"'?`),
        expect.stringContaining("Did you mean to write 'prompt'?"),
        expect.stringContaining("Property 'seed' is missing"),
        expect.stringContaining("Type 'string' is not assignable to type 'InputFor<number>"),
        expect.stringContaining(`Did you mean '"water"'?`),
        expect.stringContaining(`Type '"hot"' is not assignable to type '`),
        expect.stringContaining("Type 'Port<number>' is not assignable"),
        expect.stringContaining("This endpoint returns only 3: name no more outputs."),
        expect.stringContaining("No value of this type is returned here."),
        expect.stringContaining(`'"medium"' is not assignable`),
      ]);
      expect(errors.filter((error) => Number(/\((\d+),/.exec(error)?.[1]) > lines.length + 1)).toEqual([]);
    }
  });

  test("is the same for the same apps, keeps what is there, and takes out what is named", async () => {
    const [one, other] = [project(), project()];
    expect((await add(one, "ada/catalog", `${app.url}/`)).code).toBe(0);
    await add(other, app.url.replace("//", "//user:secret@"));
    await add(other, `${hub.url}/spaces/ada/catalog`);
    expect(envFile(other)).toBe(envFile(one));
    expect(envFile(one)).not.toContain("secret@");
    expect((await add(one)).stdout).toBe(`ada/catalog is up to date\n${app.url} is up to date\n`);
    expect((await add(one, "--remove", "ada/catalogue")).stderr).toContain("Did you mean 'ada/catalog'?");
    await add(one, "--remove", "ada/catalog");
    expect(envFile(one)).not.toContain("ada/catalog");
    expect(envFile(one)).toContain(app.url);
    await add(one, "--remove", app.url);
    expect(existsSync(join(one, "daggr-env.d.ts"))).toBe(false);
  });

  test("stands beside tsconfig.json, says when that does not include it, and leaves a foreign file alone", async () => {
    const cwd = project({ "src/app.ts": "export {};" });
    writeFileSync(join(cwd, "tsconfig.json"), TSCONFIG.replace("*.ts", "src"));
    const { stderr } = await runDaggr(["add", "ada/catalog"], { cwd: join(cwd, "src"), env });
    expect(stderr).toContain('does not include daggr-env.d.ts: add "daggr-env.d.ts" to its "include"');
    expect(existsSync(join(cwd, "daggr-env.d.ts"))).toBe(true);
    for (const [text, message] of [
      ["declare module 'daggr' {}", "was not written by daggr add, so it is left alone"],
      [envFile(cwd).replace("    };\n  }", "<<<<<<< HEAD"), "cannot be read at line"],
    ] as const) {
      writeFileSync(join(cwd, "daggr-env.d.ts"), text);
      const { code, stderr } = await add(cwd, "ada/catalog");
      expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
      expect(envFile(cwd)).toBe(text);
    }
  });

  test("tells what is to be done without a name", async () => {
    expect((await add(project())).stderr).toContain("Add an app: daggr add owner/name");
    expect((await add(project(), "--check", "--remove")).code).toBe(2);
  });
});

describe("daggr add --check", () => {
  test("fails with the difference when a Space has changed, and the update is what the compiler then finds", async () => {
    const space = hub.repositories.add("space", "ada/moving", {
      sdk: "gradio",
      host: app.url,
      files: { a: "1" },
    });
    const cwd = project();
    await add(cwd, "ada/moving");
    expect(await add(cwd, "--check")).toMatchObject({
      code: 0,
      stdout: "✓ ada/moving is as its types say\n",
    });

    // A new commit alone is no failure.
    space.commit({ "README.md": "better words" }, "Docs");
    const docs = await add(cwd, "--check");
    expect(docs).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/is as its types say \(commit \w{7} -> \w{7}\)/),
    });

    space.commit({ a: "2" }, "Another app");
    space.space!.host = changed.url;
    space.space!.stages.length = 0;
    space.space!.stage = "RUNNING";
    const { code, stdout } = await add(cwd, "--check");
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^✗ ada\/moving has changed \(commit \w{7} -> \w{7}\): 4 differences, 4 that may break a script\n/,
    );
    for (const line of [
      `- parameter 'style' has lost the choice "water"`,
      `- parameter 'mood' is new ("calm" | "wild" | null), and required`,
      "- parameter 'steps' takes 1 to 20 now, took 1 to 50",
      "- is gone",
    ])
      expect(stdout).toContain(line);
    const json = JSON.parse((await add(cwd, "--check", "--json")).stdout) as {
      ok: boolean;
      apps: { changes: unknown[] }[];
    };
    expect([json.ok, json.apps[0]?.changes.length]).toEqual([false, 4]);

    writeFileSync(
      join(cwd, "app.ts"),
      'import { GradioNode, gr } from "daggr";\nnew GradioNode("ada/moving", { apiName: "/paint", inputs: { image: null, seed: 1, when: null, style: "water" }, outputs: { a: gr.Image() } });\n',
    );
    expect(compile(cwd)).toEqual([]);
    expect((await add(cwd)).stdout).toContain("Updated ada/moving");
    expect(compile(cwd)).toHaveLength(1);
    expect((await add(cwd, "--check")).code).toBe(0);
  });

  test("compares with what was last known where the Hub cannot be asked, and says so", async () => {
    const cwd = project();
    await add(cwd, "ada/catalog");
    const offline = { ...env, HF_HUB_OFFLINE: "1" };
    const known = await runDaggr(["add", "--check"], { cwd, env: offline });
    expect(known.code).toBe(0);
    expect(known.stdout).toContain("HF_HUB_OFFLINE is set");
    expect(known.stdout).toContain("Compared with what was last known.");
    const unknown = await runDaggr(["add", "--check"], {
      cwd,
      env: { ...offline, HF_HOME: temporaryFolder() },
    });
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain("HF_HUB_OFFLINE is set");
  });
});

describe("a Space that cannot be asked", () => {
  const told = async (
    source: string,
    own: Record<string, string> = {},
    ...args: string[]
  ): Promise<string> => {
    const started = performance.now();
    const { code, stderr, stdout } = await runDaggr(["inspect", source, ...args], {
      cwd: HF_HOME,
      env: { ...env, ...own },
    });
    expect([code, stdout]).toEqual([1, ""]);
    expect(performance.now() - started).toBeLessThan(10_000);
    return stderr;
  };

  test("is one sentence that says what to do", async () => {
    const add = (id: string, stage: string) =>
      (hub.repositories.add("space", id, { sdk: "gradio", host: app.url, files: { a: "1" } }).space!.stage =
        stage);
    add("ada/paused", "PAUSED");
    add("ada/broken", "BUILD_ERROR");
    add("ada/building", "BUILDING");
    hub.repositories.add("space", "ada/hidden", { sdk: "gradio", host: app.url }).private = true;
    hub.repositories.add("space", "ada/static", { sdk: "static", host: `${hub.url}/none` });
    const HF_TOKEN = hub.accounts.add("eve").token("read", { expired: true });

    expect(await told("no id at all")).toContain(
      "is neither a Space ('owner/name') nor the address of a Gradio app ('https://…') nor the path of a Python app ('./tools.py').",
    );
    expect(await told("ada/catalogue")).toContain("Did you mean 'ada/catalog'?");
    expect(await told("ada/hidden")).toContain("If it is private, set HF_TOKEN or log in.");
    expect(await told("ada/catalog", { HF_TOKEN })).toMatch(/does not accept the token: it is expired/);
    expect(await told("ada/paused")).toContain(
      "is paused. Only its owner can start it again; others can duplicate it",
    );
    expect(await told("ada/broken")).toContain("its state is BUILD_ERROR. Only its owner can mend it.");
    expect(await told("ada/building", {}, "--wait", "0")).toMatch(
      /waiting for it\.\n.*its state is BUILDING\. Try again in a while/,
    );
    expect(await told("ada/static")).toMatch(/no Gradio app/);
    expect(await told("ada/catalog", {}, "--endpoint", "/paitn")).toContain("Did you mean '/paint'?");
    expect(await told(`http://127.0.0.1:${await freePort()}`)).toContain(
      "cannot be reached: ECONNREFUSED. Is it running, and is the port right?",
    );
    hub.faults.rateLimit();
    expect(await told("ada/catalog", { HF_HOME: temporaryFolder() })).toMatch(
      /takes no more requests from you just now \(HTTP 429\)/,
    );
    hub.faults.clear();
  });
});
