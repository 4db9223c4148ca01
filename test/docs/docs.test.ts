import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Lexer, walkTokens } from "marked";
import { describe, expect, test } from "vitest";
import { compileSnippets, findSnippets, findSnippetsInComments } from "../support/snippets.ts";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

const pages = globSync(["README.md", "CONTRIBUTING.md", "docs/**/*.md", "examples/**/*.md"], {
  cwd: root,
  exclude: (path) => path === "docs/api" || path.includes("node_modules"),
}).sort();
const sources = globSync("src/**/*.ts", { cwd: root })
  .filter((path) => !/\.test(-d)?\.ts$/.test(path))
  .sort();

const snippets = [
  ...pages.flatMap((path) => findSnippets(path, read(path))),
  ...sources.flatMap((path) => findSnippetsInComments(path, read(path))),
];

describe("a TypeScript block compiles", () => {
  const problems = compileSnippets(snippets, "docs");
  const compiled = snippets.filter((snippet) => snippet.ignored === undefined);

  test.each(compiled.map((snippet) => [`${snippet.path}:${snippet.line}`, snippet] as const))(
    "%s",
    (_at, snippet) => {
      expect(problems.get(snippet)).toEqual([]);
    },
  );

  test("or says why it is left out", () => {
    const silent = snippets
      .filter(({ ignored }) => ignored === "")
      .map(({ path, line }) => `${path}:${line}`);
    expect(silent).toEqual([]);
  });

  test("and one about daggr is never left out", () => {
    const left = snippets.filter(({ ignored, code }) => ignored !== undefined && /from "daggr"/.test(code));
    expect(left.map(({ path, line }) => `${path}:${line}`)).toEqual([]);
  });
});

test("links between files lead somewhere", () => {
  const broken: string[] = [];
  for (const page of pages) {
    walkTokens(new Lexer().lex(read(page)), (token) => {
      if (token.type !== "link" && token.type !== "image") return;
      const target = decodeURIComponent((token.href as string).split("#")[0] ?? "");
      if (target === "" || /^[a-z]+:/i.test(target)) return;
      if (!existsSync(join(root, dirname(page), target))) broken.push(`${page} -> ${target}`);
    });
  }
  expect(broken).toEqual([]);
});

describe("the check itself", () => {
  test("finds blocks, also indented ones, and skips other languages", () => {
    const markdown =
      "# A\n\n```ts\nconst a = 1;\n```\n\n- list\n  ```typescript\n  const b = 2;\n  ```\n\n```sh\nls\n```\n";
    expect(findSnippets("a.md", markdown)).toEqual([
      { path: "a.md", line: 4, code: "const a = 1;", isContinuation: false },
      { path: "a.md", line: 9, code: "const b = 2;", isContinuation: false },
    ]);
  });

  test("does not take a block inside a longer fence for one", () => {
    expect(findSnippets("a.md", "````md\n```ts\nconst a = 1;\n```\n````\n")).toEqual([]);
  });

  test("finds blocks in doc comments, at their line", () => {
    const text =
      '/**\n * Adds.\n *\n * @example\n * ```ts\n * const s = "x";\n * ```\n */\nexport const a = 1;\n';
    expect(findSnippetsInComments("a.ts", text)).toEqual([
      { path: "a.ts", line: 6, code: 'const s = "x";', isContinuation: false },
    ]);
  });

  test("names the line of a mistake, also in a block that goes on from another", () => {
    const markdown =
      "```ts\nconst a: number = 1;\n```\nthen\n```ts continue\n\nconst b: string = a;\n```\n```ts ignore: pseudo code\nx\n```\n";
    const found = findSnippets("a.md", markdown);
    expect(found.map(({ ignored }) => ignored)).toEqual([undefined, undefined, "pseudo code"]);
    const problems = compileSnippets(found, "docs-check");
    expect([...problems.values()]).toEqual([
      [],
      [expect.stringContaining("a.md:7 Type 'number' is not assignable to type 'string'")],
      [],
    ]);
  }, 60_000);
});
