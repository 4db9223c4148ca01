import { createHash } from "node:crypto";
import { type Dirent, existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

const LEFT_OUT = /^(\.|__pycache__$|node_modules$|site-packages$|venv$|env$|build$|dist$)/;
const MOST_FILES = 2000;

/** Every Python file of a folder, and what says which packages it needs; sorted. */
export async function filesOfFolder(folder: string): Promise<string[]> {
  const found: string[] = [];
  const visit = async (at: string): Promise<void> => {
    const entries: Dirent[] = await readdir(at, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (found.length >= MOST_FILES || LEFT_OUT.test(entry.name)) continue;
      const path = join(at, entry.name);
      if (entry.isDirectory()) await visit(path);
      else if (entry.name.endsWith(".py") || NEEDS.includes(entry.name)) found.push(path);
    }
  };
  await visit(folder);
  return found.toSorted();
}

const NEEDS = ["requirements.txt", "pre-requirements.txt", "README.md"];

/** A Python file and the files beside it that it imports, and those that they import; and its requirements.txt. */
export async function filesOfModule(file: string): Promise<string[]> {
  const root = dirname(file);
  const found = new Set<string>();
  const visit = async (path: string): Promise<void> => {
    if (found.has(path) || found.size >= MOST_FILES) return;
    found.add(path);
    const text = await readFile(path, "utf8").catch(() => "");
    for (const name of importedModules(text)) {
      for (const base of new Set([root, dirname(path)])) {
        const at = join(base, ...name.split("."));
        for (const candidate of [`${at}.py`, join(at, "__init__.py")])
          if (existsSync(candidate)) await visit(candidate);
      }
    }
  };
  await visit(file);
  const requirements = join(root, "requirements.txt");
  if (existsSync(requirements)) found.add(requirements);
  return [...found].toSorted();
}

/** `import a.b as c, d`, `from .a import b`: the modules, and what is taken from them, which may be modules too. */
export function importedModules(text: string): string[] {
  const names = new Set<string>();
  for (const [, list] of text.matchAll(/^[ \t]*import[ \t]+([^#;\n]+)/gm))
    for (const part of list!.split(",")) names.add(part.trim().split(/\s/)[0]!);
  for (const [, from, list] of text.matchAll(
    /^[ \t]*from[ \t]+([.\w]+)[ \t]+import[ \t]+(\([^)]*\)|[^#;\n]+)/gm,
  )) {
    const module = from!.replace(/^\.+/, "");
    if (module !== "") names.add(module);
    for (const part of list!.replace(/[()]/g, "").split(",")) {
      const taken = part.trim().split(/\s/)[0]!;
      if (/^\w+$/.test(taken)) names.add(module === "" ? taken : `${module}.${taken}`);
    }
  }
  return [...names].filter((name) => /^\w+(\.\w+)*$/.test(name));
}

/** One hash of the files' names and contents. */
export async function hashFiles(files: readonly string[], root: string): Promise<string> {
  const hash = createHash("sha256");
  for (const file of files) {
    const bytes = await readFile(file).catch(() => Buffer.alloc(0));
    hash.update(`${relative(root, file)}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}
