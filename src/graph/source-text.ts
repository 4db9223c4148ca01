import { type Node, parseExpressionAt, tokenizer } from "acorn";
import type { Parameter } from "./behaviour.ts";

type AnyFunction = (...values: never[]) => unknown;

const OPTIONS = { ecmaVersion: "latest" } as const;

/** What can be read about a function's first parameter from its source. */
export interface ReadParameters {
  /** Properties that it reads. */
  readonly parameters: readonly Parameter[];
  /** Nothing else can be read: the parameter is destructured without a rest element, or only used as `input.name`. */
  readonly complete: boolean;
  /** The names stand in the signature. */
  readonly destructured: boolean;
}

/** The function's expression; a method's shorthand is made one first. */
function parse(fn: AnyFunction): Node | undefined {
  const text = Function.prototype.toString.call(fn);
  for (const source of [`(${text})`, `({${text}})`]) {
    try {
      return parseExpressionAt(source, 0, {
        ...OPTIONS,
        sourceType: "module",
        allowAwaitOutsideFunction: true,
      });
    } catch {
      // A native function or a syntax that the parser does not know: nothing can be read from it.
    }
  }
  return undefined;
}

type Tree = { readonly type: string } & Record<string, any>;

function children(node: Tree): Tree[] {
  const found: Tree[] = [];
  for (const value of Object.values(node)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (typeof item === "object" && item !== null && typeof item.type === "string")
        found.push(item as Tree);
    }
  }
  return found;
}

function findFunction(node: Tree): Tree | undefined {
  if (/^(ArrowFunctionExpression|FunctionExpression)$/.test(node.type)) return node;
  for (const child of children(node)) {
    const found = findFunction(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Which properties of its first parameter a function reads, or `undefined` where its source does not tell. */
export function readParameters(fn: AnyFunction): ReadParameters | undefined {
  const root = parse(fn);
  const declaration = root === undefined ? undefined : findFunction(root as unknown as Tree);
  if (declaration === undefined) return undefined;
  let first: Tree | undefined = declaration.params[0];
  if (first === undefined) return { parameters: [], complete: true, destructured: true };
  if (first.type === "AssignmentPattern") first = first.left as Tree;
  if (first.type === "ObjectPattern") return readPattern(first);
  if (first.type === "Identifier") return readMembers(declaration, first.name);
  return undefined;
}

function readPattern(pattern: Tree): ReadParameters {
  const parameters: Parameter[] = [];
  let complete = true;
  for (const property of pattern.properties as Tree[]) {
    if (property.type === "RestElement" || property.computed) complete = false;
    else
      parameters.push({
        name: String(property.key.name ?? property.key.value),
        optional: property.value.type === "AssignmentPattern",
      });
  }
  return { parameters, complete, destructured: true };
}

/** `input.text` reads `text`; any other use of the parameter may read anything. */
function readMembers(declaration: Tree, name: string): ReadParameters {
  const names = new Set<string>();
  let complete = true;
  const visit = (node: Tree, parent: Tree | undefined): void => {
    if (
      node.type === "Identifier" &&
      node.name === name &&
      parent !== undefined &&
      node !== declaration.params[0]
    ) {
      const isMember = parent.type === "MemberExpression" && parent.object === node;
      if (isMember && !parent.computed) names.add(parent.property.name);
      else if (isMember && parent.property.type === "Literal") names.add(String(parent.property.value));
      else if (
        !(parent.type === "MemberExpression" && !parent.computed) &&
        !(parent.type === "Property" && parent.key === node && !parent.shorthand)
      )
        complete = false;
    }
    for (const child of children(node)) visit(child, node);
  };
  visit(declaration, undefined);
  return {
    parameters: [...names].map((parameter) => ({ name: parameter, optional: false })),
    complete,
    destructured: false,
  };
}

/** After these a line break ends the statement, so that it means something. */
const ENDED_BY_LINE_BREAK = new Set(["return", "throw", "break", "continue", "yield"]);

/** A function's source without comments and layout: two texts that mean the same give the same. */
export function normalizedSource(fn: AnyFunction): string {
  const text = Function.prototype.toString.call(fn);
  try {
    let normalized = "";
    let before = { text: "", end: 0 };
    for (const token of tokenizer(text, OPTIONS)) {
      if (ENDED_BY_LINE_BREAK.has(before.text) && text.slice(before.end, token.start).includes("\n"))
        normalized += "; ";
      before = { text: text.slice(token.start, token.end), end: token.end };
      normalized += `${before.text} `;
    }
    return normalized;
  } catch {
    return text;
  }
}
