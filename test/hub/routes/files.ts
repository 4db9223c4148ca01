import { createHash } from "node:crypto";
import type { Exchange } from "../exchange.ts";
import { HubRefusal } from "../exchange.ts";
import { kindOf } from "../repositories.ts";
import { blobOid, type Commit, type Repository } from "../repository.ts";
import { route } from "../routes.ts";

export const fileRoutes = [
  route("GET", "/api/:kind/:id/tree/:revision", tree),
  route("GET", "/api/:kind/:id/tree/:revision/:rest", tree),
  route("POST", "/api/:kind/:id/paths-info/:revision", pathsInfo),
  route("GET", "/:kind/:id/:way/:revision/:rest", file),
  route("GET", "/:id/:way/:revision/:rest", file),
];

function opened(exchange: Exchange): { repository: Repository; commit: Commit } {
  const { kind, id = "", revision = "main" } = exchange.params;
  const repository = exchange.hub.repositories.contents(kindOf(kind), id, exchange.token);
  const commit = repository.at(revision);
  if (commit === undefined) throw new HubRefusal(404, `Invalid rev id: ${revision}`, "RevisionNotFound");
  return { repository, commit };
}

function tree(exchange: Exchange): void {
  const { commit } = opened(exchange);
  const folder = (exchange.params["rest"] ?? "").replace(/\/$/, "");
  const isRecursive = exchange.query.get("recursive")?.toLowerCase() === "true";
  const withCommit = exchange.query.get("expand")?.toLowerCase() === "true";
  const entries = new Map<string, unknown>();
  for (const [path, content] of [...commit.files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (folder !== "" && !path.startsWith(`${folder}/`)) continue;
    const [first, ...inner] = path.slice(folder === "" ? 0 : folder.length + 1).split("/");
    const parts = [first!, ...inner];
    for (let depth = 1; depth < parts.length && (isRecursive || depth === 1); depth++) {
      const name = [...(folder === "" ? [] : [folder]), ...parts.slice(0, depth)].join("/");
      entries.set(name, { type: "directory", oid: blobOid(Buffer.from(name)), size: 0, path: name });
    }
    if (isRecursive || inner.length === 0)
      entries.set(path, entry(exchange, commit, path, content, withCommit));
  }
  if (folder !== "" && entries.size === 0)
    throw new HubRefusal(404, `${folder} does not exist on "${commit.oid}"`, "EntryNotFound");
  exchange.page([...entries.values()], exchange.hub.pageSize);
}

function entry(
  exchange: Exchange,
  commit: Commit,
  path: string,
  content: Buffer,
  withCommit: boolean,
): unknown {
  const isLarge = content.length > exchange.hub.largeFileBytes;
  return {
    type: "file",
    oid: blobOid(content),
    size: content.length,
    path,
    ...(isLarge ? { lfs: { oid: sha256(content), size: content.length, pointerSize: 134 } } : {}),
    ...(withCommit
      ? { lastCommit: { id: commit.oid, title: commit.title, date: commit.date.toISOString() } }
      : {}),
  };
}

function pathsInfo(exchange: Exchange): void {
  const { commit } = opened(exchange);
  const isJson = exchange.request.headers["content-type"]?.startsWith("application/json") === true;
  const paths: string[] = isJson ? exchange.data.paths : exchange.form.getAll("paths");
  const expand = isJson ? exchange.data.expand === true : exchange.form.get("expand") === "true";
  exchange.json(
    paths.flatMap((path) => {
      const content = commit.files.get(path);
      if (content !== undefined) return [entry(exchange, commit, path, content, expand)];
      const isFolder = [...commit.files.keys()].some((name) => name.startsWith(`${path}/`));
      return isFolder ? [{ type: "directory", oid: blobOid(Buffer.from(path)), size: 0, path }] : [];
    }),
  );
}

function file(exchange: Exchange): void {
  const { commit } = opened(exchange);
  const path = exchange.params["rest"]!;
  const content = commit.files.get(path);
  if (content === undefined) {
    throw new HubRefusal(404, "Entry not found", "EntryNotFound", { "x-repo-commit": commit.oid });
  }
  const isLarge = content.length > exchange.hub.largeFileBytes;
  const headers = {
    etag: `"${isLarge ? sha256(content) : blobOid(content)}"`,
    "x-repo-commit": commit.oid,
    "accept-ranges": "bytes",
    "content-type": "application/octet-stream",
    ...(isLarge ? { "x-linked-size": String(content.length), "x-linked-etag": `"${sha256(content)}"` } : {}),
  };
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(exchange.request.headers.range ?? "") ?? [];
  if (from === undefined) return exchange.send(content, 200, headers);
  const start = Number(from);
  const end = Math.min(to === "" ? content.length : Number(to) + 1, content.length);
  if (start >= content.length && content.length > 0) {
    return exchange.send("", 416, { ...headers, "content-range": `bytes */${content.length}` });
  }
  exchange.send(content.subarray(start, end), 206, {
    ...headers,
    "content-range": `bytes ${start}-${Math.max(start, end - 1)}/${content.length}`,
  });
}

export function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
