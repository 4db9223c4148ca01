import type { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import type { Entry, ZipFile } from "yauzl";
import { DaggrError } from "../../base/errors.ts";
import { FILE_ENTRY, ITEMS, RESULTS, RUNS, SHEET } from "./format.ts";

export interface ArchiveLimits {
  /** Bytes of everything in it, unpacked. */
  readonly bytes: number;
  /** Lists and objects inside each other. */
  readonly nesting: number;
}

/** How many files a sheet has at most. */
const MOST_ENTRIES = 100_000;
/** Bytes of one record. */
const LONGEST_LINE = 50_000_000;

export function invalid(message: string): DaggrError {
  return new DaggrError("SHEET_FILE_INVALID", message);
}

/** A zip that a stranger sent: its list of entries is checked before anything is unpacked. */
export class Archive {
  readonly #zip: ZipFile;
  readonly #records = new Map<string, Entry>();
  readonly #files = new Map<string, Entry>();
  #size = 0;

  private constructor(zip: ZipFile) {
    this.#zip = zip;
  }

  /** Throws `SHEET_FILE_INVALID` and `TOO_LARGE`. */
  static async open(path: string, limits: ArchiveLimits): Promise<Archive> {
    const { openPromise } = await import("yauzl");
    let zip: ZipFile;
    try {
      zip = await openPromise(path, { autoClose: false, strictFileNames: true });
    } catch (error) {
      throw invalid(`This is no whole zip file (${(error as Error).message}).`);
    }
    const archive = new Archive(zip);
    try {
      await archive.#readEntries(limits);
      return archive;
    } catch (error) {
      zip.close();
      throw error instanceof DaggrError
        ? error
        : invalid(`The zip file is damaged (${(error as Error).message}).`);
    }
  }

  /** Bytes that it unpacks to. */
  get size(): number {
    return this.#size;
  }

  /** Bytes of a file, by id; `undefined` when it is not in here. */
  sizeOf(file: string): number | undefined {
    return this.#files.get(file)?.uncompressedSize;
  }

  async file(id: string): Promise<Readable> {
    const entry = this.#files.get(id);
    if (entry === undefined) throw invalid(`The file ${id} is missing.`);
    return this.#zip.openReadStreamPromise(entry);
  }

  async text(name: string): Promise<string> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.#bytes(name)) chunks.push(chunk);
    return decode(Buffer.concat(chunks), name);
  }

  /** Lines of a file, none when there is no such file. */
  async *lines(name: string): AsyncGenerator<string, void, void> {
    if (!this.#records.has(name)) return;
    let open: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.#bytes(name)) {
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        yield decode(Buffer.concat([...open, chunk.subarray(from, at)]), name);
        open = [];
        size = 0;
        from = at + 1;
      }
      if (from === chunk.length) continue;
      open.push(chunk.subarray(from));
      size += chunk.length - from;
      if (size > LONGEST_LINE) throw new DaggrError("TOO_LARGE", `A record in '${name}' is too long.`);
    }
    if (size > 0) throw invalid(`'${name}' ends in the middle of a record.`);
  }

  close(): void {
    this.#zip.close();
  }

  async #readEntries({ bytes }: ArchiveLimits): Promise<void> {
    let total = 0;
    let count = 0;
    for await (const entry of this.#zip.eachEntry()) {
      count += 1;
      total += entry.uncompressedSize;
      if (count > MOST_ENTRIES || total > bytes) {
        const megabytes = Math.floor(bytes / 1_000_000);
        throw new DaggrError(
          "TOO_LARGE",
          `The sheet unpacks to more than ${megabytes} MB or ${MOST_ENTRIES} files.`,
        );
      }
      if (entry.isEncrypted()) throw invalid("The zip file asks for a password.");
      if (!entry.canDecodeFileData())
        throw invalid(`'${entry.fileName}' is packed in a way that is not known.`);
      this.#add(entry);
    }
    this.#size = total;
    if (!this.#records.has(SHEET)) throw invalid(`The zip file holds no ${SHEET}: it is no sheet of daggr.`);
  }

  #add(entry: Entry): void {
    const { fileName } = entry;
    const file = FILE_ENTRY.exec(fileName)?.[1];
    const isRecord = [SHEET, RUNS, RESULTS, ITEMS].includes(fileName);
    if (file === undefined && !isRecord) {
      if (fileName === "files/") return;
      throw invalid(`The zip file holds '${fileName.slice(0, 100)}', which is no part of a sheet.`);
    }
    const [entries, key] = file === undefined ? [this.#records, fileName] : [this.#files, file];
    if (entries.has(key)) throw invalid(`The zip file holds '${fileName}' twice.`);
    entries.set(key, entry);
  }

  async *#bytes(name: string): AsyncGenerator<Buffer, void, void> {
    const entry = this.#records.get(name);
    if (entry === undefined) throw invalid(`'${name}' is missing.`);
    let sum = 0;
    try {
      for await (const chunk of (await this.#zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
        sum = crc32(chunk, sum);
        yield chunk;
      }
    } catch (error) {
      throw error instanceof DaggrError
        ? error
        : invalid(`'${name}' is damaged (${(error as Error).message}).`);
    }
    if (sum !== entry.crc32) throw invalid(`'${name}' is damaged: its check sum is wrong.`);
  }
}

function decode(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw invalid(`'${name}' is no text.`);
  }
}
