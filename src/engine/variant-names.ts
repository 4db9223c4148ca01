import { type GraphDefinition, isChoice } from "../graph/definition.ts";
import type { ItemRecord, ResultRecord } from "../graph/result.ts";
import type { SheetPart } from "../store/sheet-parts.ts";
import type { Batch, RunRecord, SheetState } from "../store/store.ts";

type Values = Readonly<Record<string, unknown>>;
type Variants = Readonly<Record<string, number>>;
type State = Pick<SheetState, "fields" | "variants">;

/** Where a saved record names the chosen variant; daggr's own name for it. */
const SELECTED = "___selected_variant";

/**
 * What is saved and what the rest works with, into each other. What is saved already passes through `kept…`, and what
 * belongs to a variant that the script does not have just now stays as it is saved: like any input that is gone.
 */
export class VariantNames {
  readonly #definition: GraphDefinition;
  /** By choice, the names of its variants, each once. */
  readonly #choices = new Map<string, readonly string[]>();
  /** By choice, its inputs. */
  readonly #ports = new Map<string, Renaming>();
  readonly #fields = new Renaming();
  /** By address (with an index), whose it is. */
  readonly #choiceOf = new Map<string, string>();

  private constructor(definition: GraphDefinition) {
    this.#definition = definition;
    for (const node of definition.nodes.values()) {
      const { name, variants, inputs } = node;
      if (variants.length === 0) continue;
      const names = uniqueNames(variants.map((variant) => variant.name));
      const ports = new Renaming();
      for (const port of inputs.keys()) {
        const [, index, parameter] = /^variant_(\d+)_(.*)$/s.exec(port) ?? [];
        const variant = names[Number(index)];
        if (variant === undefined) continue;
        const kept = `variant ${JSON.stringify(variant)} ${parameter}`;
        ports.add(port, kept);
        this.#fields.add(`${name}__${port}`, `${name}__${kept}`);
        this.#choiceOf.set(`${name}__${port}`, name);
      }
      // Of those that are tried in their order none is chosen.
      this.#choices.set(name, isChoice(node) ? names : []);
      this.#ports.set(name, ports);
    }
  }

  /** `undefined` for a graph without choices. */
  static of(definition: GraphDefinition): VariantNames | undefined {
    const names = new VariantNames(definition);
    return names.#choices.size === 0 ? undefined : names;
  }

  /** Fields as they are saved. One that several variants share is saved for each of them. */
  kept(fields: Values, variants: Variants = {}): Record<string, unknown> {
    const kept: Record<string, unknown> = {};
    for (const [address, value] of Object.entries(fields)) {
      kept[this.#fields.kept(address)] = value;
      for (const alias of this.#definition.fields.get(address)?.aliases ?? [])
        if (this.#choiceOf.has(alias)) kept[this.#fields.kept(alias)] = value;
    }
    for (const [choice, index] of Object.entries(variants)) {
      const name = this.#choices.get(choice)?.[index];
      if (name !== undefined) kept[choice + SELECTED] = name;
    }
    return kept;
  }

  /** What an earlier version has saved by index, by name. */
  unnamed({ fields, variants }: State): Record<string, unknown> {
    const isOld = (choice: string) => !(choice + SELECTED in fields);
    const indexed: Record<string, unknown> = {};
    const chosen: Record<string, number> = {};
    for (const [choice, index] of Object.entries(variants)) if (isOld(choice)) chosen[choice] = index;
    for (const [address, value] of Object.entries(fields)) {
      const choice = this.#choiceOf.get(address);
      if (choice === undefined || !isOld(choice)) continue;
      indexed[address] = value;
      chosen[choice] ??= 0;
    }
    return this.kept(indexed, chosen);
  }

  sheet<T extends State>(saved: T): T {
    const variants: Record<string, number> = { ...saved.variants };
    for (const choice of this.#choices.keys()) {
      const index = this.#chosen(choice, saved.fields);
      if (index !== undefined) variants[choice] = index;
      if (variants[choice] === -1) delete variants[choice];
    }
    return { ...saved, fields: this.#live(saved.fields), variants };
  }

  keptRun<T extends Pick<RunRecord, "fields" | "variants">>(run: T): T {
    return { ...run, fields: this.kept(run.fields, run.variants) };
  }

  run<T extends Pick<RunRecord, "fields" | "variants">>(run: T): T {
    return this.sheet(run);
  }

  result<T extends ResultRecord>(saved: T): T {
    const ports = this.#ports.get(saved.node);
    const index = this.#chosen(saved.node, saved.fields);
    const none = this.#choices.get(saved.node)?.length ?? 0;
    return {
      ...saved,
      fields: this.#live(saved.fields),
      ...(index === undefined ? {} : { variant: index === -1 ? none : index }),
      ...(ports === undefined
        ? {}
        : {
            inputs: renamed(saved.inputs, ports.live),
            inputHashes: renamed(saved.inputHashes, ports.live),
            drawn: renamed(saved.drawn, ports.live),
            items: saved.items?.map((item) => this.item(saved.node, item)) ?? null,
          }),
    };
  }

  item(node: string, item: ItemRecord): ItemRecord {
    const ports = this.#ports.get(node);
    return ports === undefined ? item : { ...item, drawn: renamed(item.drawn, ports.live) };
  }

  batch({ results, items, ...batch }: Batch): Batch {
    return {
      ...batch,
      ...(results === undefined
        ? {}
        : {
            results: results.map((each) => ({
              ...each,
              record: {
                ...this.#keptResult(each.record),
                items: each.record.items?.map((item) => this.#keptItem(each.record.node, item)) ?? null,
              },
            })),
          }),
      ...(items === undefined
        ? {}
        : { items: items.map((each) => ({ ...each, record: this.#keptItem(each.node, each.record) })) }),
    };
  }

  async *keptParts(parts: AsyncIterable<SheetPart>): AsyncGenerator<SheetPart, void, void> {
    for await (const part of parts) {
      if (part.type === "run") yield { type: "run", record: this.keptRun(part.record) };
      else if (part.type === "result") yield { type: "result", record: this.#keptResult(part.record) };
      else yield { type: "item", record: this.#keptItem(part.record.node, part.record) };
    }
  }

  #keptResult<T extends Omit<ResultRecord, "outputs" | "items">>(record: T): T {
    const { node, variant, fields } = record;
    const ports = this.#ports.get(node);
    const isNamed = node + SELECTED in fields;
    return {
      ...record,
      fields: this.kept(fields, isNamed || ports === undefined ? {} : { [node]: variant }),
      ...(ports === undefined || isNamed
        ? {}
        : {
            inputs: renamed(record.inputs, ports.kept),
            inputHashes: renamed(record.inputHashes, ports.kept),
            drawn: renamed(record.drawn, ports.kept),
          }),
    };
  }

  #keptItem<T extends Pick<ItemRecord, "drawn">>(node: string, item: T): T {
    const ports = this.#ports.get(node);
    return ports === undefined ? item : { ...item, drawn: renamed(item.drawn, ports.kept) };
  }

  /** The index of the variant that is named, -1 when the script has none of that name, `undefined` when none is named. */
  #chosen(choice: string, fields: Values): number | undefined {
    const name = fields[choice + SELECTED];
    return typeof name === "string" ? this.#choices.get(choice)?.indexOf(name) : undefined;
  }

  /** Fields as the rest knows them. What stands under an index is of an earlier version, and counts where nothing is named. */
  #live(fields: Values): Record<string, unknown> {
    const live: Record<string, unknown> = {};
    for (const [address, value] of Object.entries(fields)) {
      const choice = this.#choiceOf.get(address);
      if (choice !== undefined && choice + SELECTED in fields) continue;
      const known = this.#fields.live(address);
      live[this.#definition.aliases.get(known) ?? known] = value;
    }
    for (const choice of this.#choices.keys())
      if (this.#chosen(choice, fields) !== -1) delete live[choice + SELECTED];
    return live;
  }
}

/** Two names for one thing, of which either leads to the other. */
class Renaming {
  readonly #kept = new Map<string, string>();
  readonly #live = new Map<string, string>();

  add(live: string, kept: string): void {
    this.#kept.set(live, kept);
    this.#live.set(kept, live);
  }

  kept = (live: string): string => this.#kept.get(live) ?? live;
  live = (kept: string): string => this.#live.get(kept) ?? kept;
}

function renamed<T>(
  values: Readonly<Record<string, T>>,
  rename: (name: string) => string,
): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [rename(name), value]));
}

/** Variants may have the same name: further ones are counted. */
function uniqueNames(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}
