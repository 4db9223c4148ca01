import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { Busboy, type BusboyInstance } from "@fastify/busboy";
import type { FileRef, FileStore } from "../base/files.ts";
import { tooLarge } from "./read-body.ts";
import { refuse } from "./refusal.ts";

const MOST_FILES = 100;

/** Streams the files of a multipart body into the store. */
export async function receiveFiles(
  request: IncomingMessage,
  files: FileStore,
  limit: number,
): Promise<readonly FileRef[]> {
  return receiveStreams(request, limit, (stream, name) => files.put({ stream }, name));
}

/** Gives each file of a multipart body to `take`. */
export async function receiveStreams<T>(
  request: IncomingMessage,
  limit: number,
  take: (stream: AsyncIterable<Uint8Array>, name: string) => Promise<T>,
): Promise<readonly T[]> {
  if (!/^multipart\/form-data\s*;/i.test(request.headers["content-type"] ?? "")) {
    throw refuse("UNSUPPORTED_TYPE", "Send the file as multipart/form-data.");
  }
  if (Number(request.headers["content-length"] ?? 0) > limit + 1_000_000) throw tooLarge(limit);
  const kept = await new Promise<readonly T[]>((resolve, reject) => {
    const parser = openParser(request, limit);
    const pending: Promise<T>[] = [];
    const fail = (error: unknown) => {
      request.unpipe(parser);
      request.resume();
      reject(error);
    };
    parser.on("file", (_field, stream, name) => {
      const stored = take(checked(stream, limit), safeName(name));
      stored.catch((error) => {
        stream.resume();
        fail(error);
      });
      pending.push(stored);
    });
    parser.on("filesLimit", () => fail(refuse("TOO_LARGE", `At most ${MOST_FILES} files at once.`)));
    parser.on("finish", () => Promise.all(pending).then(resolve, reject));
    parser.on("error", () => fail(refuse("MALFORMED_MULTIPART", "The body is no multipart form.")));
    const broken = () => {
      // Ends the file streams too, so that nothing half-written stays.
      parser.destroy();
      reject(refuse("BROKEN_BODY", "The body ended too early."));
    };
    request.on("aborted", broken);
    request.on("error", broken);
    request.pipe(parser);
  });
  if (kept.length === 0) throw refuse("NO_FILE", "The form holds no file.");
  return kept;
}

function openParser(request: IncomingMessage, limit: number): BusboyInstance {
  const contentType = request.headers["content-type"]!;
  try {
    return new Busboy({
      headers: { ...request.headers, "content-type": contentType },
      limits: {
        fileSize: limit,
        files: MOST_FILES,
        fields: 100,
        fieldSize: 100_000,
        headerPairs: 100,
        parts: 300,
      },
    });
  } catch {
    throw refuse("MALFORMED_MULTIPART", "The body is no multipart form.");
  }
}

/**
 * Fails where the parser cut off, so that the store forgets what it has. The parser may say so before anybody reads:
 * the listener is there from the start, or the error would end the process.
 */
function checked(stream: Readable & { truncated?: boolean }, limit: number): AsyncGenerator<Uint8Array> {
  let error: Error | undefined;
  stream.on("error", (reason: Error) => {
    error = reason;
  });
  return read(stream, limit, () => error);
}

async function* read(
  stream: Readable & { truncated?: boolean },
  limit: number,
  cut: () => Error | undefined,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) yield chunk;
  const error = cut();
  if (error !== undefined) throw error;
  if (stream.truncated === true) throw tooLarge(limit);
}

/** A file name without folders and control characters. */
export function safeName(name: string | undefined): string {
  const last = (name ?? "").toWellFormed().split(/[/\\]/).at(-1)!;
  const clean = last
    .replace(/[\p{Cc}\p{Cf}]/gu, "")
    .trim()
    .slice(-120);
  return /^\.*$/.test(clean) ? "file" : clean;
}
