import { DaggrError } from "../base/errors.ts";
import {
  type CheckedDependencies,
  checkDependencies,
  type Dependency,
  type Unasked,
} from "../clients/upstream/check.ts";
import { UpstreamRecord, upstreamKey } from "../clients/upstream/record.ts";
import type { UpstreamState } from "../clients/upstream/state.ts";
import { changeInShort, shortCommit } from "../clients/upstream/words.ts";
import type { GraphDefinition } from "../graph/definition.ts";
import type { UpstreamChange, UpstreamChoice } from "../protocol/upstream.ts";
import type { DependencyCheck } from "./dependency-check.ts";

/** The Spaces and models of a graph that may change, each once. What is pinned cannot. */
export function dependenciesOf(definition: GraphDefinition): Dependency[] {
  const found = new Map<string, Dependency & { nodes: string[]; endpoints: (string | null)[] }>();
  for (const node of definition.nodes.values()) {
    for (const { behaviour } of node.variants.length === 0 ? [node] : node.variants) {
      const { upstream } = behaviour;
      if (upstream === undefined || upstream.revision !== undefined) continue;
      const { kind, id, token, canPin, endpoint = null } = upstream;
      const key = upstreamKey(kind, id);
      const one = found.get(key) ?? { kind, id, token, canPin, nodes: [], endpoints: [] };
      found.set(key, one);
      if (!one.nodes.includes(node.name)) one.nodes.push(node.name);
      one.endpoints.push(endpoint);
    }
  }
  return [...found.values()];
}

export interface DeskOptions {
  /** The database that the record stands beside. */
  readonly dbPath?: string | undefined;
  /** Changes not to be told of, as `space ada/echo`. */
  readonly ignored?: readonly string[] | undefined;
}

/** Watches what a graph depends on for one start: what changed, and what was decided about it. */
export class UpstreamDesk {
  readonly dependencies: readonly Dependency[];
  readonly #record: UpstreamRecord;
  #changed: CheckedDependencies["changed"] = [];
  #unasked: readonly Unasked[] = [];
  #states: CheckedDependencies["states"] = new Map();
  readonly #ignored: Set<string>;

  constructor(definition: GraphDefinition, options: DeskOptions = {}) {
    this.dependencies = dependenciesOf(definition);
    // A graph that saves nothing leaves no file behind; one that is there counts.
    this.#record = new UpstreamRecord({
      dbPath: options.dbPath,
      mayCreate: definition.persistKey !== false,
    });
    this.#ignored = new Set(options.ignored);
  }

  /** What nobody has decided about. */
  get changes(): readonly UpstreamChange[] {
    return this.#changed
      .map(({ change }) => change)
      .filter(({ kind, id }) => !this.#ignored.has(upstreamKey(kind, id)));
  }

  /** What the Hub did not tell about: the last known state counts. */
  get unasked(): readonly Unasked[] {
    return this.#unasked;
  }

  /** How each of them stands, in words. */
  get states(): { readonly kind: string; readonly id: string; readonly words: string }[] {
    return this.dependencies
      .map(({ kind, id }) => ({ kind, id, words: this.#stateOf(upstreamKey(kind, id)) }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  #stateOf(key: string): string {
    const now = this.#states.get(key);
    const change = this.#changed.find((one) => upstreamKey(one.change.kind, one.change.id) === key)?.change;
    if (change !== undefined) return `changed: ${shortCommit(change.from)} is ${shortCommit(change.to)} now`;
    if (now !== undefined) return `${shortCommit(now.commit)} as accepted`;
    const unasked = this.#unasked.find((one) => upstreamKey(one.kind, one.id) === key);
    const known = unasked?.known;
    return `${known === undefined ? "not known" : `${shortCommit(known.commit)} as last known`}. ${unasked?.reason ?? ""}`;
  }

  /** Asks the Hub, and keeps what was seen for the first time. Mode `update` accepts everything; `error` throws. */
  async check(mode: DependencyCheck = "ask", signal?: AbortSignal): Promise<readonly UpstreamChange[]> {
    if (mode === "skip" || this.dependencies.length === 0) return [];
    const found = await checkDependencies(this.dependencies, this.#record, { signal });
    this.#changed = found.changed;
    this.#unasked = found.unasked;
    this.#states = found.states;
    await this.#keep(found.learned);
    const { changes } = this;
    if (mode === "update") await this.accept();
    if (mode === "error" && changes.length > 0) throw refusal(changes);
    return changes;
  }

  /** The ones that were decided about are gone from `changes`. */
  async choose(kind: UpstreamChange["kind"], id: string, choice: UpstreamChoice): Promise<void> {
    if (choice === "accept") return this.accept((change) => change.kind === kind && change.id === id);
    this.#ignored.add(upstreamKey(kind, id));
  }

  async accept(which: (change: UpstreamChange) => boolean = () => true): Promise<void> {
    const accepted = this.#changed.filter(({ change }) => which(change));
    await this.#record.accept(
      new Map(accepted.map(({ change, state }) => [upstreamKey(change.kind, change.id), state])),
    );
    this.#changed = this.#changed.filter((one) => !accepted.includes(one));
  }

  async #keep(learned: ReadonlyMap<string, UpstreamState>): Promise<void> {
    try {
      await this.#record.accept(learned);
    } catch (error) {
      // Whoever cannot write here is told of no change later; that keeps nothing from working.
      if (error instanceof DaggrError) throw error;
    }
  }
}

function refusal(changes: readonly UpstreamChange[]): DaggrError {
  return new DaggrError(
    "UPSTREAM_CHANGED",
    `${changes.map(changeInShort).join("; ")}: not what was accepted. See it: daggr upstream <script>. Accept it: daggr upstream <script> --accept.`,
  );
}
