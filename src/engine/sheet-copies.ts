import { DaggrError } from "../base/errors.ts";
import type { ResultRecord } from "../graph/result.ts";
import type { SheetInfo } from "../protocol/view.ts";
import type { SheetPart } from "../store/sheet-parts.ts";
import type { Scope, Store } from "../store/store.ts";
import type { EngineContext } from "./context.ts";
import type { LiveSheet } from "./live-sheet.ts";
import { findSources } from "./select-result.ts";
import { freeSheetName } from "./sheet-names.ts";

/** A sheet with everything that is on another; deleting one leaves the other whole. */
export async function duplicateSheet(
  store: Store,
  scope: Scope,
  sheet: string,
  name?: string,
): Promise<SheetInfo> {
  const content = await store.readSheet(scope, sheet);
  if (content === undefined) throw new DaggrError("SHEET_NOT_FOUND", "This sheet does not exist any more.");
  const { info, ...state } = content.state;
  return store.writeSheet(
    scope,
    { ...state, name: (taken) => freeSheetName(taken, name ?? `${info.name} copy`) },
    content.parts,
  );
}

/**
 * A sheet as it was when a result was made, with this result and those it was made from, and nothing else. Fields that
 * did not go into it keep what they hold now.
 */
export async function sheetFromResult(
  context: EngineContext,
  sheet: LiveSheet,
  node: string,
  result: string,
  name?: string,
): Promise<SheetInfo> {
  const { store, definition } = context;
  const { fields, variants, results } = await findSources(context, sheet, node, result);
  const kept = [...results.values()].filter((each): each is ResultRecord => each !== null);
  const content = await store.readSheet(sheet.scope, sheet.id, { results: kept.map(({ id }) => id) });
  if (content === undefined) throw new DaggrError("SHEET_NOT_FOUND", "This sheet does not exist any more.");
  const { info, positions, viewport, ...state } = content.state;
  const known = Object.entries(fields).filter(([address]) => definition.fields.has(address));
  return store.writeSheet(
    sheet.scope,
    {
      fields: { ...state.fields, ...Object.fromEntries(known) },
      variants: { ...state.variants, ...variants },
      selected: Object.fromEntries(kept.map(({ node, id }) => [node, id])),
      positions,
      viewport,
      name: (taken) => freeSheetName(taken, name ?? `${info.name}, ${node}`),
    },
    onlyFinished(content.parts),
  );
}

/** What else the runs did, and what went wrong in them, stays behind. */
async function* onlyFinished(parts: AsyncIterable<SheetPart>): AsyncGenerator<SheetPart, void, void> {
  for await (const part of parts) {
    yield part.type === "run" ? { type: "run", record: { ...part.record, status: "done", nodes: {} } } : part;
  }
}
