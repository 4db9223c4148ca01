/** A file as it will lie in the Space's repository. */
export interface BundleFile {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly content: Uint8Array;
  /** Why it is there, in a few words. */
  readonly why: string;
}

export function textFile(path: string, text: string, why: string): BundleFile {
  return { path, content: Buffer.from(text), why };
}

export function textOf(file: BundleFile): string {
  return Buffer.from(file.content.buffer, file.content.byteOffset, file.content.byteLength).toString("utf8");
}
