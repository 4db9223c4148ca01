/** TypeScript blocks of Markdown texts and of doc comments, and whether they compile. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";

const root = resolve(import.meta.dirname, "../..");

export interface Snippet {
  /** The file it stands in, relative to the repository's root. */
  readonly path: string;
  /** The line of its first line of code, from 1. */
  readonly line: number;
  readonly code: string;
  /** Why it is not compiled: what follows `ignore:` after the fence. Empty where no reason is given. */
  readonly ignored?: string;
  /** Goes on from the block before it in the same file (`ts continue`). */
  readonly isContinuation: boolean;
}

/**
 * The TypeScript blocks of a Markdown text.
 *
 * After the fence's `ts` may stand `continue` (the block goes on from the one before it) or
 * `ignore: reason` (it is not compiled).
 */
export function findSnippets(path: string, markdown: string, firstLine = 1): Snippet[] {
  const snippets: Snippet[] = [];
  const lines = markdown.split("\n");
  for (let index = 0; index < lines.length; index += 1) {
    const [, indent = "", fence, info = ""] = /^(\s*)(`{3,}|~{3,})\s*(.*)$/.exec(lines[index] ?? "") ?? [];
    if (fence === undefined) continue;
    const start = index + 1;
    const isEnd = (line: string) => line.trim().startsWith(fence) && /^[`~]+$/.test(line.trim());
    do index += 1;
    while (index < lines.length && !isEnd(lines[index] ?? ""));
    const [language = "", ...words] = info.split(/\s+/);
    if (!["ts", "typescript", "mts"].includes(language)) continue;
    const code = lines
      .slice(start, index)
      .map((line) => line.slice(Math.min(indent.length, line.search(/\S|$/))));
    const rest = words.join(" ");
    const ignored = /^ignore\b:?\s*(.*)$/.exec(rest)?.[1];
    snippets.push({
      path,
      line: firstLine + start,
      code: code.join("\n"),
      ...(ignored === undefined ? {} : { ignored }),
      isContinuation: rest === "continue",
    });
  }
  return snippets;
}

/** The TypeScript blocks in a source file's doc comments. */
export function findSnippetsInComments(path: string, text: string): Snippet[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const seen = new Set<number>();
  const snippets: Snippet[] = [];
  const visit = (node: ts.Node): void => {
    for (const comment of ts.getJSDocCommentsAndTags(node)) {
      if (!ts.isJSDoc(comment) || seen.has(comment.pos)) continue;
      seen.add(comment.pos);
      const firstLine = file.getLineAndCharacterOfPosition(comment.pos).line + 1;
      const body = comment.getText(file).replaceAll(/^\s*\* ?/gm, "");
      snippets.push(...findSnippets(path, body, firstLine));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return snippets;
}

/** Compiles all snippets as one program, and tells for each what is wrong, with lines of the file it stands in. */
export function compileSnippets(snippets: readonly Snippet[], folder: string): Map<Snippet, string[]> {
  const directory = join(root, ".cache", folder);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const files = new Map<Snippet, string>();
  let before = "";
  snippets.forEach((snippet, index) => {
    if (snippet.ignored !== undefined) return;
    // What the block goes on from stands before it, so that lines are counted from the end of that.
    before = snippet.isContinuation ? `${before}\n` : "";
    const file = join(directory, `${snippet.path.replaceAll(/[^\w.-]/g, "_")}-${snippet.line}-${index}.ts`);
    const linesBefore = before === "" ? 0 : before.split("\n").length - 1;
    before += snippet.code;
    writeFileSync(file, `${before}\nexport {};\n`);
    files.set(snippet, `${file}\0${linesBefore}`);
  });
  const names = [...files.values()].map((entry) => entry.split("\0")[0] ?? "");
  const program = ts.createProgram(names, compilerOptions());
  const global = program.getGlobalDiagnostics().concat(program.getOptionsDiagnostics());
  return new Map(
    snippets.map((snippet) => {
      const [name = "", linesBefore = "0"] = files.get(snippet)?.split("\0") ?? [];
      const file = program.getSourceFile(name);
      if (file === undefined) return [snippet, []];
      const found = [
        ...program.getSyntacticDiagnostics(file),
        ...program.getSemanticDiagnostics(file),
        ...global,
      ];
      return [snippet, found.map((diagnostic) => describe(snippet, diagnostic, Number(linesBefore)))];
    }),
  );
}

function describe(snippet: Snippet, diagnostic: ts.Diagnostic, linesBefore: number): string {
  const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
  const offset = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0;
  return `${snippet.path}:${snippet.line + offset - linesBefore} ${text}`;
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const parsed = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
  return parsed.options;
}
