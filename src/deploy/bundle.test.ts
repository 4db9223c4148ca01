import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type BundleOptions, makeBundle } from "./bundle.ts";
import { textOf } from "./bundle-file.ts";
import { findProject } from "./project.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function makeFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "daggr-bundle-"));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const manifest = (more: object = {}): string =>
  JSON.stringify({ name: "x", type: "module", dependencies: { daggr: "^1.0.0" }, ...more });

async function bundle(
  files: Readonly<Record<string, string>>,
  options: Partial<BundleOptions> & { readonly script?: string; readonly folder?: string } = {},
) {
  const folder = options.folder ?? makeFolder(files);
  const made = await makeBundle(findProject(join(folder, options.script ?? "app.ts")), {
    card: { graphName: "X", port: 7860, scopes: [] },
    loaded: [],
    include: [],
    launchesItself: true,
    services: { named: [], pythonFolders: [], packages: [], notes: [] },
    daggrVersion: "1.2.3",
    ...options,
  });
  const byPath = new Map(made.files.map((file) => [file.path, textOf(file)]));
  return { ...made, paths: [...byPath.keys()], text: (path: string) => byPath.get(path)!, folder };
}

const ours = [".dockerignore", "Dockerfile"];

describe("the files of a bundle", () => {
  test("are the script, what it imports and names, and nothing else that lies there", async () => {
    const made = await bundle({
      "app.ts": `import "./a.ts"; new URL("./logo.png", import.meta.url); const x = join(import.meta.dirname, "prompts"); read("notes.txt");`,
      "a.ts": 'const b = () => import("./b.ts");',
      "b.ts": "",
      "logo.png": "png",
      "prompts/one.txt": "1",
      "prompts/.env": "A=1",
      "notes.txt": "",
      "other.ts": "",
      "README.md": "# The project's own",
      Dockerfile: "FROM other",
      "package.json": manifest(),
    });
    expect(made.paths).toEqual(
      [...ours, "a.ts", "app.ts", "b.ts", "logo.png", "package.json", "prompts/one.txt"].sort(),
    );
    expect(made.text("Dockerfile")).toContain("FROM node:24-slim");
    expect(made.notes).toContain(
      "Not sent, although a text in the script names them: notes.txt (app.ts:1). If the Space needs them: --include <file>.",
    );
    expect(made.ownReadme).toBeUndefined();
  });

  test("have what was accepted of Spaces and models among them, and never a database", async () => {
    const files = { ".daggr_upstream.json": "{}", ".daggr_sessions.db": "x", ".daggr_files/a": "x" };
    const made = await bundle({ "app.ts": "", "package.json": manifest(), ...files }, { include: ["."] });
    expect(made.paths).toEqual([".daggr_upstream.json", ...ours, "app.ts", "package.json"].sort());
  });

  test("lie where they lie in the folder of package.json, also when the script lies deeper", async () => {
    const made = await bundle(
      { "src/app.ts": 'import "../lib/a.ts";', "lib/a.ts": "", "package.json": manifest() },
      { script: "src/app.ts" },
    );
    expect(made.paths).toEqual([...ours, "lib/a.ts", "package.json", "src/app.ts"].sort());
    expect(made.text("Dockerfile")).toContain('CMD ["node", "--enable-source-maps", "src/app.ts"]');
  });

  test("of a script that does not launch its graph are served by the command", async () => {
    const made = await bundle({ "app.ts": "", "package.json": manifest() }, { launchesItself: false });
    expect(made.text("Dockerfile")).toContain(
      'CMD ["node", "node_modules/daggr/bin/daggr.js", "app.ts", "--no-reload"',
    );
  });

  test("a link that leads out of the folder is a file outside of it", async () => {
    const outside = makeFolder({ "shared.ts": "" });
    const folder = makeFolder({ "app.ts": 'import "./shared.ts";', "package.json": manifest() });
    symlinkSync(join(outside, "shared.ts"), join(folder, "shared.ts"));
    await expect(bundle({}, { folder })).rejects.toThrow(
      /outside of[\s\S]*shared\.ts \(imported by app\.ts:1\)/,
    );
  });

  test("that git ignores come along only where the script needs them", async () => {
    const folder = makeFolder({
      ".gitignore": "*.out.ts\n*.secret.ts\ntmp/\n",
      "app.ts": 'import "./made.out.ts";',
      "made.out.ts": "",
      "tmp/a.txt": "",
      "data/tmp/b.txt": "",
      "data/c.txt": "",
      "package.json": manifest(),
    });
    execFileSync("git", ["init", "-q"], { cwd: folder });
    const made = await bundle({}, { folder, include: ["data", "tmp/*.txt"] });
    expect(made.paths).toEqual([...ours, "app.ts", "data/c.txt", "made.out.ts", "package.json"].sort());
    expect(made.notes.join()).toContain("Left out, because git ignores them: data/tmp/b.txt, tmp/a.txt.");
    writeFileSync(join(folder, "app.ts"), 'import "./my.secret.ts";');
    writeFileSync(join(folder, "my.secret.ts"), "");
    await expect(bundle({}, { folder })).rejects.toThrow(/git ignores these files.*\n {2}my\.secret\.ts/);
  });

  test("Debian packages that package.json names are installed before anything else", async () => {
    const daggr = { deploy: { packages: ["ffmpeg"], include: ["*.txt"] } };
    const made = await bundle({ "app.ts": "", "a.txt": "", "package.json": manifest({ daggr }) });
    expect(made.text("Dockerfile")).toMatch(/FROM node:24-slim\nRUN apt-get update && .* ffmpeg && rm/);
    expect(made.paths).toContain("a.txt");
    const wrong = { deploy: { packages: ["ffmpeg; curl evil"] } };
    await expect(bundle({ "app.ts": "", "package.json": manifest({ daggr: wrong }) })).rejects.toThrow(
      /cannot be one/,
    );
  });
});

describe("package.json and the lockfile", () => {
  const lock = (more: object = {}) =>
    JSON.stringify({ lockfileVersion: 3, packages: { "": { dependencies: { daggr: "^1.0.0" } }, ...more } });

  test("go as they are, and fix what is installed", async () => {
    const text = `${manifest()}\n`;
    const made = await bundle({ "app.ts": "", "package.json": text, "package-lock.json": lock() });
    expect(made.text("package.json")).toBe(text);
    expect(made.text("Dockerfile")).toContain("RUN npm ci --omit=dev");
    expect(made.notes).toEqual([]);
  });

  test("without daggr, or without any package.json, our own version is added", async () => {
    const without = await bundle({ "app.ts": "", "package.json": "{}", "package-lock.json": lock() });
    expect(JSON.parse(without.text("package.json"))).toEqual({ dependencies: { daggr: "^1.2.3" } });
    expect(without.text("Dockerfile")).toContain("RUN npm install --omit=dev");
    const bare = await bundle({ "app.ts": "" });
    expect(JSON.parse(bare.text("package.json"))).toMatchObject({
      type: "module",
      dependencies: { daggr: "^1.2.3" },
    });
  });

  test("a tarball from another folder goes along, and the lockfile knows where", async () => {
    const other = makeFolder({ "daggr-1.0.0.tgz": "packed" });
    const folder = makeFolder({ "app.ts": "" });
    const specifier = `file:${join(other, "daggr-1.0.0.tgz")}`;
    writeFileSync(join(folder, "package.json"), manifest({ dependencies: { daggr: specifier } }));
    const packages = {
      "": { dependencies: { daggr: specifier } },
      "node_modules/daggr": { version: "1.0.0", resolved: specifier, integrity: "sha512-x" },
    };
    writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages }));
    const made = await bundle({}, { folder });
    expect(made.text("vendor/daggr-1.0.0.tgz")).toBe("packed");
    expect(JSON.parse(made.text("package.json")).dependencies.daggr).toBe("file:vendor/daggr-1.0.0.tgz");
    expect(JSON.parse(made.text("package-lock.json")).packages).toEqual({
      "": { dependencies: { daggr: "file:vendor/daggr-1.0.0.tgz" } },
      "node_modules/daggr": {
        version: "1.0.0",
        resolved: "file:vendor/daggr-1.0.0.tgz",
        integrity: "sha512-x",
      },
    });
    const image = made.text("Dockerfile");
    expect(image.indexOf("vendor/daggr-1.0.0.tgz")).toBeLessThan(image.indexOf("RUN npm ci"));
  });

  test("a package in a folder of the project goes along, one outside is refused", async () => {
    const inside = await bundle({
      "app.ts": 'import "lib";',
      "lib/package.json": '{"name":"lib"}',
      "package.json": manifest({ dependencies: { daggr: "1", lib: "file:lib" } }),
      "package-lock.json": lock({
        lib: { version: "1.0.0" },
        "node_modules/lib": { resolved: "lib", link: true },
      }),
    });
    expect(inside.paths).toContain("lib/package.json");
    const other = makeFolder({});
    const outside = manifest({ dependencies: { daggr: `file:${other}` } });
    await expect(bundle({ "app.ts": "", "package.json": outside })).rejects.toThrow(
      /outside of the project\. Pack it/,
    );
  });

  test("what a Space cannot reach, or npm ci refuses, is said", async () => {
    const made = await bundle({
      "app.ts": "",
      "package.json": manifest(),
      "package-lock.json": lock({
        "node_modules/daggr": {
          resolved: "http://localhost:4873/daggr.tgz",
          optionalDependencies: { sharp: "1" },
        },
        "node_modules/sharp": { optionalDependencies: { "@img/sharp-linux-x64": "1" } },
      }),
    });
    expect(made.notes.join("\n")).toMatch(
      /takes packages from localhost:4873[\s\S]*lacks packages for other systems \(@img\/sharp-linux-x64/,
    );
    expect(made.text("Dockerfile")).toContain("RUN npm install");
    const nested = lock({
      "node_modules/a": { optionalDependencies: { b: "1" } },
      "node_modules/a/node_modules/b": {},
      "node_modules/a/node_modules/c": { optionalDependencies: { b: "1", d: "1" } },
      "node_modules/d": {},
    });
    const whole = await bundle({ "app.ts": "", "package.json": manifest(), "package-lock.json": nested });
    expect(whole.notes).toEqual([]);
  });

  test("another tool's lockfile is named", async () => {
    const made = await bundle({ "app.ts": "", "package.json": manifest(), "pnpm-lock.yaml": "" });
    expect(made.notes.join()).toMatch(/pnpm-lock\.yaml is not used on the Space/);
  });

  test("daggr among the development packages is refused", async () => {
    const text = JSON.stringify({ devDependencies: { daggr: "1" } });
    await expect(bundle({ "app.ts": "", "package.json": text })).rejects.toThrow(
      /npm install --save-prod daggr/,
    );
  });
});

describe("what is refused", () => {
  const later = (code: string) => ({ "app.ts": 'const x = () => import("./later.ts");', "later.ts": code });
  const cases: readonly (readonly [string, Record<string, string>, readonly string[], RegExp])[] = [
    [
      "a file of secrets",
      { "app.ts": "", "my.pem": "x" },
      ["my.pem"],
      /my\.pem is never sent: files of this name/,
    ],
    [
      "a database",
      { "app.ts": 'import "./a.db";', "a.db": "x" },
      [],
      /a\.db is never sent: it is a database/,
    ],
    [
      "an include that matches nothing",
      { "app.ts": "" },
      ["a/*.txt"],
      /--include 'a\/\*\.txt' matches no file/,
    ],
    ["an include that leads out", { "app.ts": "" }, ["../x"], /leads out of/],
    [
      "a package of nobody",
      later('import "loudly/x";'),
      [],
      /later\.ts imports loudly, which package\.json does not name.*npm install loudly/,
    ],
    [
      "a development package",
      later('import "@a/b/c";'),
      [],
      /later\.ts imports @a\/b, which package\.json has among its devDependencies/,
    ],
    [
      "an enum",
      later("export enum Kind { A }"),
      [],
      /later\.ts has TypeScript that Node\.js cannot run as it is: .*enum/,
    ],
    [
      "a workspace",
      { "app.ts": "", "package.json": manifest({ dependencies: { daggr: "workspace:*" } }) },
      [],
      /takes daggr from 'workspace:\*'/,
    ],
    [
      "a tarball that is not there",
      { "app.ts": "", "package.json": manifest({ dependencies: { daggr: "file:no.tgz" } }) },
      [],
      /takes daggr from no\.tgz, which is not there/,
    ],
    [
      "a wrong field",
      { "app.ts": "", "package.json": manifest({ daggr: { deploy: { inlcude: [] } } }) },
      [],
      /has no 'inlcude'\. It has: include, packages/,
    ],
    ["no JSON", { "app.ts": "", "package.json": "{" }, [], /package\.json is no JSON object/],
    [
      "a lockfile of no JSON",
      { "app.ts": "", "package-lock.json": "<<<<<<< HEAD" },
      [],
      /package-lock\.json is no JSON/,
    ],
    [
      "a token",
      { "app.ts": `"hf_${"a".repeat(34)}"` },
      [],
      /Nothing was sent[\s\S]*app\.ts:1 {2}a Hugging Face token/,
    ],
  ];
  test.each(cases)("%s", async (_name, files, include, message) => {
    const all = { "package.json": manifest({ devDependencies: { "@a/b": "1" } }), ...files };
    await expect(bundle(all, { include })).rejects.toThrow(message);
  });
});
