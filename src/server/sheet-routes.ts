import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { DaggrError } from "../base/errors.ts";
import { type App, answer, type Request, type RouteContext, type ServerContext } from "./context.ts";
import { dispositionOf } from "./file-types.ts";
import { tooLarge } from "./read-body.ts";
import { refuse } from "./refusal.ts";

const ZIP = { mime: "application/zip", isShown: false };

/** Sheets as files: one goes out, one comes in. */
export function addSheetRoutes(app: App, routes: RouteContext): void {
  app.get("/api/sheets", async (request) => {
    const { engine, scope } = await routes.of(request);
    return answer(request, { sheets: await engine.sheets(scope) });
  });
  app.get("/api/sheets/:id/export", async (request) => sendSheet(request, await routes.of(request)));
  app.post("/api/sheets/import", async (request) => {
    const { engine, scope, limits, visitor } = await routes.of(request);
    const folder = await mkdtemp(join(tmpdir(), "daggr-import-"));
    try {
      const file = join(folder, "sheet.zip");
      await receive(request.env.incoming, file, limits.importBytes);
      const { nesting, importBytes: bytes } = limits;
      const name = nameIn(request);
      const imported = await engine.importSheet(scope, file, {
        limits: { bytes, nesting },
        onSize: visitor.take,
        ...(name === undefined ? {} : { name }),
      });
      return answer(request, imported, 201);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

async function sendSheet(request: Request, { engine, scope }: ServerContext): Promise<Response> {
  const { incoming, outgoing } = request.env;
  const { name, stream } = await engine.exportSheet(scope, request.req.param("id") ?? "");
  outgoing.writeHead(200, {
    "content-type": ZIP.mime,
    "content-disposition": dispositionOf(name, ZIP),
    "cache-control": "no-store",
  });
  if (incoming.method === "HEAD") {
    stream.destroy();
    outgoing.end();
  }
  // Who leaves in the middle is no error, and half a file must not look like a whole one.
  else await pipeline(stream, outgoing).catch(() => outgoing.destroy());
  return RESPONSE_ALREADY_SENT;
}

/** The body as it is, or the only file of a form. */
async function receive(request: IncomingMessage, file: string, limit: number): Promise<void> {
  if (/^multipart\/form-data\s*;/i.test(request.headers["content-type"] ?? "")) {
    const { receiveStreams } = await import("./upload.ts");
    let count = 0;
    await receiveStreams(request, limit, async (stream) => {
      count += 1;
      if (count > 1) throw refuse("TOO_LARGE", "One sheet at a time.");
      await pipeline(stream, createWriteStream(file));
    });
    return;
  }
  if (Number(request.headers["content-length"] ?? 0) > limit) throw tooLarge(limit);
  let size = 0;
  async function* counted() {
    // What is too much is read to its end and thrown away, or the refusal would get lost with the connection.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      yield chunk;
    }
  }
  try {
    await pipeline(counted, createWriteStream(file));
  } catch (error) {
    request.resume();
    if (error instanceof DaggrError || request.readableEnded) throw error;
    throw refuse("BROKEN_BODY", "The body ended too early.");
  }
  if (size === 0) throw refuse("NO_FILE", "The body is empty: send the bytes of a .daggr.zip file.");
}

function nameIn(request: Request): string | undefined {
  const name = request.req.query("name")?.trim();
  if (name === undefined || name === "") return undefined;
  if (name.length > 200) throw refuse("INVALID_SHEET", "A sheet's name has 200 letters at most.");
  return name;
}
