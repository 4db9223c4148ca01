import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import mime from "mime";
import { DaggrError } from "../base/errors.ts";
import { type FileRef, type FileStore, isFileRef } from "../base/files.ts";
import { clientError, networkReason } from "./client-errors.ts";
import { type EncodeFile, type FileData, type RemoteFile, ShapeError } from "./gradio-codec.ts";
import type { Connection } from "./gradio-connection.ts";
import { httpError } from "./gradio-errors.ts";
import { readChunks, readText, send } from "./http.ts";
import { assertPublic } from "./private-hosts.ts";

const UPLOAD_MS = 600_000;

/** Turns files of one argument into uploads. Texts count as files only where the user's own script gave them. */
export function fileEncoder(
  connection: Connection,
  files: FileStore,
  isTrusted: boolean,
  signal: AbortSignal,
): EncodeFile {
  const encode = async (value: unknown): Promise<unknown> => {
    if (isFileRef(value)) return upload(connection, await files.path(value), value.name, value.mime, signal);
    if (!isTrusted || typeof value !== "string") throw new ShapeError("a file");
    // Gradio fetches web addresses itself, as it does for Python's `handle_file(url)`.
    if (/^https?:\/\//i.test(value))
      return { path: value, url: value, orig_name: nameOf(value), meta: { _type: "gradio.FileData" } };
    const ref = await files.put({
      path: value.startsWith("file://") ? decodeURIComponent(new URL(value).pathname) : value,
    });
    return encode(ref);
  };
  return Object.assign(encode, { isFile: isFileRef });
}

async function upload(
  connection: Connection,
  path: string,
  name: string,
  type: string,
  signal: AbortSignal,
): Promise<FileData> {
  const blob = await openAsBlob(path, { type });
  const limit = connection.description.maxFileSize;
  if (limit !== null && blob.size > limit) {
    throw clientError(
      "FILE_TOO_LARGE",
      `'${name}' has ${blob.size} bytes; ${connection.label} takes files up to ${limit}.`,
    );
  }
  const body = new FormData();
  body.append("files", new File([blob], name, { type }), name);
  const response = await connection.request(connection.url("upload"), {
    method: "POST",
    body,
    signal,
    timeoutMs: UPLOAD_MS,
  });
  const text = await readText(response);
  if (!response.ok) throw httpError(response.status, text, `The upload of '${name}' to ${connection.label}`);
  try {
    const [remote] = JSON.parse(text);
    if (typeof remote === "string")
      return {
        path: remote,
        orig_name: name,
        size: blob.size,
        mime_type: type,
        meta: { _type: "gradio.FileData" },
      };
  } catch {
    // Told below.
  }
  throw clientError(
    "GRADIO_PROTOCOL",
    `${connection.label} took the upload of '${name}' but gave no path for it.`,
  );
}

/** Fetches a returned file into the store. */
export async function download(
  connection: Connection,
  file: RemoteFile,
  files: FileStore,
  signal: AbortSignal,
  idleMs: number,
): Promise<FileRef> {
  const { data } = file;
  const name = fileName(data);
  const inline = /^data:([^,;]*)(?:;[^,;]*)*?(;base64)?,/.exec(data.url ?? data.path ?? "");
  if (inline !== null) {
    const body = (data.url ?? data.path ?? "").slice(inline[0].length);
    const bytes =
      inline[2] === undefined ? Buffer.from(decodeURIComponent(body)) : Buffer.from(body, "base64");
    return files.put({ bytes }, withExtension(name, data.mime_type ?? inline[1]));
  }
  const url = address(connection, data);
  const isForeign = url.origin !== connection.root.origin;
  try {
    if (isForeign) await assertPublic(url, connection.root);
    const onRedirect = async (to: URL) => {
      if (to.origin !== connection.root.origin) await assertPublic(to, connection.root);
    };
    const response = isForeign
      ? await send(url, { signal, timeoutMs: idleMs, onRedirect })
      : await connection.request(url, { signal, timeoutMs: idleMs, onRedirect });
    if (!response.ok)
      throw httpError(
        response.status,
        await readText(response),
        `The download of '${name}' from ${url.host}`,
      );
    const type = data.mime_type ?? response.headers.get("content-type")?.split(";")[0];
    return await files.put(
      { stream: readChunks(response, idleMs) },
      data.is_stream ? streamName(name, type) : withExtension(name, type),
    );
  } catch (error) {
    if (error instanceof DaggrError || signal.aborted) throw error;
    throw clientError(
      "GRADIO_DROPPED",
      `The download of '${name}' from ${url.host} broke off: ${networkReason(error)}.`,
      { cause: error },
    );
  }
}

/** The file under the app's own address wherever it can be; another host's only where the file itself lies there. */
function address(connection: Connection, data: FileData): URL {
  const isRemotePath = /^https?:\/\//i.test(data.path ?? "");
  const url = data.url ? URL.parse(data.url, connection.root.href) : null;
  if (url !== null && url.origin === connection.root.origin) {
    url.searchParams.delete("__sign");
    // What was streamed in segments, put together.
    if (data.is_stream) url.pathname = url.pathname.replace(/\/playlist\.m3u8$/, "/playlist-file");
    if (data.is_stream || !data.path || isRemotePath) return url;
  }
  if (data.path && !isRemotePath && !data.is_stream) {
    return connection.url(`file=${data.path.split("/").map(encodeURIComponent).join("/")}`);
  }
  const target = url ?? URL.parse(data.path ?? "");
  if (target === null || !/^https?:$/.test(target.protocol)) {
    throw clientError("GRADIO_PROTOCOL", `${connection.label} returned a file without an address.`);
  }
  return target;
}

function nameOf(path: string): string {
  const clean = path.replace(/[?#].*$/, "");
  try {
    return basename(decodeURIComponent(clean).replaceAll("\\", "/"));
  } catch {
    return basename(clean);
  }
}

/** A name without folders, control characters or more length than a file system takes. */
function fileName(data: FileData): string {
  const name = (
    data.orig_name ? basename(data.orig_name.replaceAll("\\", "/")) : nameOf(data.path ?? data.url ?? "")
  ).replace(/\p{Cc}/gu, "");
  return name === "" || name === "." || name === ".." || name.startsWith("data:") ? "file" : name.slice(-150);
}

function withExtension(name: string, type: string | undefined): string {
  if (/\.[A-Za-z0-9]{1,8}$/.test(name) || !type || type === "application/octet-stream") return name;
  const extension = mime.getExtension(type);
  return extension === null ? name : `${name}.${extension}`;
}

/** A stream put together is of its own kind, whatever the segments' names said. */
function streamName(name: string, type: string | undefined): string {
  const extension = type === undefined ? null : mime.getExtension(type);
  return extension === null || extension === "bin" ? name : `${name.replace(/\.\w+$/, "")}.${extension}`;
}
