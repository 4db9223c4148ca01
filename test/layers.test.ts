import { globSync, readFileSync } from "node:fs";
import { resolve, sep } from "node:path";
import { describe, expect, test } from "vitest";
import { findLongFiles, findWrongImports, layerOf, type Source } from "./support/layers.ts";

const root = resolve(import.meta.dirname, "..");
const manifest = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8"));
const { dependencies, optionalDependencies, peerDependencies, devDependencies } = manifest;
const runtime = { ...dependencies, ...optionalDependencies, ...peerDependencies };
const packages = { runtime: Object.keys(runtime), all: Object.keys({ ...runtime, ...devDependencies }) };

/** Files that are one table from top to bottom, each with the reason why it is not split. */
const tables: readonly string[] = [];

function sourcesIn(...patterns: string[]): Source[] {
  return globSync(patterns, { cwd: root, exclude: (path) => /node_modules|dist$/.test(path) })
    .map((path) => path.replaceAll(sep, "/"))
    .sort()
    .map((path) => ({ path, text: readFileSync(resolve(root, path), "utf8") }));
}

test("imports point one way only", { timeout: 60_000 }, () => {
  const sources = sourcesIn("{src,web}/**/*.{ts,svelte}");
  expect(sources.some(({ path }) => layerOf(path) === "base")).toBe(true);
  expect(findWrongImports(sources, packages)).toEqual([]);
});

test("no file is too long", { timeout: 60_000 }, () => {
  const sources = sourcesIn("{src,web,test,scripts,examples,bench}/**/*.{ts,svelte,mjs,py}");
  expect(findLongFiles(sources, tables)).toEqual([]);
});

describe("the check itself", () => {
  const check = (path: string, text: string, ...others: Source[]) =>
    findWrongImports([{ path, text }, ...others], {
      runtime: ["hono"],
      all: ["hono", "vite", "@xyflow/svelte"],
    });

  test.each([
    [
      "a lower layer that imports a higher one",
      "src/plan/order.ts",
      'import { run } from "../run/run.ts";',
      'src/plan/order.ts:1 imports "../run/run.ts": layer plan stands below layer run and may not import it',
    ],
    [
      "a type of a higher layer",
      "src/base/a.ts",
      '\nimport type { Graph } from "../graph/graph.ts";',
      'src/base/a.ts:2 imports "../graph/graph.ts": layer base stands below layer graph and may not import it',
    ],
    [
      "an import type in a type",
      "src/base/a.ts",
      'type G = import("../graph/graph.ts").Graph;',
      'src/base/a.ts:1 imports "../graph/graph.ts": layer base stands below layer graph and may not import it',
    ],
    [
      "an import on demand",
      "src/run/run.ts",
      'const server = await import("../server/server.ts");',
      'src/run/run.ts:1 imports "../server/server.ts": layer run stands below layer server and may not import it',
    ],
    [
      "a re-export",
      "src/app/graph.ts",
      'export * from "../cli/main.ts";',
      'src/app/graph.ts:1 imports "../cli/main.ts": layer app stands below layer cli and may not import it',
    ],
    [
      "a worker's script",
      "src/nodes/fn.ts",
      'new Worker(new URL("../run/worker.ts", import.meta.url));',
      'src/nodes/fn.ts:1 imports "../run/worker.ts": layer nodes stands below layer run and may not import it',
    ],
    [
      "the entry, from below",
      "src/app/graph.ts",
      'import { gr } from "../index.ts";',
      'src/app/graph.ts:1 imports "../index.ts": layer app stands below layer index and may not import it',
    ],
    [
      "a Svelte component that knows the server",
      "web/src/cards/Card.svelte",
      '<p>hi</p>\n<script lang="ts">\n  import { x } from "../../../src/server/view.ts";\n</script>',
      'web/src/cards/Card.svelte:3 imports "../../../src/server/view.ts": the canvas (web) may import protocol only, not server',
    ],
    [
      "the flow library outside of its room",
      "web/src/cards/card.ts",
      'import { Handle } from "@xyflow/svelte";',
      'web/src/cards/card.ts:1 imports "@xyflow/svelte": only web/src/canvas may know the flow library',
    ],
    [
      "Node in the protocol",
      "src/protocol/a.ts",
      'import { join } from "node:path";',
      'src/protocol/a.ts:1 imports "node:path": protocol also runs in the browser and may not use Node',
    ],
    [
      "a package that only development has",
      "src/server/a.ts",
      'import { build } from "vite";',
      'src/server/a.ts:1 imports "vite": vite is not among package.json\'s dependencies',
    ],
    [
      "a file that leaves src",
      "src/app/a.ts",
      'import { x } from "../../test/support/x.ts";',
      'src/app/a.ts:1 imports "../../test/support/x.ts": app may not reach test/support/x.ts, which is outside of src\'s layers',
    ],
    [
      "code that imports what only tests have",
      "src/run/run.ts",
      'import { fake } from "./testing.ts";',
      'src/run/run.ts:1 imports "./testing.ts": it belongs to the tests',
    ],
  ])("finds %s", (_name, path, text, message) => {
    expect(check(path, text)).toEqual([message]);
  });

  test("finds a file without a layer", () => {
    expect(check("src/utils/a.ts", "")).toEqual([
      expect.stringContaining("src/utils/a.ts belongs to no layer"),
    ]);
    expect(check("src/stray.ts", "")).toEqual([expect.stringContaining("src/stray.ts belongs to no layer")]);
  });

  test("finds Node behind a file that the protocol imports", () => {
    const json = { path: "src/base/json.ts", text: 'import { createHash } from "node:crypto";' };
    expect(check("src/protocol/a.ts", 'export { x } from "../base/json.ts";', json)).toHaveLength(1);
    expect(check("src/protocol/a.ts", 'export type { Json } from "../base/json.ts";', json)).toEqual([]);
  });

  test("lets pass what points down", () => {
    expect(check("src/cli/main.ts", 'import "../index.ts"; import "hono/tiny"; import "node:fs";')).toEqual(
      [],
    );
    expect(
      check("web/src/canvas/Flow.svelte", '<script>import { Handle } from "@xyflow/svelte";</script>'),
    ).toEqual([]);
    expect(check("src/base/a.test.ts", 'import "../app/graph.ts";')).toEqual([]);
  });

  test("is not fooled by text that looks like an import", () => {
    expect(
      check("src/base/a.ts", '// import "../app/graph.ts"\nconst s = `import "../app/graph.ts"`;'),
    ).toEqual([]);
  });

  test("finds long files", () => {
    const text = "x\n".repeat(301);
    expect(findLongFiles([{ path: "web/src/A.svelte", text }])).toEqual([
      "web/src/A.svelte has 301 lines; the limit is 300",
    ]);
    expect(findLongFiles([{ path: "src/base/a.ts", text }])).toEqual([]);
    expect(findLongFiles([{ path: "src/base/a.ts", text: text + text }])).toHaveLength(1);
  });
});
