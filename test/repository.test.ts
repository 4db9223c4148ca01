import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const manifest = JSON.parse(read("package.json"));
const lock = JSON.parse(read("package-lock.json"));
const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
const developmentDependencies = Object.keys(manifest.devDependencies);

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly optionalDependencies?: Record<string, string>;
}
const locked = Object.entries(lock.packages as Record<string, Locked>).filter(([path]) => path !== "");

test("the lock file names no machine's own registry", () => {
  const hosts = locked.flatMap(([, { resolved }]) =>
    resolved === undefined ? [] : [new URL(resolved).host],
  );
  expect(hosts.filter((host) => host !== "registry.npmjs.org")).toEqual([]);
});

test("the lock file holds a checksum of every package", () => {
  expect(
    locked.filter(([, { integrity, link }]) => integrity === undefined && !link).map(([path]) => path),
  ).toEqual([]);
});

test("the lock file holds the packages of other systems, without which npm ci refuses it", () => {
  const names = new Set(locked.map(([path]) => path.slice(path.lastIndexOf("node_modules/") + 13)));
  const missing = locked.flatMap(([, entry]) =>
    Object.keys(entry.optionalDependencies ?? {}).filter((name) => !names.has(name)),
  );
  expect(missing).toEqual([]);
});

test("every install script is allowed by name", () => {
  const scripts = locked.filter(([, { hasInstallScript }]) => hasInstallScript);
  const names = scripts.map(([path]) => path.slice(path.lastIndexOf("node_modules/") + 13));
  expect(names.filter((name) => manifest.allowScripts[name] === undefined)).toEqual([]);
});

test("what users install runs no script", () => {
  const scripts = locked.filter(([, { hasInstallScript, dev }]) => hasInstallScript && !dev);
  expect(scripts.map(([path]) => path)).toEqual([]);
});

test("docs/dependencies.md tells of every dependency, and of no other", () => {
  const [before = "", after = ""] = read("docs/dependencies.md").split("\n## For development\n");
  const told = (text: string) => [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name).sort();
  expect(told(before)).toEqual(dependencies.toSorted());
  expect(told(after)).toEqual(developmentDependencies.toSorted());
});
