import type { FileStore } from "../../base/files.ts";
import { refuse } from "../refusal.ts";

/** Bytes that strangers may leave here: each of them, and all together. A Space's disk is everybody's. */
export const STRANGER_BYTES = { each: 1_000_000_000, all: 10_000_000_000 };

/** Counts what strangers bring. What the script's own nodes make does not count. */
export class StrangerQuota {
  readonly #most: typeof STRANGER_BYTES;
  readonly #used = new Map<string, number>();
  #all = 0;

  constructor(most = STRANGER_BYTES) {
    this.#most = most;
  }

  /** Throws `TOO_LARGE`. */
  take(user: string, bytes: number): void {
    const used = (this.#used.get(user) ?? 0) + bytes;
    if (used > this.#most.each || this.#all + bytes > this.#most.all)
      throw refuse("TOO_LARGE", "There is no more room for files of those who have not logged in.");
    this.#used.set(user, used);
    this.#all += bytes;
  }

  forget(user: string): void {
    this.#all -= this.#used.get(user) ?? 0;
    this.#used.delete(user);
  }

  /** The same files; what is put in counts while it comes. */
  files(user: string, files: FileStore): FileStore {
    const take = (bytes: number) => this.take(user, bytes);
    return {
      ...files,
      put(source, name) {
        if ("stream" in source) return files.put({ ...source, stream: counted(source.stream, take) }, name);
        if ("bytes" in source) take(source.bytes.length);
        return files.put(source, name);
      },
    };
  }
}

async function* counted(
  stream: AsyncIterable<Uint8Array>,
  take: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    take(chunk.length);
    yield chunk;
  }
}
