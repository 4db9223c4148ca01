/** An npm registry on this machine that offers what this repository has installed, for installs without network. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly bundleDependencies?: unknown;
}

interface Installed {
  readonly folder: string;
  readonly manifest: Manifest;
}

export interface Registry extends AsyncDisposable {
  readonly url: string;
  /** What it was asked for and does not have. */
  readonly missing: readonly string[];
}

/** Starts the registry. Every package is packed anew from `node_modules`, the moment it is asked for. */
export async function startRegistry(): Promise<Registry> {
  const installed = findInstalled();
  const missing: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname.slice(1));
    const [name = "", version] = path.split("/-/");
    const versions = installed.get(name) ?? [];
    const wanted = versions.find(({ manifest }) => `${manifest.version}.tgz` === version);
    if (wanted !== undefined) return sendTarball(wanted, response);
    if (version === undefined && versions.length > 0)
      return sendJson(response, 200, describe(name, versions, url));
    missing.push(path);
    sendJson(response, 404, { error: "not found" });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url, missing, [Symbol.asyncDispose]: close };
}

/** The environment in which npm knows this registry and nothing of the person who runs the tests. */
export function npmEnvironment(registry: Registry, home: string): Record<string, string | undefined> {
  const own = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  return {
    ...Object.fromEntries(own),
    npm_config_registry: registry.url,
    npm_config_cache: join(home, "npm-cache"),
    npm_config_userconfig: join(home, "npmrc"),
    npm_config_globalconfig: join(home, "npmrc-global"),
    npm_config_update_notifier: "false",
    npm_config_audit: "false",
    npm_config_fund: "false",
  };
}

function findInstalled(): Map<string, Installed[]> {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const installed = new Map<string, Installed[]>();
  for (const path of Object.keys(packages)) {
    if (path === "") continue;
    const folder = join(root, path);
    try {
      const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
      installed.set(manifest.name, [...(installed.get(manifest.name) ?? []), { folder, manifest }]);
    } catch {
      // A package for another platform: it is described, so that lockfiles are whole, and never fetched.
      const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
      const { resolved: _, integrity: __, dev: ___, optional: ____, ...manifest } = packages[path];
      const known = installed.get(name) ?? [];
      installed.set(name, [...known, { folder, manifest: { ...manifest, name } }]);
    }
  }
  return installed;
}

function describe(name: string, versions: readonly Installed[], url: string): object {
  const newest = versions.map(({ manifest }) => manifest.version).sort(compareVersions);
  const entries = versions.map(({ manifest }) => [
    manifest.version,
    { ...manifest, dist: { tarball: `${url}/${name}/-/${manifest.version}.tgz` } },
  ]);
  return { name, "dist-tags": { latest: newest.at(-1) }, versions: Object.fromEntries(entries) };
}

function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

function sendTarball({ folder, manifest }: Installed, response: ServerResponse): void {
  const without = manifest.bundleDependencies === undefined ? ["--exclude=./node_modules"] : [];
  const tar = spawn("tar", ["-cz", "-C", folder, ...without, "--transform=s,^\\.,package,", "."], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  response.writeHead(200, { "content-type": "application/octet-stream" });
  tar.stdout.pipe(response);
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
