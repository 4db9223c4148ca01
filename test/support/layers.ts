/** Which folder may import which, and how large a file may be: the rules of design.md, section 2. */
import { builtinModules } from "node:module";
import { posix } from "node:path";
import { type AST, parse } from "svelte/compiler";
import ts from "typescript";

/** From the lowest to the highest: each may import itself and what stands before it. */
export const layers = [
  "base",
  "protocol",
  "graph",
  "components",
  "clients",
  "nodes",
  "plan",
  "run",
  "store",
  "engine",
  "server",
  "deploy",
  "app",
  "index",
  "cli",
] as const;

/** A source file, its path relative to the repository's root, with forward slashes. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Gone once types are stripped. */
  readonly isTypeOnly: boolean;
}

/** The packages that the published code may import, and all that the repository has. */
export interface Packages {
  readonly runtime: readonly string[];
  readonly all: readonly string[];
}

/** Every broken rule about imports, one sentence each. */
export function findWrongImports(sources: readonly Source[], packages: Packages): string[] {
  const checked = sources.filter(({ path }) => !isTest(path));
  const problems = checked.flatMap((source) => [
    ...missingLayer(source),
    ...(layerOf(source.path) === undefined ? [] : importsOf(source)).flatMap((found) => {
      const problem = whatIsWrong(source.path, found.specifier, packages);
      return problem === undefined
        ? []
        : [`${source.path}:${found.line} imports "${found.specifier}": ${problem}`];
    }),
  ]);
  return [...problems, ...findNodeInProtocol(checked)];
}

/** The layer of a file in `src/`, `web` for one of the canvas, `undefined` for a file without a layer. */
export function layerOf(path: string): string | undefined {
  if (path === "src/index.ts") return "index";
  const [top, folder, rest] = path.split("/");
  if (top === "web") return "web";
  if (top !== "src" || rest === undefined) return undefined;
  return layers.find((layer) => layer === folder && layer !== "index");
}

/** Files with more lines than allowed. */
export function findLongFiles(sources: readonly Source[], tables: readonly string[] = []): string[] {
  return sources.flatMap(({ path, text }) => {
    const limit = path.endsWith(".svelte") ? 300 : 500;
    const lines = text.trimEnd().split("\n").length;
    return lines > limit && !tables.includes(path)
      ? [`${path} has ${lines} lines; the limit is ${limit}`]
      : [];
  });
}

function missingLayer({ path }: Source): string[] {
  if (layerOf(path) !== undefined) return [];
  return [`${path} belongs to no layer; the layers of src/ are ${layers.join(", ")}`];
}

function whatIsWrong(path: string, specifier: string, packages: Packages): string | undefined {
  const layer = layerOf(path);
  if (!specifier.startsWith(".")) return whatIsWrongWithPackage(path, specifier, packages);
  const target = posix.join(posix.dirname(path), specifier.replace(/[?#].*$/, ""));
  const targetLayer = layerOf(target);
  if (isTest(target)) return "it belongs to the tests";
  if (layer === "web") {
    if (targetLayer === "web" || targetLayer === "protocol") return undefined;
    return `the canvas (web) may import protocol only, not ${targetLayer ?? target}`;
  }
  if (targetLayer === undefined || targetLayer === "web") {
    return `${layer} may not reach ${target}, which is outside of src's layers`;
  }
  const isBelow = layers.indexOf(targetLayer as never) <= layers.indexOf(layer as never);
  return isBelow ? undefined : `layer ${layer} stands below layer ${targetLayer} and may not import it`;
}

function whatIsWrongWithPackage(path: string, specifier: string, packages: Packages): string | undefined {
  const layer = layerOf(path);
  const isWeb = layer === "web";
  if (isBuiltin(specifier)) {
    // web/vite.config.ts and its like run in Node.
    const isInBrowser = path.startsWith("web/src/") || layer === "protocol";
    return isInBrowser ? `${layer} also runs in the browser and may not use Node` : undefined;
  }
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  if (name === "daggr") return "inside the package, import the file itself";
  if (name.startsWith("@xyflow") && !path.startsWith("web/src/canvas/")) {
    return "only web/src/canvas may know the flow library";
  }
  if (isWeb) {
    if (packages.all.includes(name) || specifier.startsWith("virtual:")) return undefined;
    return `${name} is not in package.json`;
  }
  return packages.runtime.includes(name) ? undefined : `${name} is not among package.json's dependencies`;
}

/** What the browser loads along with the protocol: files it imports at run time, and theirs. */
function findNodeInProtocol(sources: readonly Source[]): string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const reached = new Set(sources.filter(({ path }) => layerOf(path) === "protocol"));
  const problems: string[] = [];
  for (const source of reached) {
    for (const { specifier, line, isTypeOnly } of importsOf(source)) {
      if (isTypeOnly) continue;
      const target = specifier.startsWith(".")
        ? byPath.get(posix.join(posix.dirname(source.path), specifier))
        : undefined;
      if (target !== undefined) reached.add(target);
      if (isBuiltin(specifier) && layerOf(source.path) !== "protocol") {
        problems.push(
          `${source.path}:${line} imports "${specifier}", and protocol, which the browser loads, imports it`,
        );
      }
    }
  }
  return problems;
}

/** Tests and what several of them share; tsconfig.build.json keeps the same files out of the package. */
function isTest(path: string): boolean {
  return /\.test(-d)?\.ts$|\/testing(-[a-z-]+)?\.ts$|-specification\.ts$/.test(path);
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith("node:") || builtinModules.includes(specifier);
}

function importsOf({ path, text }: Source): Import[] {
  if (!path.endsWith(".svelte")) return importsOfScript(path, text, 0);
  const component = parse(text, { modern: true, filename: path });
  return [component.module, component.instance].flatMap((script: AST.Script | null | undefined) => {
    if (!script) return [];
    const { start, end } = script.content as unknown as { start: number; end: number };
    return importsOfScript(path, text.slice(start, end), text.slice(0, start).split("\n").length - 1);
  });
}

function importsOfScript(path: string, text: string, linesBefore: number): Import[] {
  const file = ts.createSourceFile(`${path}.ts`, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (node: ts.Node | undefined, isTypeOnly: boolean) => {
    if (node === undefined || !ts.isStringLiteralLike(node)) return;
    const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1 + linesBefore;
    found.push({ specifier: node.text, line, isTypeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, hasOnlyTypes(node));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isExternalModuleReference(node)) add(node.expression, false);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && isLoading(node)) add(node.arguments[0], false);
    else if (ts.isNewExpression(node) && isModuleUrl(node)) add(node.arguments?.[0], false);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function hasOnlyTypes({ importClause }: ts.ImportDeclaration): boolean {
  return importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

/** `import("…")`, `require("…")`, `import.meta.resolve("…")`. */
function isLoading({ expression }: ts.CallExpression): boolean {
  if (expression.kind === ts.SyntaxKind.ImportKeyword) return true;
  if (ts.isIdentifier(expression)) return expression.text === "require";
  return ts.isPropertyAccessExpression(expression) && expression.getText() === "import.meta.resolve";
}

/** `new URL("./worker.ts", import.meta.url)`, the way to name a worker's script. */
function isModuleUrl({ expression, arguments: args }: ts.NewExpression): boolean {
  const [path, base] = args ?? [];
  if (!ts.isIdentifier(expression) || expression.text !== "URL" || base?.getText() !== "import.meta.url")
    return false;
  return (
    path !== undefined && ts.isStringLiteralLike(path) && /^\.{1,2}\/.*\.(m?[jt]s|svelte)$/.test(path.text)
  );
}
