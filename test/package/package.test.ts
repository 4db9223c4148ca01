import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../support/python.ts";
import { npmEnvironment, type Registry, startRegistry } from "../support/registry.ts";

const root = resolve(import.meta.dirname, "../..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const run = promisify(execFile);

const home = mkdtempSync(join(tmpdir(), "daggr-package-"));
const project = join(home, "project");
let registry: Registry;
let env: NodeJS.ProcessEnv;
let packed: { filename: string; files: { path: string }[] };
let installWarnings: string;

beforeAll(async () => {
  await run(process.execPath, [join(root, "scripts/build.ts"), "--only-what-changed"], { cwd: root });
  registry = await startRegistry();
  env = npmEnvironment(registry, home);
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", home], { cwd: root, env });
  [packed] = JSON.parse(stdout);
  cpSync(join(import.meta.dirname, "project"), project, { recursive: true });
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ name: "project", private: true, type: "module" }),
  );
  const installed = await run("npm", ["install", join(home, packed.filename)], { cwd: project, env });
  installWarnings = installed.stderr;
});

afterAll(async () => {
  await registry?.[Symbol.asyncDispose]();
});

describe("the packed tarball", () => {
  test("holds the code, its types, the canvas and the command, and nothing else", () => {
    const paths = packed.files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        "LICENSE",
        "README.md",
        "bin/daggr.js",
        "dist/cli/main.js",
        "dist/index.d.ts",
        "dist/index.js",
        "dist/web/index.html",
        "package.json",
      ]),
    );
    expect(paths.filter((path) => !/^(LICENSE|README\.md|package\.json|bin\/|dist\/)/.test(path))).toEqual(
      [],
    );
    expect(paths.filter((path) => /\.test\.|\.tsbuildinfo$|\.map$/.test(path))).toEqual([]);
  });

  test("installs without a warning, with its own dependencies only", () => {
    expect(installWarnings).toBe("");
    const installed = readdirSync(join(project, "node_modules"));
    expect(installed).toEqual(expect.arrayContaining(["daggr", "hono"]));
    const development = Object.keys(manifest.devDependencies).filter((name) => installed.includes(name));
    expect(development).toEqual([]);
  });

  test("serves its canvas and its API from a plain `node app.ts`", async () => {
    const port = await freePort();
    const child = spawn(process.execPath, ["serve.ts"], {
      cwd: project,
      env: { ...env, PORT: String(port) },
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const url = await firstUrl(child.stdout);
      const page = await fetch(url);
      expect(page.status).toBe(200);
      const html = await page.text();
      const assets = [...html.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, path = ""]) => path);
      expect(assets.length).toBeGreaterThan(0);
      for (const path of assets) expect((await fetch(new URL(path, url))).status, path).toBe(200);
      const schema = await fetch(new URL("/api/schema", url));
      expect(schema.status).toBe(200);
      expect(JSON.stringify(await schema.json())).toContain("shout__text");
    } finally {
      child.kill();
      await once(child, "close");
    }
  });

  test("runs a script by `npx daggr run`", async () => {
    const args = ["daggr", "run", "app.ts", "--json", "-i", "shout.text=hi"];
    const { stdout } = await run("npx", args, { cwd: project, env });
    expect(JSON.stringify(JSON.parse(stdout))).toContain('"HI"');
  });

  test("works where an optional dependency has no build", async () => {
    const bare = join(home, "bare");
    cpSync(join(import.meta.dirname, "project"), bare, { recursive: true });
    writeFileSync(
      join(bare, "package.json"),
      JSON.stringify({ name: "bare", private: true, type: "module" }),
    );
    await run("npm", ["install", "--omit=optional", join(home, packed.filename)], { cwd: bare, env });
    const installed = readdirSync(join(bare, "node_modules"));
    expect(installed.filter((name) => name in manifest.optionalDependencies)).toEqual([]);
    const args = ["daggr", "run", "app.ts", "--json", "-i", "shout.text=hi"];
    const { stdout } = await run("npx", args, { cwd: bare, env });
    expect(JSON.stringify(JSON.parse(stdout))).toContain('"HI"');
  });

  test("has a command that tells its version and its help", async () => {
    const { stdout: version } = await run("npx", ["daggr", "--version"], { cwd: project, env });
    expect(version).toContain(manifest.version);
    const { stdout: help } = await run("npx", ["daggr", "--help"], { cwd: project, env });
    expect(help).toContain("daggr run");
  });

  test("tells an old Node what it needs, in one sentence", async () => {
    const old = "data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.11.0'}})";
    const command = join(project, "node_modules/daggr/bin/daggr.js");
    const failure = await run(process.execPath, ["--import", old, command], { env }).catch((error) => error);
    expect(failure.code).toBe(1);
    expect(failure.stderr.trim()).toMatch(
      /^daggr needs Node 22\.18 or newer[^\n]*this is Node 20\.11\.0[^\n]*$/,
    );
  });
});

describe("the types of the packed tarball", () => {
  beforeAll(async () => {
    await run("npm", ["install", "--save-dev", "@types/node"], { cwd: project, env });
  });

  const resolutions = { nodenext: "nodenext", bundler: "preserve" };
  test.each(
    ["typescript", "typescript7"].flatMap((compiler) =>
      Object.entries(resolutions).map((r) => [compiler, ...r]),
    ),
  )(
    "compile with %s, moduleResolution %s, and without skipLibCheck",
    async (compiler, moduleResolution, module) => {
      const config = join(project, `tsconfig.${moduleResolution}.json`);
      const compilerOptions = {
        ...{
          module,
          moduleResolution,
          target: "es2024",
          lib: ["es2024", "dom", "dom.iterable"],
          types: ["node"],
        },
        ...{ strict: true, skipLibCheck: false, noEmit: true, allowImportingTsExtensions: true },
      };
      writeFileSync(config, JSON.stringify({ compilerOptions, include: ["*.ts"] }));
      const tsc = join(root, "node_modules", compiler ?? "", "bin/tsc");
      const result = await run(process.execPath, [tsc, "-p", config], { cwd: project }).catch(
        (error) => error,
      );
      expect(result.stdout).toBe("");
    },
  );
});

async function firstUrl(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  const found = Promise.withResolvers<string>();
  stream.on("data", (data) => {
    text += data;
    const url = /http:\/\/[^\s]+/.exec(text)?.[0];
    if (url !== undefined) found.resolve(url);
  });
  stream.on("end", () => found.reject(new Error(`It ended before it served:\n${text}`)));
  const tooLate = delay(30_000).then(() =>
    Promise.reject(new Error(`It did not serve within 30 s:\n${text}`)),
  );
  return Promise.race([found.promise, tooLate]);
}
