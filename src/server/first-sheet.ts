import type { Engine } from "../engine/engine.ts";
import type { SheetInfo } from "../protocol/view.ts";
import type { Scope } from "../store/store.ts";

/** The sheet that a page without one opens: the first, made when there is none. Pages that come together get the same. */
export function createFirstSheet(engine: Engine, scope: Scope): () => Promise<SheetInfo> {
  let pending: Promise<SheetInfo> | undefined;
  const find = async () => (await engine.sheets(scope))[0] ?? engine.createSheet(scope);
  return () => {
    pending ??= find().finally(() => {
      pending = undefined;
    });
    return pending;
  };
}
