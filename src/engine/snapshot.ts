import type { GraphDefinition } from "../graph/definition.ts";
import type { ItemRecord, ResultRecord } from "../graph/result.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import type { Scope } from "../store/store.ts";
import type { EngineContext } from "./context.ts";
import type { LiveSheet } from "./live-sheet.ts";

interface Saved {
  readonly scope: Scope;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly variants: Readonly<Record<string, number>>;
  readonly selected: ReadonlyMap<string, ResultRecord>;
}

/** A card is shown without waiting longer than this for what a Space says about itself. */
const PATIENCE_MS = 300;

/** What planning looks at: the sheet as it stands. `late` resolves when it is worth looking again. */
export async function sheetSnapshot(
  context: EngineContext,
  sheet: LiveSheet,
): Promise<{ readonly snapshot: Snapshot; readonly late: Promise<unknown> | undefined }> {
  const { scope, state, selected } = sheet;
  const answers = await context.identities.of(state.variants, PATIENCE_MS);
  const saved = { scope, fields: state.fields, variants: state.variants, selected };
  return { snapshot: makeSnapshot(context, saved, new Map(), answers.identities), late: answers.late };
}

/** What a run looks at: with the finished items of runs that did not come to their end. */
export async function runSnapshot(
  context: EngineContext,
  saved: Saved,
  owner: { readonly sheet: string } | { readonly run: string } | undefined,
  patienceMs?: number,
): Promise<Snapshot> {
  const kept = new Map<string, readonly ItemRecord[]>();
  if (owner !== undefined) {
    const scattered = [...context.definition.nodes.values()].filter((node) => node.scattered);
    await Promise.all(
      scattered.map(async ({ name }) => {
        kept.set(name, await context.store.keptItems(saved.scope, owner, name));
      }),
    );
  }
  const { identities } = await context.identities.of(saved.variants, patienceMs);
  return makeSnapshot(context, saved, kept, identities);
}

function makeSnapshot(
  { store, definition }: EngineContext,
  { scope, fields, variants, selected }: Saved,
  kept: ReadonlyMap<string, readonly ItemRecord[]>,
  identities: ReadonlyMap<string, string>,
): Snapshot {
  return {
    fields: { ...fields },
    variants: { ...variants },
    selected: new Map(selected),
    identities: completed(definition, identities, selected),
    keptItems: (node) => kept.get(node) ?? [],
    cached: (node, fingerprint) => store.findResult(scope, node, fingerprint),
  };
}

/** A node that cannot be asked just now counts as unchanged. */
function completed(
  { nodes }: GraphDefinition,
  identities: ReadonlyMap<string, string>,
  selected: ReadonlyMap<string, ResultRecord>,
): ReadonlyMap<string, string> {
  if (identities.size === nodes.size) return identities;
  const all = new Map(identities);
  for (const node of nodes.keys())
    if (!all.has(node)) all.set(node, selected.get(node)?.identity ?? "unknown");
  return all;
}
