import { existsSync, globSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { DaggrError } from "../base/errors.ts";
import type { BundleFile } from "./bundle-file.ts";
import { ignoredByGit, isNeverSentFolder, looksSecret, whyNeverSent } from "./never-sent.ts";
import type { Project } from "./project.ts";
import { readModule } from "./read-module.ts";

export interface CollectedFiles {
  readonly files: readonly BundleFile[];
  readonly notes: readonly string[];
  /** The packages that modules import, each with the module that does. */
  readonly packages: ReadonlyMap<string, string>;
}

export interface Wanted {
  /** Every local file that Node.js loaded for the script. */
  readonly loaded: readonly string[];
  /** Files that the graph itself names, such as Python apps. */
  readonly named: readonly { readonly path: string; readonly why: string }[];
  /** Paths and globs, relative to the project. */
  readonly include: readonly string[];
}

/** The script, what it imports now or later, the files that its modules name, and what was asked for. */
export async function collectFiles(project: Project, wanted: Wanted): Promise<CollectedFiles> {
  const collector = new Collector(project);
  const script = join(project.folder, project.script);
  for (const path of new Set([script, ...wanted.loaded])) {
    collector.add(path, path === script ? "the script" : "imported", "needed");
  }
  for (const { path, why } of wanted.named) collector.add(path, why, "needed");
  for (const pattern of wanted.include) collector.include(pattern);
  collector.refuseOutside();
  return collector.finish();
}

/** `needed`: without it the script cannot work. `found`: came by a glob or with a folder. */
type Need = "needed" | "found";

class Collector {
  readonly #project: Project;
  readonly #why = new Map<string, { readonly why: string; readonly need: Need }>();
  readonly #outside = new Map<string, string>();
  readonly #notes: string[] = [];
  readonly #mentioned = new Map<string, string>();
  readonly #packages = new Map<string, string>();

  constructor(project: Project) {
    this.#project = project;
  }

  add(path: string, why: string, need: Need): void {
    const inside = this.#inside(path);
    if (inside === undefined) {
      this.#outside.set(path, why);
      return;
    }
    if (this.#why.has(inside)) return;
    const refused = whyNeverSent(inside);
    if (refused !== undefined) {
      if (need === "needed")
        throw new DaggrError(
          "DEPLOY_SECRET",
          `${inside} is never sent: ${refused}. The script needs it (${why}): give what it says by --secret instead.`,
        );
      return;
    }
    this.#why.set(inside, { why, need });
    if (/\.[cm]?[jt]s$/.test(inside) && !inside.endsWith(".d.ts")) this.#read(inside);
  }

  include(pattern: string): void {
    const { folder } = this.#project;
    if (isAbsolute(pattern) || pattern.split("/").includes("..")) {
      throw new DaggrError(
        "DEPLOY_OUTSIDE",
        `--include '${pattern}' leads out of ${folder}. Everything that is sent lies in that folder.`,
      );
    }
    if (statSync(join(folder, pattern), { throwIfNoEntry: false }) !== undefined) {
      const path = join(folder, pattern);
      if (statSync(path).isDirectory()) return this.#folder(path, "included");
      const refused = whyNeverSent(pattern);
      if (refused !== undefined)
        throw new DaggrError("DEPLOY_SECRET", `${pattern} is never sent: ${refused}.`);
      return this.add(path, "included", "needed");
    }
    const found = globSync(pattern, { cwd: folder, exclude: isNeverSentFolder }).map((name) =>
      join(folder, name),
    );
    const files = found.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
    if (files.length === 0)
      throw new DaggrError("DEPLOY_FILE", `--include '${pattern}' matches no file in ${folder}.`);
    for (const path of files.sort()) this.add(path, "included", "found");
  }

  refuseOutside(): void {
    if (this.#outside.size === 0) return;
    const { folder, manifest } = this.#project;
    const list = [...this.#outside].map(([path, why]) => `  ${path} (${why})`).join("\n");
    const advice =
      manifest === undefined
        ? "A package.json in the folder that holds all of them makes that folder the project."
        : "Move them into it, or make a package of them and install its tarball (npm pack).";
    throw new DaggrError(
      "DEPLOY_OUTSIDE",
      `The script needs files outside of ${folder}, and only that folder goes to the Space:\n${list}\n${advice}`,
    );
  }

  async finish(): Promise<CollectedFiles> {
    const { folder } = this.#project;
    const paths = [...this.#why.keys()];
    const ignored = await ignoredByGit(folder, paths);
    const left: string[] = [];
    const secret: string[] = [];
    for (const path of ignored) {
      const entry = this.#why.get(path);
      if (entry === undefined) continue;
      if (entry.need === "needed" && !looksSecret(path)) continue;
      if (entry.need === "needed") secret.push(`  ${path} (${entry.why})`);
      else left.push(path);
      this.#why.delete(path);
    }
    if (secret.length > 0)
      throw new DaggrError(
        "DEPLOY_SECRET",
        `git ignores these files and their names look like secrets, so they are not sent:\n${secret.join("\n")}\nGive what they say by --secret, or name them otherwise.`,
      );
    if (left.length > 0) this.#notes.push(`Left out, because git ignores them: ${shortList(left)}.`);
    const mentioned = [...this.#mentioned].filter(([path]) => !this.#why.has(path));
    if (mentioned.length > 0)
      this.#notes.push(
        `Not sent, although a text in the script names them: ${shortList(mentioned.map(([path, by]) => `${path} (${by})`))}. If the Space needs them: --include <file>.`,
      );
    const files = [...this.#why].map(([path, { why }]) => ({
      path,
      content: readFileSync(join(folder, path)),
      why,
    }));
    return { files, notes: this.#notes, packages: this.#packages };
  }

  #inside(path: string): string | undefined {
    const real = existsSync(path) ? realpathSync(path) : path;
    const inside = relative(this.#project.folder, real);
    return inside === "" || inside.startsWith("..") || isAbsolute(inside)
      ? undefined
      : inside.split(sep).join("/");
  }

  /** What a module names: imports that come later, files beside it. */
  #read(module: string): void {
    const path = join(this.#project.folder, module);
    const { imports, files, texts } = readModule(readFileSync(path, "utf8"), module);
    for (const { text, line } of imports) {
      if (/^\.{1,2}\//.test(text) || text.startsWith("file:") || isAbsolute(text)) {
        const target = targetOf(text, path);
        if (isFile(target)) this.add(target, `imported by ${module}:${line}`, "needed");
      } else this.#package(text, module);
    }
    for (const { text, line } of files) {
      const target = targetOf(text, path);
      const stat = statSync(target, { throwIfNoEntry: false });
      const why = `named in ${module}:${line}`;
      // A script's own folder is named to find what lies in it, not to take all of it along.
      if (stat?.isDirectory()) {
        if (target !== this.#project.folder && target !== dirname(path)) this.#folder(target, why);
      } else if (stat?.isFile()) this.add(target, why, "found");
    }
    for (const { text, line } of texts) {
      if (!/^[^\s:*?"<>|]{1,200}\.[a-z0-9]{1,8}$/i.test(text)) continue;
      for (const from of [dirname(path), this.#project.folder]) {
        const inside = this.#inside(resolve(from, text));
        if (inside === undefined || !isFile(join(this.#project.folder, inside))) continue;
        if (whyNeverSent(inside) === undefined) this.#mentioned.set(inside, `${module}:${line}`);
      }
    }
  }

  #package(specifier: string, module: string): void {
    if (/^[a-z]+:|^#/.test(specifier)) return;
    const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
    if (!this.#packages.has(name)) this.#packages.set(name, module);
  }

  #folder(path: string, why: string): void {
    if (realpathSync(path) !== this.#project.folder && this.#inside(path) === undefined) {
      this.#outside.set(path, why);
      return;
    }
    const found = globSync("**/*", { cwd: path, exclude: isNeverSentFolder });
    for (const name of found.sort()) {
      const file = join(path, name);
      if (isFile(file)) this.add(file, why, "found");
    }
  }
}

function targetOf(text: string, module: string): string {
  if (text.startsWith("file:")) return fileURLToPath(text);
  // Queries are for the loader: `./a.ts?x` is `./a.ts`.
  return resolve(dirname(module), decodeURI(text.replace(/[?#].*$/, "")));
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

function shortList(items: readonly string[]): string {
  const more = items.length - 8;
  return [...items.slice(0, 8), ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}
