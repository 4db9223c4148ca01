import type { FileStore } from "../base/files.ts";
import type { Scope, Store } from "./store.ts";

/** The files of one user: what is put in is theirs, and others' files are as good as not there. */
export function ownedFiles(store: Store, scope: Scope): FileStore {
  const { files } = store;
  return {
    async put(source, name) {
      const ref = await files.put(source, name);
      await store.ownFile(scope, ref.id);
      return ref;
    },
    path: (ref) => files.path(ref),
    find: async (id) => ((await store.ownsFile(scope, id)) ? files.find(id) : undefined),
  };
}
