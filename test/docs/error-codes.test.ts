import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const codes = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/;

/** Every code of an error in the sources: what is passed as a parameter named `code`, or stands in a `code:` of an object. */
function codesInSources(): Map<string, string> {
  const config = ts.readConfigFile(join(root, "tsconfig.base.json"), ts.sys.readFile).config as {
    compilerOptions: object;
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const paths = globSync("src/**/*.ts", { cwd: root })
    .filter((path) => !/\.test\.ts$|[/-]testing[.-]|-specification\.ts$/.test(path))
    .map((path) => join(root, path));
  const program = ts.createProgram(paths, { ...options, noEmit: true, types: ["node"] });
  const checker = program.getTypeChecker();
  const found = new Map<string, string>();

  const keep = (node: ts.Expression): void => {
    if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach(keep);
    else if (ts.isBinaryExpression(node)) [node.left, node.right].forEach(keep);
    else if (ts.isParenthesizedExpression(node)) keep(node.expression);
    else if (ts.isStringLiteralLike(node) && codes.test(node.text)) {
      const file = node.getSourceFile();
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      found.set(node.text, `${file.fileName.slice(root.length + 1)}:${line + 1}`);
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const parameters = checker.getResolvedSignature(node)?.parameters ?? [];
      node.arguments?.forEach((argument, index) => {
        if (parameters[index]?.name === "code") keep(argument);
      });
    } else if (ts.isPropertyAssignment(node) && node.name.getText() === "code") keep(node.initializer);
    else if (ts.isParameter(node) && node.name.getText() === "code" && node.initializer)
      keep(node.initializer);
    ts.forEachChild(node, visit);
  };
  for (const path of paths) visit(program.getSourceFile(path)!);
  return found;
}

/** The codes in the first column of the tables. */
function codesInDocs(): string[] {
  const text = readFileSync(join(root, "docs/errors.md"), "utf8");
  return [...text.matchAll(/^\| `([A-Z0-9_]+)` \|/gm)].map((match) => match[1]!);
}

const sources = codesInSources();
const documented = codesInDocs();

test("the codes are found, also in calls of several lines and in plain data", () => {
  expect(sources.size).toBeGreaterThan(100);
  for (const code of [
    "NESTED_SCATTER",
    "STORE_FULL",
    "SHEET_NOT_FOUND",
    "WORKER_CRASHED",
    "STORE_FAILED",
    "NODE_FAILED",
  ])
    expect([...sources.keys()]).toContain(code);
});

test("every code is in docs/errors.md", () => {
  const missing = [...sources].filter(([code]) => !documented.includes(code));
  expect(missing.map(([code, place]) => `${code} (${place})`)).toEqual([]);
});

test("docs/errors.md names no code that does not exist, and none twice", () => {
  expect(documented.filter((code) => !sources.has(code))).toEqual([]);
  expect(documented.filter((code, index) => documented.indexOf(code) !== index)).toEqual([]);
});
