import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { describe } from "../base/errors.ts";
import { fileUrl, THUMBNAIL_WIDTHS, type ThumbnailWidth } from "../protocol/values.ts";
import { type App, answer, type Request, type RouteContext, type ServerContext } from "./context.ts";
import { contentType, dispositionOf, FILE_POLICY } from "./file-types.ts";
import { parseRange } from "./range.ts";
import { refuse } from "./refusal.ts";

/** Files go in by multipart and come out by id; a path never leads to one. */
export function addFileRoutes(app: App, routes: RouteContext): void {
  app.post("/api/files", async (request) => {
    const context = await routes.of(request);
    const { receiveFiles } = await import("./upload.ts");
    const refs = await receiveFiles(request.env.incoming, context.files, context.limits.uploadBytes);
    const files = refs.map((ref) => ({
      id: ref.id,
      name: ref.name,
      mime: ref.mime,
      size: ref.size,
      url: fileUrl(ref),
    }));
    return answer(request, { ...files[0], files }, 201);
  });
  app.get("/files/:id/:name", async (request) => sendFile(request, await routes.of(request)));
}

async function sendFile(request: Request, context: ServerContext): Promise<Response> {
  const { engine, shown } = context;
  const { incoming, outgoing } = request.env;
  const id = request.req.param("id") ?? "";
  const name = request.req.param("name") ?? "";
  const width = widthOf(request.req.query("thumb"));
  const ref = /^[0-9a-f]{64}$/.test(id) ? await shown.find(id) : undefined;
  if (ref === undefined) throw refuse("FILE_NOT_FOUND", "There is no such file.");
  const thumbnail = width === undefined ? undefined : await context.thumbnails.find(ref, width);
  const path = thumbnail ?? (await engine.store.files.path(ref));
  const { size } = await stat(path);
  const type = thumbnail === undefined ? contentType(name) : contentType(".webp");
  const headers: Record<string, string | number> = {
    "content-type": type.mime,
    "content-disposition": dispositionOf(thumbnail === undefined ? name : `${name}.webp`, type),
    "content-security-policy": FILE_POLICY,
    "cache-control": "private, max-age=31536000, immutable",
    "accept-ranges": "bytes",
    etag: thumbnail === undefined ? `"${id}"` : `"${id}-${width}"`,
  };
  if (incoming.headers["if-none-match"] === headers.etag) {
    outgoing.writeHead(304, headers).end();
    return RESPONSE_ALREADY_SENT;
  }
  const isWhole = incoming.headers["if-range"] !== undefined && incoming.headers["if-range"] !== headers.etag;
  const range = isWhole ? undefined : parseRange(incoming.headers.range, size);
  if (range === "unsatisfiable") {
    outgoing.setHeader("content-range", `bytes */${size}`);
    throw refuse("RANGE_NOT_SATISFIABLE", `The file has ${size} bytes.`);
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  if (range !== undefined) headers["content-range"] = `bytes ${start}-${end}/${size}`;
  headers["content-length"] = end - start + 1;
  outgoing.writeHead(range === undefined ? 200 : 206, headers);
  if (incoming.method === "HEAD" || size === 0) outgoing.end();
  // Who leaves in the middle of a download is no error.
  else await pipeline(createReadStream(path, { start, end }), outgoing).catch(() => outgoing.destroy());
  return RESPONSE_ALREADY_SENT;
}

function widthOf(asked: string | undefined): ThumbnailWidth | undefined {
  if (asked === undefined) return undefined;
  const width = THUMBNAIL_WIDTHS.find((each) => String(each) === asked);
  if (width !== undefined) return width;
  const widths = THUMBNAIL_WIDTHS.join(", ").replace(/, (?=\d+$)/, " or ");
  throw refuse("INVALID_THUMBNAIL", `A thumbnail is ${widths} pixels wide, got ${describe(asked)}.`);
}
