import { type FileRef, type FileStore, fileRefsIn } from "../base/files.ts";

const MOST = 10_000;

/** The files that whoever asks may see. */
export interface ShownFiles {
  /** Remembers the files of a value that is being told and kept by no one yet: a partial output. */
  note(value: unknown): void;
  /** A file of theirs, or one that they were just told of. */
  find(id: string): Promise<FileRef | undefined>;
}

export function createShownFiles(own: FileStore, all: FileStore): ShownFiles {
  const told = new Set<string>();
  return {
    note(value) {
      for (const { id } of fileRefsIn(value)) {
        told.delete(id);
        told.add(id);
      }
      for (const id of told) {
        if (told.size <= MOST) break;
        told.delete(id);
      }
    },
    find: async (id) => (await own.find(id)) ?? (told.has(id) ? all.find(id) : undefined),
  };
}
