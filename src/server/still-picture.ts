import { type FileHandle, open } from "node:fs/promises";

/** Chunks before the pixels of a PNG: more is no picture of this world. */
const MOST_CHUNKS = 1_000;

const startsWith = (bytes: Buffer, text: string, at = 0): boolean =>
  bytes.toString("latin1", at, at + text.length) === text;

/**
 * Whether a file is a picture that may be read and loses nothing when it stands still: by its first bytes, as its name
 * is a stranger's word. SVG and everything else that a picture library would open is none.
 */
export async function isStillPicture(path: string): Promise<boolean> {
  const file = await open(path, "r");
  try {
    const head = await read(file, 0, 16);
    if (startsWith(head, "\x89PNG\r\n\x1a\n")) return !(await isAnimatedPng(file));
    if (startsWith(head, "\xff\xd8\xff")) return true;
    if (startsWith(head, "RIFF") && startsWith(head, "WEBP", 8)) return true;
    if (startsWith(head, "GIF8")) return true;
    return startsWith(head, "ftypavif", 4);
  } finally {
    await file.close();
  }
}

async function read(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}

/** A chunk before the pixels says so; the library shows the first frame alone and does not tell. */
async function isAnimatedPng(file: FileHandle): Promise<boolean> {
  let at = 8;
  for (let chunk = 0; chunk < MOST_CHUNKS; chunk++) {
    const head = await read(file, at, 8);
    if (head.length < 8 || startsWith(head, "IDAT", 4)) return false;
    if (startsWith(head, "acTL", 4)) return true;
    at += 12 + head.readUInt32BE(0);
  }
  return false;
}
