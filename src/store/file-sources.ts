import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { DaggrError } from "../base/errors.ts";
import type { FileSource } from "../base/files.ts";

/** The content of a file to be, piece by piece. Throws `FILE_MISSING` when a path leads to no file. */
export async function* readSource(source: FileSource): AsyncIterable<Uint8Array> {
  if ("bytes" in source) yield source.bytes;
  else if ("stream" in source) yield* source.stream;
  else {
    const info = await stat(source.path).catch(() => undefined);
    if (!info?.isFile()) {
      const what = info === undefined ? "does not exist" : "is not a file";
      throw new DaggrError("FILE_MISSING", `'${source.path}' ${what}.`);
    }
    yield* createReadStream(source.path) as AsyncIterable<Uint8Array>;
  }
}
