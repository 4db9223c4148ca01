import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

/** One file of the built canvas, as it is sent. */
export interface Page {
  readonly mime: string;
  /** Its name holds a hash of its content. */
  readonly isImmutable: boolean;
  readonly etag: string;
  readonly bytes: Buffer;
  readonly gzipped: Buffer | undefined;
}

export interface Pages {
  /** A file by its path inside the build, with slashes. */
  find(path: string): Promise<Page | undefined>;
}

const MIME: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json",
  map: "application/json",
  webmanifest: "application/manifest+json",
  svg: "image/svg+xml",
  png: "image/png",
  ico: "image/x-icon",
  woff2: "font/woff2",
  wasm: "application/wasm",
  txt: "text/plain; charset=utf-8",
};

const RESCAN_MS = 1_000;

/** The files of a folder. What is asked for is only ever looked up in the list of them, so no path leads out of it. */
export function createPages(root: string | undefined): Pages {
  let names: ReadonlySet<string> = new Set();
  let scannedAt = Number.NEGATIVE_INFINITY;
  const loaded = new Map<string, Promise<Page>>();

  let scanning = Promise.resolve();

  async function isListed(path: string): Promise<boolean> {
    if (names.has(path)) return true;
    if (root === undefined) return false;
    if (performance.now() - scannedAt >= RESCAN_MS) {
      scannedAt = performance.now();
      scanning = scan(root);
    }
    // Whoever asks while the folder is being read waits for that: a page loads several files at once.
    await scanning;
    return names.has(path);
  }

  async function scan(root: string): Promise<void> {
    const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
    names = new Set(
      entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/")),
    );
  }

  return {
    async find(path) {
      if (root === undefined || !(await isListed(path))) return undefined;
      let page = loaded.get(path);
      if (page === undefined) {
        page = load(root, path);
        loaded.set(path, page);
      }
      try {
        return await page;
      } catch {
        loaded.delete(path);
        return undefined;
      }
    },
  };
}

/** The script that the built page starts with; its name holds a hash of the whole build. */
export async function entryScript(root: string): Promise<string | undefined> {
  const html = await readFile(join(root, "index.html"), "utf8").catch(() => "");
  return /<script[^>]* src="[^"]*?(assets\/[^"]+\.js)"/.exec(html)?.[1];
}

async function load(root: string, path: string): Promise<Page> {
  const bytes = await readFile(join(root, path));
  const mime = MIME[path.slice(path.lastIndexOf(".") + 1).toLowerCase()] ?? "application/octet-stream";
  const isText = /^(?:text|image\/svg|application\/(?:json|manifest|wasm))/.test(mime);
  return {
    mime,
    isImmutable: path.startsWith("assets/"),
    etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`,
    bytes,
    gzipped: isText && bytes.length > 1_000 ? await promisify(gzip)(bytes) : undefined,
  };
}
