import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative, resolve, sep } from "node:path";
import { DaggrError } from "../base/errors.ts";
import { type BundleFile, textFile } from "./bundle-file.ts";
import type { PackageJson, Project } from "./project.ts";

/** package.json, the lockfile and what they name, as the image installs from them. */
export interface PackageFiles {
  readonly files: readonly BundleFile[];
  /** What the install needs to have before it begins. */
  readonly needed: readonly string[];
  readonly install: string;
  readonly notes: readonly string[];
}

const GROUPS = ["dependencies", "optionalDependencies"] as const;
/** They belong to who develops the project; what they call is not in the image. */
const OWN_SCRIPTS = [
  "preinstall",
  "install",
  "postinstall",
  "prepublish",
  "preprepare",
  "prepare",
  "postprepare",
];
const LOCKFILES = ["package-lock.json", "npm-shrinkwrap.json"];
const OTHER_LOCKFILES = ["pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb"];
const VENDOR = "vendor";

interface Lockfile {
  packages?: Record<
    string,
    {
      resolved?: string;
      link?: boolean;
      dev?: boolean;
      dependencies?: Record<string, string>;
      optionalDependencies?: Record<string, string>;
    }
  >;
}

/** Makes the files that `npm` reads on the Space. */
export function packageFiles(project: Project, daggrVersion: string): PackageFiles {
  const manifest = structuredClone(project.manifest ?? newManifest(project)) as Mutable;
  const notes: string[] = [];
  const tarballs = new Map<string, BundleFile>();
  for (const group of GROUPS) {
    for (const [name, specifier] of Object.entries(manifest[group] ?? {})) {
      const moved = moveLocal(project, name, specifier, tarballs);
      if (moved !== specifier) manifest[group]![name] = moved;
    }
  }
  const isDaggrAdded = addDaggr(manifest, daggrVersion, notes);
  const removed = OWN_SCRIPTS.filter((name) => manifest.scripts?.[name] !== undefined);
  for (const name of removed) delete manifest.scripts?.[name];
  if (removed.length > 0) notes.push(`package.json is sent without its scripts ${removed.join(", ")}.`);

  const lock = readLock(project, tarballs, notes);
  const lacking = lock === undefined ? [] : lackingIn(lock.lock);
  if (lacking.length > 0)
    notes.push(
      `The lockfile lacks packages for other systems (${lacking[0]}, …), so that npm chooses versions when the Space is built. To make it whole: delete it and node_modules, then npm install.`,
    );
  const canUseLock = lock !== undefined && !isDaggrAdded && lacking.length === 0;
  if (lock === undefined) noteMissingLock(project, notes);
  const links = lock === undefined ? [] : linkedManifests(project, lock.lock);
  const text = project.manifestText;
  const isChanged = JSON.stringify(manifest) !== JSON.stringify(project.manifest);
  const files = [
    isChanged || text === undefined
      ? textFile(
          "package.json",
          `${JSON.stringify(manifest, null, 2)}\n`,
          text === undefined ? "made for the Space" : "changed for the Space",
        )
      : textFile("package.json", text, "dependencies"),
    ...(lock === undefined ? [] : [lock.file]),
    ...tarballs.values(),
    ...links,
  ];
  return {
    files,
    needed: files.map(({ path }) => path),
    install: `npm ${canUseLock ? "ci" : "install"} --omit=dev --no-audit --no-fund`,
    notes,
  };
}

type Mutable = {
  -readonly [K in keyof PackageJson]: PackageJson[K] extends Readonly<Record<string, string>> | undefined
    ? Record<string, string> | undefined
    : PackageJson[K];
};

function newManifest(project: Project): PackageJson {
  return {
    name: "workflow",
    ...{ private: true },
    ...(/\.c[jt]s$/.test(project.script) ? {} : { type: "module" }),
  };
}

function addDaggr(manifest: Mutable, version: string, notes: string[]): boolean {
  if (GROUPS.some((group) => manifest[group]?.["daggr"] !== undefined)) return false;
  if (manifest.devDependencies?.["daggr"] !== undefined)
    throw new DaggrError(
      "DEPLOY_DEPENDENCY",
      "package.json has daggr among its devDependencies, which a Space does not install. Move it: npm install --save-prod daggr",
    );
  manifest.dependencies = { ...manifest.dependencies, daggr: `^${version}` };
  notes.push(`package.json does not name daggr: daggr ^${version} is added.`);
  return true;
}

/** What a dependency is called in the bundle. A tarball goes along; a folder is refused unless it is in the project. */
function moveLocal(
  project: Project,
  name: string,
  specifier: string,
  tarballs: Map<string, BundleFile>,
): string {
  if (/^(workspace|link|portal|catalog):/.test(specifier))
    throw new DaggrError(
      "DEPLOY_OUTSIDE",
      `package.json takes ${name} from '${specifier}', which only this machine has. Name a version, or pack it: npm pack there, then npm install the tarball.`,
    );
  const local = localPath(specifier);
  if (local === undefined) return specifier;
  const path = resolve(project.folder, local);
  const inside = relative(project.folder, path).split(sep).join("/");
  const isInside = !inside.startsWith("..");
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined)
    throw new DaggrError(
      "DEPLOY_DEPENDENCY",
      `package.json takes ${name} from ${local}, which is not there.`,
    );
  if (stat.isDirectory()) {
    if (isInside) return specifier;
    throw new DaggrError(
      "DEPLOY_OUTSIDE",
      `package.json takes ${name} from the folder ${local}, which is outside of the project. Pack it (npm pack in that folder) and install the tarball: npm install ./${name.replace(/^@/, "").replace("/", "-")}-1.0.0.tgz`,
    );
  }
  const target = isInside ? inside : `${VENDOR}/${basename(path)}`;
  tarballs.set(path, { path: target, content: readFileSync(path), why: `the package ${name}` });
  return `file:${target}`;
}

function localPath(specifier: string): string | undefined {
  if (specifier.startsWith("file:")) return specifier.slice(5).replace(/^\/\/(?=\/)/, "");
  return /^(\.{1,2}\/|\/)/.test(specifier) ? specifier : undefined;
}

function readLock(
  project: Project,
  tarballs: ReadonlyMap<string, BundleFile>,
  notes: string[],
): { readonly file: BundleFile; readonly lock: Lockfile } | undefined {
  const name = LOCKFILES.find((candidate) => existsSync(join(project.folder, candidate)));
  if (name === undefined || project.manifest === undefined) return undefined;
  const text = readFileSync(join(project.folder, name), "utf8");
  let lock: Lockfile;
  try {
    lock = JSON.parse(text) as Lockfile;
  } catch {
    throw new DaggrError("DEPLOY_PACKAGE", `${name} is no JSON. Make it anew: npm install`);
  }
  const isMoved = moveInLock(project, lock, tarballs);
  noteUnreachable(lock, name, notes);
  return {
    file: isMoved
      ? textFile(name, `${JSON.stringify(lock, null, 2)}\n`, "changed for the Space")
      : textFile(name, text, "exact versions"),
    lock,
  };
}

/** The tarballs' new places; hashes and everything else stay. */
function moveInLock(project: Project, lock: Lockfile, tarballs: ReadonlyMap<string, BundleFile>): boolean {
  let isMoved = false;
  const moved = (specifier: string): string => {
    const local = localPath(specifier);
    const target = local === undefined ? undefined : tarballs.get(resolve(project.folder, local));
    if (target === undefined || specifier === `file:${target.path}`) return specifier;
    isMoved = true;
    return `file:${target.path}`;
  };
  for (const entry of Object.values(lock.packages ?? {})) {
    if (entry.resolved !== undefined && entry.link !== true) entry.resolved = moved(entry.resolved);
  }
  const root = lock.packages?.[""];
  for (const group of GROUPS) {
    for (const [name, specifier] of Object.entries(root?.[group] ?? {}))
      root![group]![name] = moved(specifier);
  }
  return isMoved;
}

function noteUnreachable(lock: Lockfile, name: string, notes: string[]): void {
  const hosts = new Set<string>();
  for (const { resolved } of Object.values(lock.packages ?? {})) {
    const url = resolved === undefined ? null : URL.parse(resolved);
    if (url !== null && /^https?:$/.test(url.protocol) && isPrivate(url.hostname)) hosts.add(url.host);
  }
  if (hosts.size > 0)
    notes.push(
      `${name} takes packages from ${[...hosts].join(", ")}, which a Space cannot reach. Make it anew with a public registry.`,
    );
}

/** Optional packages that a lockfile names and does not have, as one made from a folder of another system: `npm ci` refuses it. */
function lackingIn({ packages = {} }: Lockfile): string[] {
  const has = (path: string, name: string): boolean => {
    if (packages[`${path === "" ? "" : `${path}/`}node_modules/${name}`] !== undefined) return true;
    const at = path.lastIndexOf("node_modules/");
    return path !== "" && has(at > 0 ? path.slice(0, at - 1) : "", name);
  };
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !has(path, name)),
  );
}

const isPrivate = (host: string): boolean =>
  /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[::1\])|\.(local|internal|lan)$/.test(host);

/** The package.json of each folder that the lockfile links to: without it `npm ci` stops. */
function linkedManifests(project: Project, lock: Lockfile): BundleFile[] {
  const files: BundleFile[] = [];
  for (const [path, entry] of Object.entries(lock.packages ?? {})) {
    if (path === "" || path.split("/").includes("node_modules") || entry.dev === true) continue;
    if (path.startsWith(".."))
      throw new DaggrError(
        "DEPLOY_OUTSIDE",
        `The lockfile takes a package from the folder ${path}, which is outside of the project. Pack it (npm pack in that folder) and install the tarball.`,
      );
    const manifest = join(project.folder, path, "package.json");
    if (existsSync(manifest))
      files.push({
        path: `${path}/package.json`,
        content: readFileSync(manifest),
        why: "a package of the project",
      });
  }
  return files;
}

function noteMissingLock(project: Project, notes: string[]): void {
  const other = OTHER_LOCKFILES.find((name) => existsSync(join(project.folder, name)));
  const how = "npm install --package-lock-only makes a package-lock.json that fixes them.";
  notes.push(
    other === undefined
      ? `There is no lockfile: npm chooses versions when the Space is built. ${how}`
      : `${other} is not used on the Space: npm chooses versions when it is built. ${how}`,
  );
}
