import { stripTypeScriptTypes } from "node:module";
import { parse } from "acorn";
import { DaggrError } from "../base/errors.ts";

/** Something that the source of a module names. */
export interface Reference {
  readonly text: string;
  readonly line: number;
}

/** What the source of a module names besides itself. */
export interface ModuleReferences {
  /** What it imports, now (`import … from`) or later (`import()`). */
  readonly imports: readonly Reference[];
  /** Files and folders beside it: `new URL("./a.png", import.meta.url)`, `join(import.meta.dirname, "a.png")`. */
  readonly files: readonly Reference[];
  /** Every other text in it. */
  readonly texts: readonly Reference[];
}

type Tree = { readonly type: string; readonly loc?: { readonly start: { readonly line: number } } } & Record<
  string,
  any
>;

/**
 * Reads what a module names, from its syntax tree.
 *
 * @throws DaggrError `DEPLOY_SYNTAX` where Node.js cannot run the TypeScript as it is.
 */
export function readModule(source: string, path: string): ModuleReferences {
  const tree = parseModule(path, withoutTypes(source, path));
  const imports: Reference[] = [];
  const files: Reference[] = [];
  const texts: Reference[] = [];
  const visit = (node: Tree): void => {
    const line = node.loc?.start.line ?? 0;
    const imported = importOf(node);
    if (imported !== undefined) {
      imports.push({ text: imported, line });
      return;
    }
    const file = fileOf(node);
    if (file !== undefined) {
      files.push({ text: file, line });
      return;
    }
    const text = textOf(node);
    if (text !== undefined) texts.push({ text, line });
    for (const child of children(node)) visit(child);
  };
  visit(tree);
  return { imports, files, texts };
}

function withoutTypes(source: string, path: string): string {
  if (!/\.[cm]?ts$/.test(path)) return source;
  const { emitWarning } = process;
  try {
    // Node.js calls the function experimental; that it runs TypeScript is not.
    process.emitWarning = () => {};
    return stripTypeScriptTypes(source, { mode: "strip" });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n").find((line) => line.trim() !== "") : "";
    throw new DaggrError(
      "DEPLOY_SYNTAX",
      `${path} has TypeScript that Node.js cannot run as it is: ${reason?.trim()}. A Space runs the files as they are; write it without enums, namespaces and parameter properties (tsc's erasableSyntaxOnly finds them).`,
    );
  } finally {
    process.emitWarning = emitWarning;
  }
}

function parseModule(path: string, source: string): Tree {
  let reason: unknown;
  for (const sourceType of ["module", "script"] as const) {
    try {
      return parse(source, {
        ecmaVersion: "latest",
        sourceType,
        locations: true,
        allowHashBang: true,
        allowReturnOutsideFunction: true,
      }) as unknown as Tree;
    } catch (error) {
      reason ??= error;
    }
  }
  throw new DaggrError("DEPLOY_SYNTAX", `${path} cannot be read: ${(reason as Error).message}.`);
}

function importOf(node: Tree): string | undefined {
  if (/^(ImportDeclaration|ExportNamedDeclaration|ExportAllDeclaration|ImportExpression)$/.test(node.type))
    return node["source"] ? textOf(node["source"]) : undefined;
  if (node.type !== "CallExpression") return undefined;
  const callee = node["callee"] as Tree;
  if (callee.type === "Identifier" && callee["name"] === "require") return textOf(node["arguments"][0]);
  return undefined;
}

function fileOf(node: Tree): string | undefined {
  if (node.type === "NewExpression" && node["callee"].name === "URL") {
    const [path, base] = node["arguments"] as Tree[];
    return base !== undefined && isMeta(base, "url") ? textOf(path) : undefined;
  }
  if (node.type === "CallExpression") {
    const [folder, ...rest] = node["arguments"] as Tree[];
    if (isMetaCall(node["callee"], "resolve")) return textOf(folder);
    if (folder === undefined || !isFolder(folder) || rest.length === 0) return undefined;
    const parts = rest.map(textOf);
    return parts.every((part) => part !== undefined) ? parts.join("/") : undefined;
  }
  if (
    node.type === "TemplateLiteral" &&
    node["expressions"].length === 1 &&
    isFolder(node["expressions"][0])
  ) {
    const [before, after] = (node["quasis"] as Tree[]).map((part) => part["value"].cooked as string);
    return before === "" && after?.startsWith("/") ? `.${after}` : undefined;
  }
  return undefined;
}

const isFolder = (node: Tree): boolean =>
  isMeta(node, "dirname") || (node.type === "Identifier" && node["name"] === "__dirname");

function isMeta(node: Tree, property: string): boolean {
  return (
    node.type === "MemberExpression" &&
    node["object"].type === "MetaProperty" &&
    node["property"].name === property
  );
}

const isMetaCall = (callee: Tree, property: string): boolean => isMeta(callee, property);

function textOf(node: Tree | undefined): string | undefined {
  if (node?.type === "Literal" && typeof node["value"] === "string") return node["value"];
  if (node?.type === "TemplateLiteral" && node["expressions"].length === 0)
    return node["quasis"][0].value.cooked as string;
  return undefined;
}

function children(node: Tree): Tree[] {
  const found: Tree[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (key === "loc") continue;
    for (const item of Array.isArray(value) ? value : [value]) {
      if (typeof item === "object" && item !== null && typeof item.type === "string")
        found.push(item as Tree);
    }
  }
  return found;
}
