import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { constants, copyFile, mkdir, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { DaggrError } from "../../base/errors.ts";
import { clientError, inWords, networkReason } from "../client-errors.ts";
import { type Credentials, send } from "../http.ts";
import { type Environment, hubEndpoint, hubHome, hubToken } from "../tokens.ts";
import { localError } from "./local-errors.ts";

export interface SnapshotOptions {
  readonly env: Environment;
  readonly token: string | false | undefined;
  readonly signal: AbortSignal;
  readonly onStep: (text: string) => void;
}

interface RemoteFile {
  readonly path: string;
  readonly size: number;
  readonly etag: string;
  readonly sha256: string | undefined;
}

const AT_ONCE = 4;

/** The Hub's cache on this machine, which Python's `huggingface_hub` uses too. */
function hubCache(env: Environment): string {
  return env["HF_HUB_CACHE"] ?? env["HUGGINGFACE_HUB_CACHE"] ?? join(hubHome(env), "hub");
}

/**
 * Downloads a Space at a commit into the Hub's cache, and copies it to `folder`, where no file is a link: Python would
 * look for modules where a link leads. What a broken download left is gone on with. Throws `LOCAL_DOWNLOAD_FAILED`.
 */
export async function copyOfSpace(
  id: string,
  commit: string,
  folder: string,
  options: SnapshotOptions,
): Promise<void> {
  const repository = join(hubCache(options.env), `spaces--${id.replace("/", "--")}`);
  const snapshot = join(repository, "snapshots", commit);
  let files: RemoteFile[];
  try {
    files = await listed(id, commit, options);
    let done = 0;
    const total = files.reduce((sum, file) => sum + file.size, 0);
    const next = files.values();
    const worker = async (): Promise<void> => {
      for (const file of next) {
        await take(file, id, commit, repository, snapshot, options);
        done++;
        options.onStep(`Downloading ${id}: ${done} of ${files.length} files (${megabytes(total)})`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  } catch (error) {
    if (options.signal.aborted || error instanceof DaggrError) throw error;
    throw localError(
      "LOCAL_DOWNLOAD_FAILED",
      `Space '${id}' could not be downloaded whole: ${reasonOf(error)}. What is there already is kept: try again.`,
      [],
      { cause: error },
    );
  }
  const partial = `${folder}.${process.pid}.part`;
  await rm(partial, { recursive: true, force: true });
  for (const { path } of files) {
    const to = join(partial, path);
    await mkdir(dirname(to), { recursive: true });
    await copyFile(join(snapshot, path), to, constants.COPYFILE_FICLONE);
  }
  await mkdir(partial, { recursive: true });
  await rename(partial, folder).catch(async (error: unknown) => {
    // Another process was quicker.
    if (!existsSync(folder)) throw error;
    await rm(partial, { recursive: true, force: true });
  });
}

/** The Hub's library says a status, and which request it was. */
function reasonOf(error: unknown): string {
  const { statusCode: status } = error as { statusCode?: unknown };
  if (typeof status !== "number") return inWords(networkReason(error));
  if (status === 429) return "the Hub takes no more requests from you just now (HTTP 429)";
  if (status === 401 || status === 403)
    return `the Hub refuses to give a file (HTTP ${status}); your token may not read it`;
  return `the Hub answers with HTTP ${status}`;
}

/** The repository's files. Only plain paths inside it. */
async function listed(id: string, commit: string, options: SnapshotOptions): Promise<RemoteFile[]> {
  const { listFiles } = await import("@huggingface/hub");
  const files: RemoteFile[] = [];
  const place = { repo: { type: "space", name: id } as const, revision: commit, ...(await access(options)) };
  for await (const { type, path, size, oid, lfs } of listFiles({ ...place, recursive: true })) {
    if (type !== "file") continue;
    const parts = path.split("/");
    if (parts.some((part) => part === "" || part === "." || part === "..") || /[\\\0]|^[A-Za-z]:/.test(path))
      throw localError(
        "LOCAL_DOWNLOAD_FAILED",
        `Space '${id}' names a file '${path}', which lies outside of it.`,
      );
    files.push({ path, size, etag: checkedName(lfs?.oid ?? oid ?? ""), sha256: lfs?.oid });
  }
  return files;
}

function checkedName(etag: string): string {
  if (/^[\w-]{8,}$/.test(etag)) return etag;
  throw clientError("HUB_UNREACHABLE", `The Hub names a file by '${etag}', which is no hash.`);
}

/** One file into the cache: a blob under its hash, and a link to it in the snapshot. */
async function take(
  file: RemoteFile,
  id: string,
  commit: string,
  repository: string,
  snapshot: string,
  options: SnapshotOptions,
): Promise<void> {
  const blob = join(repository, "blobs", file.etag);
  const pointer = join(snapshot, file.path);
  const incomplete = `${blob}.incomplete`;
  await mkdir(dirname(blob), { recursive: true });
  await mkdir(dirname(pointer), { recursive: true });
  for (let attempt = 1; !(await isWhole(blob, file)); attempt++) {
    options.signal.throwIfAborted();
    if (file.size === 0) {
      await writeFile(blob, "");
      break;
    }
    const { downloadFile } = await import("@huggingface/hub");
    const place = { repo: { type: "space", name: id } as const, revision: commit, path: file.path };
    const content = await downloadFile({ ...place, ...(await access(options)) });
    if (content === null)
      throw localError("LOCAL_DOWNLOAD_FAILED", `Space '${id}' has no file '${file.path}' any more.`);
    const have = (await stat(incomplete).catch(() => undefined))?.size ?? 0;
    const from = have < content.size ? have : 0;
    const rest = from === 0 ? content : content.slice(from);
    const source = Readable.fromWeb(rest.stream() as unknown as ReadableStream);
    const sink = createWriteStream(incomplete, { flags: from === 0 ? "w" : "a" });
    await pipeline(source, sink, { signal: options.signal });
    if (await isWhole(incomplete, file)) {
      await rename(incomplete, blob);
      break;
    }
    await rm(incomplete, { force: true });
    if (attempt === 2)
      throw localError(
        "LOCAL_DOWNLOAD_FAILED",
        `File '${file.path}' of Space '${id}' comes otherwise than the Hub says (its size or hash is another). Try again.`,
      );
  }
  if (existsSync(pointer)) return;
  await rm(pointer, { force: true });
  try {
    await symlink(relative(dirname(pointer), blob).split(sep).join("/"), pointer);
  } catch {
    // Windows without the right to make links.
    await copyFile(blob, pointer);
  }
}

/** Size always, and the hash that the file is named by: SHA-256 for large ones, Git's for the others. */
async function isWhole(path: string, file: RemoteFile): Promise<boolean> {
  const size = (await stat(path).catch(() => undefined))?.size;
  if (size === undefined || size !== file.size) return false;
  if (file.sha256 === undefined && !/^[0-9a-f]{40}$/.test(file.etag)) return true;
  const hash = file.sha256 === undefined ? createHash("sha1").update(`blob ${size}\0`) : createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex") === (file.sha256 ?? file.etag);
}

/** How the Hub's own library is to ask: redirects by hand, the token to the Hub alone. */
async function access({ env, token, signal }: SnapshotOptions) {
  const hubUrl = hubEndpoint(env);
  const own = await hubToken(token, env);
  const credentials: Credentials | undefined =
    own === undefined
      ? undefined
      : { origin: new URL(hubUrl).origin, headers: { authorization: `Bearer ${own}` } };
  const fetch: typeof globalThis.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const headers = Object.fromEntries(new Headers(init?.headers).entries());
    const method = init?.method === "POST" ? "POST" : "GET";
    const body = typeof init?.body === "string" ? { body: init.body } : {};
    return send(url, { method, headers, ...body, credentials, signal });
  };
  return { hubUrl, fetch };
}

function megabytes(bytes: number): string {
  return bytes < 1_000_000
    ? `${Math.max(1, Math.round(bytes / 1000))} KB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
