import type { IncomingMessage } from "node:http";
import { refuse } from "./refusal.ts";

/** The whole body as text; refuses one that is longer than `limit` bytes without keeping it. */
export function readBody(request: IncomingMessage, limit: number): Promise<string> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > limit) return Promise.reject(tooLarge(limit));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else {
        chunks.length = 0;
        reject(tooLarge(limit));
      }
    });
    request.on("end", () => resolve(textOf(chunks)));
    const onBroken = () => {
      if (!request.readableEnded) reject(refuse("BROKEN_BODY", "The body ended too early."));
    };
    request.on("error", onBroken);
    request.on("close", onBroken);
  });
}

const textOf = (chunks: readonly Buffer[]): string =>
  chunks.length === 1 ? chunks[0]!.toString() : Buffer.concat(chunks).toString();

export function tooLarge(limit: number): Error {
  return refuse("TOO_LARGE", `That is too large: ${Math.floor(limit / 1_000_000)} MB are allowed.`, {
    hint: "Send files to POST /api/files.",
  });
}
