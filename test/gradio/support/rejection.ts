import type { DaggrError } from "../../../src/base/errors.ts";

/** What the work was rejected with; fails when it was not. */
export async function rejection<E extends DaggrError = DaggrError>(work: Promise<unknown>): Promise<E> {
  return work.then(
    () => Promise.reject(new Error("did not reject")),
    (error) => error,
  );
}
