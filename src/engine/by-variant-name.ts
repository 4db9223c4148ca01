import type { GraphDefinition } from "../graph/definition.ts";
import type { Store } from "../store/store.ts";
import { VariantNames } from "./variant-names.ts";

/**
 * The same store, for a graph with choices: outside of it a variant's inputs are called `variant_{index}_{input}`, as
 * daggr's API has them, and the chosen variant is an index; what is saved names the variant (`variant "loud" text`).
 * So a script may put variants in another order, or leave one out and take it in again, and each keeps its own values.
 *
 * What an earlier version saved by index means the order of the script that reads it first, and is saved by name then.
 */
export function byVariantName(definition: GraphDefinition, store: Store): Store {
  const names = VariantNames.of(definition);
  if (names === undefined) return store;
  const changed: Partial<Store> = {
    async loadSheet(scope, sheet) {
      const saved = await store.loadSheet(scope, sheet);
      if (saved === undefined) return undefined;
      const unnamed = names.unnamed(saved);
      if (Object.keys(unnamed).length > 0) await store.setFields(scope, sheet, unnamed);
      return names.sheet(saved);
    },
    async readSheet(scope, sheet, only) {
      const content = await store.readSheet(scope, sheet, only);
      return content && { ...content, state: names.sheet(content.state) };
    },
    setFields: (scope, sheet, fields) => store.setFields(scope, sheet, names.kept(fields)),
    async setVariant(scope, sheet, node, variant) {
      const named = names.kept({}, { [node]: variant });
      await Promise.all([
        store.setVariant(scope, sheet, node, variant),
        store.setFields(scope, sheet, named),
      ]);
    },
    commit: (scope, batch) => store.commit(scope, names.batch(batch)),
    createRun: (scope, run) => store.createRun(scope, names.keptRun(run)),
    async run(scope, id) {
      const run = await store.run(scope, id);
      return run && names.run(run);
    },
    listRuns: async (scope, page) => (await store.listRuns(scope, page)).map((run) => names.run(run)),
    waitingRuns: async (scope, sheet) => (await store.waitingRuns(scope, sheet)).map((run) => names.run(run)),
    async result(scope, id) {
      const result = await store.result(scope, id);
      return result && names.result(result);
    },
    async history(scope, sheet, node, page) {
      const found = await store.history(scope, sheet, node, page);
      return { ...found, results: found.results.map((result) => names.result(result)) };
    },
    madeFrom: async (scope, sheet, node, upstream) =>
      (await store.madeFrom(scope, sheet, node, upstream)).map((result) => names.result(result)),
    async findResult(scope, node, fingerprint) {
      const result = await store.findResult(scope, node, fingerprint);
      return result && names.result(result);
    },
    keptItems: async (scope, owner, node) =>
      (await store.keptItems(scope, owner, node)).map((item) => names.item(node, item)),
    writeSheet: (scope, sheet, parts) =>
      store.writeSheet(
        scope,
        { ...sheet, fields: names.kept(sheet.fields, sheet.variants) },
        names.keptParts(parts),
      ),
  };
  return new Proxy(store, {
    get(target, key) {
      if (Object.hasOwn(changed, key)) return changed[key as keyof Store];
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
