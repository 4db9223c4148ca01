import { existsSync, globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gr } from "daggr";
import { describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

describe("what pages list is what there is", () => {
  test("docs/components.md has every component of gr, and no other", () => {
    const rows = [...read("docs/components.md").matchAll(/^\| (`gr\..*?) \|/gm)].map((match) => match[1]!);
    const names = rows.flatMap((row) => [...row.matchAll(/`gr\.(\w+)/g)].map((match) => match[1]!));
    expect(names.toSorted()).toEqual(Object.keys(gr).toSorted());
  });

  test("docs/cli.md has every option of the commands, and no other", () => {
    const sources = globSync("src/cli/*/*-{command,options}.ts", { cwd: root });
    const options = sources.flatMap((path) =>
      [...read(path).matchAll(/^ +"?([a-z-]+)"?: \{ type: "(?:string|boolean)"/gm)].map((match) => match[1]!),
    );
    const listed = [...read("docs/cli.md").matchAll(/--([a-z][a-z-]*)/g)].map((match) => match[1]!);
    expect(options.length).toBeGreaterThan(10);
    const known = new Set([...options, "version", "help", "save-dev"]);
    expect(options.filter((option) => !listed.includes(option))).toEqual([]);
    expect(listed.filter((option) => !known.has(option))).toEqual([]);
  });

  test("paths in backticks exist", () => {
    const pages = globSync(["README.md", "ARCHITECTURE.md", "docs/*.md", "src/*/ARCHITECTURE.md"], {
      cwd: root,
    });
    const missing = pages.flatMap((page) =>
      [...read(page).matchAll(/`((?:src|web|test|bench|examples|scripts|docs)\/[^\s`*{}]*)`/g)]
        .map((match) => match[1]!)
        .filter((path) => !existsSync(join(root, path)) && !path.startsWith("docs/api"))
        .map((path) => `${page}: ${path}`),
    );
    expect(missing).toEqual([]);
  });
});
