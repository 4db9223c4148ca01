/** What the page of all fields needs of a server: the sample files, and a place for what is dropped on a field. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Plugin } from "vite";
import { files, keep, sampleFiles } from "./mock-files.ts";

/** Answers what concerns files. `false`: the request is somebody else's. */
export async function answerFiles(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const path = new URL(request.url ?? "/", "http://x").pathname;
  if (path === "/dev/files.json") {
    json(response, await sampleFiles());
    return true;
  }
  if (path === "/api/files" && request.method === "POST") {
    const form = await new Request("http://x", {
      method: "POST",
      headers: { "content-type": request.headers["content-type"] ?? "" },
      body: await bodyOf(request),
    }).formData();
    const file = form.get("file") as File;
    json(response, keep(new Uint8Array(await file.arrayBuffer()), file.name, file.type));
    return true;
  }
  const kept = path.startsWith("/files/") ? files.get(path.split("/")[2] ?? "") : undefined;
  if (kept === undefined) return false;
  sendRange(request, response, kept.bytes, kept.ref.mime);
  return true;
}

/** `/dev/fields` of `npm run dev`: every kind of field in every state, without any other server. */
export function fieldsGallery(): Plugin {
  return {
    name: "daggr-fields-gallery",
    apply: "serve",
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (/^\/dev\/fields(\?|$)/.test(request.url ?? ""))
          request.url = request.url!.replace("/dev/fields", "/dev/fields.html");
        // A daggr server that runs beside it keeps its own files: only the gallery's are answered here.
        const isOurs =
          /\/dev\/fields/.test(request.headers.referer ?? "") || request.url === "/dev/files.json";
        if (!isOurs) return next();
        answerFiles(request, response).then((isDone) => isDone || next(), next);
      });
    },
  };
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<BodyInit> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new Blob(chunks as Buffer<ArrayBuffer>[]);
}

/** Players seek, which takes ranges. */
function sendRange(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Uint8Array,
  mime: string,
): void {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
  if (range === null) {
    response
      .writeHead(200, { "content-type": mime, "content-length": bytes.length, "accept-ranges": "bytes" })
      .end(bytes);
    return;
  }
  const from = Number(range[1]);
  const to = range[2] === "" ? bytes.length - 1 : Math.min(Number(range[2]), bytes.length - 1);
  response
    .writeHead(206, {
      "content-type": mime,
      "content-range": `bytes ${from}-${to}/${bytes.length}`,
      "content-length": to - from + 1,
    })
    .end(bytes.subarray(from, to + 1));
}
