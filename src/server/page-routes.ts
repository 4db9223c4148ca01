import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type App, type Request, type RouteContext, send } from "./context.ts";
import { createPages, type Page } from "./pages.ts";
import { requestPath } from "./request-path.ts";
import { SCRIPT_FRAME, scriptFramePolicy } from "./script-frame.ts";
import { type ThemeOption, themeCss } from "./theme.ts";
import { refuseUnknown } from "./unknown-route.ts";

export interface PageOptions {
  /** The folder of the built canvas. */
  readonly webRoot: string | undefined;
  readonly theme: ThemeOption | undefined;
  /** Pages that may show the canvas in a frame. */
  readonly frameAncestors: string;
}

/** The canvas: `/` and `/app` are one page, everything else is a file of the build. */
export function addPageRoutes(app: App, routes: RouteContext, options: PageOptions): void {
  const pages = createPages(options.webRoot);
  const policy = pagePolicy(options.frameAncestors);
  app.get("/theme.css", (request) => {
    request.env.outgoing.setHeader("cache-control", "no-cache");
    return send(request, themeCss(options.theme), "text/css; charset=utf-8");
  });
  app.get("/frame", (request) => {
    const { outgoing } = request.env;
    outgoing.setHeader("content-security-policy", scriptFramePolicy(options.frameAncestors));
    outgoing.setHeader("permissions-policy", NO_PERMISSIONS);
    outgoing.setHeader("x-dns-prefetch-control", "off");
    outgoing.setHeader("cache-control", "no-cache");
    return send(request, SCRIPT_FRAME, "text/html; charset=utf-8");
  });
  const sendPolicy = ({ env: { outgoing } }: Request) => {
    outgoing.setHeader("content-security-policy", policy);
    outgoing.setHeader("permissions-policy", PERMISSIONS);
  };
  const index = async (request: Request) => {
    // Whoever is new gets the cookie with the page, before anything else is asked for.
    await routes.of(request);
    const page = (await pages.find("index.html")) ?? placeholder;
    sendPolicy(request);
    return sendPage(request, page);
  };
  app.get("/", index);
  app.get("/app", index);
  app.get("/*", async (request) => {
    const segments = requestPath(request.env.incoming.url) ?? [];
    const page = isApi(segments[0]) ? undefined : await pages.find(segments.join("/"));
    if (page === undefined) throw refuseUnknown(app, request);
    if (page.mime.startsWith("text/html")) sendPolicy(request);
    return sendPage(request, page);
  });
}

const isApi = (first: string | undefined): boolean => first === "api" || first === "files" || first === "ws";

const placeholder: Page = {
  mime: "text/html; charset=utf-8",
  isImmutable: false,
  etag: '"none"',
  bytes: Buffer.from("<!doctype html><title>daggr</title><p>The canvas is not built. Run: npm run build</p>"),
  gzipped: undefined,
};

function sendPage(request: Request, page: Page): Response {
  const { incoming, outgoing } = request.env;
  const isZipped = page.gzipped !== undefined && /\bgzip\b/.test(incoming.headers["accept-encoding"] ?? "");
  const body = isZipped ? page.gzipped! : page.bytes;
  const headers: Record<string, string | number> = {
    "content-type": page.mime,
    "cache-control": page.isImmutable ? "public, max-age=31536000, immutable" : "no-cache",
    etag: page.etag,
    vary: "accept-encoding",
  };
  if (incoming.headers["if-none-match"] === page.etag) {
    outgoing.writeHead(304, headers).end();
    return RESPONSE_ALREADY_SENT;
  }
  if (isZipped) headers["content-encoding"] = "gzip";
  headers["content-length"] = body.length;
  outgoing.writeHead(200, headers);
  outgoing.end(incoming.method === "HEAD" ? undefined : body);
  return RESPONSE_ALREADY_SENT;
}

/** What fields record with is for the page itself, not for what it shows in a frame. */
const PERMISSIONS =
  "camera=(self), microphone=(self), clipboard-read=(self), clipboard-write=(self), fullscreen=(self), geolocation=(), payment=(), usb=()";

const NO_PERMISSIONS =
  "camera=(), microphone=(), clipboard-read=(), clipboard-write=(), fullscreen=(), geolocation=(), payment=(), usb=()";

/** Our own files and nothing else; `unsafe-inline` for styles only, which components set on elements. */
export function pagePolicy(frameAncestors: string): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self' blob: data:",
    "frame-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${frameAncestors}`,
  ].join("; ");
}
