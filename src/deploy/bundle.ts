import { existsSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { closest } from "../base/closest.ts";
import { DaggrError } from "../base/errors.ts";
import { type BundleFile, textFile } from "./bundle-file.ts";
import { collectFiles, type Wanted } from "./collect-files.ts";
import { dockerfile, dockerIgnore } from "./dockerfile.ts";
import { findSecrets } from "./find-secrets.ts";
import { packageFiles } from "./package-files.ts";
import type { Project } from "./project.ts";
import { type SpaceCard, spaceReadme } from "./readme.ts";
import type { ServiceNeeds } from "./services.ts";

/** What a bundle is made of. */
export interface BundleOptions extends Omit<Wanted, "named"> {
  readonly card: SpaceCard;
  /** The script calls `graph.launch()` itself. */
  readonly launchesItself: boolean;
  /** What the programs need that the graph starts. */
  readonly services: ServiceNeeds;
  readonly daggrVersion: string;
}

/** Everything that a Space's repository gets. */
export interface Bundle {
  /** Without the README, which depends on the one that is there. */
  readonly files: readonly BundleFile[];
  readonly card: SpaceCard;
  readonly notes: readonly string[];
  /** The README of the project, where it is one of a Space. */
  readonly ownReadme: string | undefined;
}

/** Names that the bundle itself writes; a file of the project that is called so is not sent. */
const OURS = ["Dockerfile", ".dockerignore", "README.md", ".gitattributes"];

/**
 * Collects and makes the files of a Space.
 *
 * @throws DaggrError `DEPLOY_OUTSIDE`, `DEPLOY_SECRET`, `DEPLOY_SYNTAX`, `DEPLOY_DEPENDENCY`, `DEPLOY_PACKAGE`, `DEPLOY_FILE`.
 */
export async function makeBundle(project: Project, options: BundleOptions): Promise<Bundle> {
  const include = [...project.deploy.include, ...options.include];
  const { services } = options;
  const collected = await collectFiles(project, { loaded: options.loaded, named: services.named, include });
  const npm = packageFiles(project, options.daggrVersion);
  checkPackages(project, collected.packages);
  const made = new Map<string, BundleFile>();
  const own = collected.files.filter(({ path }) => !OURS.includes(path));
  for (const file of [...own, ...npm.files, ...recordOf(project)]) made.set(file.path, file);
  const image = dockerfile({
    script: project.script,
    port: options.card.port,
    needed: npm.needed,
    install: npm.install,
    launchesItself: options.launchesItself,
    packages: [...new Set([...services.packages, ...project.deploy.packages])],
    pythonFolders: services.pythonFolders,
  });
  made.set("Dockerfile", textFile("Dockerfile", image, "the image"));
  made.set(".dockerignore", textFile(".dockerignore", dockerIgnore, "the image"));
  const files = [...made.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const ownReadme = readmeOfSpace(project);
  refuseSecrets([...files, textFile("README.md", ownReadme ?? "", "")]);
  return {
    files,
    card: options.card,
    notes: [...services.notes, ...collected.notes, ...npm.notes],
    ownReadme,
  };
}

/** The README as it would be on a Space that has this one now, or none. */
export function readmeFor(bundle: Bundle, there: string | undefined): BundleFile {
  const text = spaceReadme(bundle.card, bundle.ownReadme ?? there);
  return textFile("README.md", text, "the Space's card");
}

/** What was accepted of Spaces and models: the Space begins with that, as a colleague does. */
function recordOf(project: Project): BundleFile[] {
  const path = ".daggr_upstream.json";
  const file = join(project.folder, path);
  return existsSync(file) ? [{ path, content: readFileSync(file), why: "accepted Spaces and models" }] : [];
}

/** A project's README is about the project, unless its front matter is a Space's. */
function readmeOfSpace(project: Project): string | undefined {
  const path = join(project.folder, "README.md");
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, "utf8");
  return /^---\r?\n[\s\S]*?^(sdk|emoji|colorFrom|app_port):[\s\S]*?^---/m.test(text) ? text : undefined;
}

/** What a script imports has to be installed on the Space too. */
function checkPackages(project: Project, packages: ReadonlyMap<string, string>): void {
  const { manifest } = project;
  const installed = Object.keys({ ...manifest?.dependencies, ...manifest?.optionalDependencies });
  for (const [name, module] of packages) {
    if (name === "daggr" || name === manifest?.name) continue;
    if (installed.includes(name) || builtinModules.includes(name)) continue;
    const isDevelopment = manifest?.devDependencies?.[name] !== undefined;
    // Types alone are no package at run time.
    const meant = closest(name, installed);
    throw new DaggrError(
      "DEPLOY_DEPENDENCY",
      isDevelopment
        ? `${module} imports ${name}, which package.json has among its devDependencies; a Space does not install those. Move it: npm install --save-prod ${name}`
        : `${module} imports ${name}, which package.json does not name, so a Space would not have it.${meant === undefined ? "" : ` It names '${meant}'.`} npm install ${name}`,
    );
  }
}

function refuseSecrets(files: readonly BundleFile[]): void {
  const found = files.flatMap(({ path, content }) => findSecrets(path, content));
  if (found.length === 0) return;
  const list = found.slice(0, 20).map(({ path, line, what }) => `  ${path}:${line}  ${what}`);
  const more = found.length > 20 ? [`  and ${found.length - 20} more`] : [];
  throw new DaggrError(
    "DEPLOY_SECRET",
    `Nothing was sent, because these files hold secrets:\n${[...list, ...more].join("\n")}\nRead them from process.env instead, and give them to the Space: --secret NAME`,
  );
}
