import { parse } from "yaml";
import type { Exchange } from "../exchange.ts";
import { HubRefusal } from "../exchange.ts";
import { kindOf } from "../repositories.ts";
import type { Repository } from "../repository.ts";
import { route } from "../routes.ts";

export const commitRoutes = [
  route("GET", "/api/:kind/:id/commits/:revision", (exchange) => {
    const { kind, id = "", revision = "" } = exchange.params;
    const repository = exchange.hub.repositories.contents(kindOf(kind), id, exchange.token);
    if (repository.at(revision) === undefined) {
      throw new HubRefusal(404, `Invalid rev id: ${revision}`, "RevisionNotFound");
    }
    const commits = repository.history(revision).map(({ oid, title, message, author, date }) => ({
      id: oid,
      title,
      message,
      authors: [{ user: author, avatar: `${exchange.hub.url}/avatars/${author}.svg` }],
      date: date.toISOString(),
    }));
    exchange.page(commits, Number(exchange.query.get("limit") ?? exchange.hub.pageSize));
  }),
  route("GET", "/api/:kind/:id/refs", (exchange) => {
    const { kind, id = "" } = exchange.params;
    const repository = exchange.hub.repositories.contents(kindOf(kind), id, exchange.token);
    const branches = [...repository.branches].map(([name, targetCommit]) => ({
      name,
      ref: `refs/heads/${name}`,
      targetCommit,
    }));
    exchange.json({ branches, converts: [], tags: [], pullRequests: [] });
  }),
  route("POST", "/api/validate-yaml", validateYaml),
  route("POST", "/api/:kind/:id/preupload/:revision", (exchange) => {
    target(exchange);
    const { files } = exchange.data as { files: { path: string; size: number }[] };
    exchange.json({
      files: files.map(({ path, size }) => ({
        path,
        uploadMode: size > exchange.hub.largeFileBytes ? "lfs" : "regular",
        shouldIgnore: false,
      })),
    });
  }),
  route("POST", "/api/:kind/:id/commit/:revision", receive),
];

function target(exchange: Exchange): Repository {
  const { kind, id = "" } = exchange.params;
  return exchange.hub.repositories.writable(kindOf(kind), id, exchange.token);
}

function validateYaml(exchange: Exchange): void {
  const { content } = exchange.data as { content: string };
  const [, yaml] = /^---\r?\n([\s\S]*?)\r?\n---/.exec(content) ?? [];
  if (yaml === undefined) {
    return exchange.json({
      errors: [],
      warnings: [{ message: "empty or missing yaml metadata in repo card" }],
    });
  }
  try {
    parse(yaml);
    exchange.json({ errors: [], warnings: [] });
  } catch (error) {
    exchange.json({ errors: [{ message: (error as Error).message }], warnings: [] }, 400);
  }
}

interface Line {
  readonly key: string;
  readonly value: {
    readonly path: string;
    readonly content?: string;
    readonly encoding?: BufferEncoding;
    readonly oid?: string;
    readonly summary?: string;
    readonly description?: string;
    readonly parentCommit?: string;
  };
}

/** A commit: a header and its operations, one JSON a line. */
function receive(exchange: Exchange): void {
  const repository = target(exchange);
  const branch = exchange.params["revision"]!;
  const lines = exchange.body.toString().trim().split("\n").map(readLine);
  const header = lines.find(({ key }) => key === "header")?.value;
  if (header?.summary === undefined) throw new HubRefusal(400, "A commit needs a header with a summary.");
  const before = repository.at(branch);
  if (before === undefined) throw new HubRefusal(404, `Invalid rev id: ${branch}`, "RevisionNotFound");
  if (header.parentCommit !== undefined && header.parentCommit !== before.oid) {
    throw new HubRefusal(412, "A commit has happened since. Please refresh and try again.");
  }
  const changes: Record<string, Buffer | null> = {};
  for (const { key, value } of lines) {
    if (key === "file") changes[value.path] = Buffer.from(value.content ?? "", value.encoding ?? "utf8");
    else if (key === "lfsFile") changes[value.path] = uploaded(exchange, value.oid!);
    else if (key === "deletedFile") changes[value.path] = null;
    else if (key === "deletedFolder") {
      const folder = value.path.replace(/\/?$/, "/");
      for (const path of before.files.keys()) if (path.startsWith(folder)) changes[path] = null;
    } else if (key !== "header") throw new HubRefusal(400, `Unknown operation: ${key}`);
  }
  const message = header.description ?? "";
  const author = exchange.token!.account.name;
  const oid = repository.commit(changes, header.summary, { branch, message, author });
  repository.space?.start();
  const place = repository.kind === "model" ? repository.id : `${repository.kind}s/${repository.id}`;
  exchange.json({
    success: true,
    commitOid: oid,
    commitUrl: `${exchange.hub.url}/${place}/commit/${oid}`,
    hookOutput: "",
  });
}

function readLine(text: string): Line {
  try {
    return JSON.parse(text);
  } catch {
    throw new HubRefusal(400, "A line of the commit is no JSON.");
  }
}

function uploaded(exchange: Exchange, oid: string): Buffer {
  const content = exchange.hub.largeFiles.get(oid);
  if (content === undefined)
    throw new HubRefusal(400, `LFS pointer pointed to a file that does not exist: ${oid}`);
  return content;
}
