import { createHash } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import mime from "mime";
import { DaggrError } from "../../../src/base/errors.ts";
import type { FileRef, FileSource, FileStore } from "../../../src/base/files.ts";

/** The simplest file store there can be, so that the client is tested without the real one. */
export class FolderFiles implements FileStore {
  readonly folder = mkdtempSync(join(tmpdir(), "daggr-files-"));
  readonly refs = new Map<string, FileRef>();

  async put(source: FileSource, name?: string): Promise<FileRef> {
    const bytes = await read(source);
    const id = createHash("sha256").update(bytes).digest("hex");
    const own = name ?? ("path" in source ? basename(source.path) : "file");
    const ref: FileRef = {
      $daggr: "file",
      id,
      name: own,
      mime: mime.getType(own) ?? "application/octet-stream",
      size: bytes.length,
    };
    await mkdir(join(this.folder, id), { recursive: true });
    await writeFile(join(this.folder, id, own), bytes);
    this.refs.set(id, ref);
    return ref;
  }

  async path(ref: FileRef): Promise<string> {
    const kept = this.refs.get(ref.id);
    if (kept === undefined) throw new DaggrError("FILE_MISSING", `File '${ref.name}' is not kept.`);
    return join(this.folder, ref.id, kept.name);
  }

  async find(id: string): Promise<FileRef | undefined> {
    return this.refs.get(id);
  }

  async text(ref: unknown): Promise<string> {
    return readFile(await this.path(ref as FileRef), "utf8");
  }
}

async function read(source: FileSource): Promise<Buffer> {
  if ("bytes" in source) return Buffer.from(source.bytes);
  if ("path" in source) {
    return readFile(source.path).catch(() => {
      throw new DaggrError("FILE_MISSING", `There is no file '${source.path}'.`);
    });
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
