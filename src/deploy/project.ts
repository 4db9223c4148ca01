import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { DaggrError, describe } from "../base/errors.ts";

/** The parts of a package.json that a bundle depends on. */
export interface PackageJson {
  readonly name?: string;
  readonly type?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly imports?: Readonly<Record<string, unknown>>;
  readonly daggr?: { readonly deploy?: unknown };
}

/** What package.json says under `daggr.deploy`. */
export interface DeployField {
  /** Further files: paths or globs. */
  readonly include: readonly string[];
  /** Debian packages that the image needs, for example ffmpeg. */
  readonly packages: readonly string[];
}

/** The folder that becomes a Space's repository. */
export interface Project {
  readonly folder: string;
  /** The script, relative to the folder. */
  readonly script: string;
  readonly manifest: PackageJson | undefined;
  readonly manifestText: string | undefined;
  readonly deploy: DeployField;
}

/** The project of a script: the folder of the nearest package.json, else the script's own. */
export function findProject(scriptPath: string): Project {
  const script = realpathSync(scriptPath);
  const folder = folderWithManifest(dirname(script));
  const root = folder ?? dirname(script);
  const manifestText = folder === undefined ? undefined : readFileSync(join(folder, "package.json"), "utf8");
  const manifest = manifestText === undefined ? undefined : parseManifest(manifestText, root);
  return {
    folder: root,
    script: relative(root, script).split(sep).join("/"),
    manifest,
    manifestText,
    deploy: deployField(manifest?.daggr?.deploy),
  };
}

function folderWithManifest(from: string): string | undefined {
  for (let at = from; ; at = dirname(at)) {
    if (existsSync(join(at, "package.json"))) return at;
    if (dirname(at) === at) return undefined;
  }
}

function parseManifest(text: string, folder: string): PackageJson {
  try {
    const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch {
    // Said below.
  }
  throw new DaggrError("DEPLOY_PACKAGE", `${join(folder, "package.json")} is no JSON object.`);
}

function deployField(value: unknown): DeployField {
  const none = { include: [], packages: [] };
  if (value === undefined) return none;
  if (typeof value !== "object" || value === null)
    throw new DaggrError(
      "DEPLOY_PACKAGE",
      `package.json: daggr.deploy must be an object, got ${describe(value)}.`,
    );
  for (const [key, list] of Object.entries(value)) {
    if (!(key in none))
      throw new DaggrError(
        "DEPLOY_PACKAGE",
        `package.json: daggr.deploy has no '${key}'. It has: include, packages.`,
      );
    if (!Array.isArray(list) || list.some((item) => typeof item !== "string"))
      throw new DaggrError(
        "DEPLOY_PACKAGE",
        `package.json: daggr.deploy.${key} must be a list of texts, got ${describe(list)}.`,
      );
  }
  const field = { ...none, ...(value as Partial<DeployField>) };
  const wrong = field.packages.find((name) => !/^[a-z0-9][a-z0-9+.-]+$/.test(name));
  if (wrong !== undefined)
    throw new DaggrError(
      "DEPLOY_PACKAGE",
      `package.json: daggr.deploy.packages names Debian packages; '${wrong}' cannot be one.`,
    );
  return field;
}
