import type { ItemRecord, ResultRecord } from "../graph/result.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import type { Scope } from "../store/store.ts";
import type { EngineContext } from "./context.ts";
import type { LiveSheet } from "./live-sheet.ts";

const NO_ITEMS: ReadonlyMap<string, ItemRecord> = new Map();

interface Saved {
  readonly scope: Scope;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly variants: Readonly<Record<string, number>>;
  readonly selected: ReadonlyMap<string, ResultRecord>;
}

/** What planning looks at: the sheet as it stands. */
export function sheetSnapshot(context: EngineContext, sheet: LiveSheet): Promise<Snapshot> {
  const { scope, state, selected } = sheet;
  return makeSnapshot(
    context,
    { scope, fields: state.fields, variants: state.variants, selected },
    new Map(),
  );
}

/** What a run looks at: with the finished items of runs that did not come to their end. */
export async function runSnapshot(
  context: EngineContext,
  saved: Saved,
  owner: { readonly sheet: string } | { readonly run: string } | undefined,
): Promise<Snapshot> {
  const kept = new Map<string, ReadonlyMap<string, ItemRecord>>();
  if (owner !== undefined) {
    const scattered = [...context.definition.nodes.values()].filter((node) => node.scattered);
    await Promise.all(
      scattered.map(async ({ name }) => {
        const items = await context.store.keptItems(saved.scope, owner, name);
        kept.set(name, new Map(items.map((item) => [item.fingerprint, item])));
      }),
    );
  }
  return makeSnapshot(context, saved, kept);
}

async function makeSnapshot(
  context: EngineContext,
  { scope, fields, variants, selected }: Saved,
  kept: ReadonlyMap<string, ReadonlyMap<string, ItemRecord>>,
): Promise<Snapshot> {
  const { identities, problems } = await context.identities.of(variants);
  let known = identities;
  if (problems.size > 0) {
    // A node that cannot be asked just now counts as unchanged.
    known = new Map(identities);
    for (const node of problems.keys())
      (known as Map<string, string>).set(node, selected.get(node)?.identity ?? "unknown");
  }
  return {
    fields: { ...fields },
    variants: { ...variants },
    selected: new Map(selected),
    identities: known,
    keptItems: (node) => kept.get(node) ?? NO_ITEMS,
    cached: (node, fingerprint) => context.store.findResult(scope, node, fingerprint),
  };
}
