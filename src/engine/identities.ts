import { type ErrorData, toErrorData } from "../base/errors.ts";
import { hashValue } from "../base/json.ts";
import type { Behaviour } from "../graph/behaviour.ts";
import { activeBehaviour, type GraphDefinition } from "../graph/definition.ts";

export interface IdentityAnswers {
  /** By node, of its chosen variant. Without the nodes that could not be asked. */
  readonly identities: ReadonlyMap<string, string>;
  /** By node, why it could not be asked (a Space that cannot be reached). */
  readonly problems: ReadonlyMap<string, ErrorData>;
}

/** Hashes of the nodes' definitions: each is asked once in the life of the engine, and again only after it failed. */
export class Identities {
  readonly #definition: GraphDefinition;
  readonly #known = new Map<Behaviour, string>();
  readonly #asked = new Map<Behaviour, Promise<void>>();
  readonly #problems = new Map<Behaviour, ErrorData>();

  constructor(definition: GraphDefinition) {
    this.#definition = definition;
  }

  async of(variants: Readonly<Record<string, number>>): Promise<IdentityAnswers> {
    const active = [...this.#definition.nodes.values()].map((node) => ({
      name: node.name,
      behaviour: activeBehaviour(node, variants[node.name] ?? 0),
    }));
    await Promise.all(active.map(({ behaviour }) => this.#known.has(behaviour) || this.#ask(behaviour)));
    const identities = new Map<string, string>();
    const problems = new Map<string, ErrorData>();
    for (const { name, behaviour } of active) {
      const identity = this.#known.get(behaviour);
      const problem = this.#problems.get(behaviour);
      if (identity !== undefined) identities.set(name, identity);
      else if (problem !== undefined) problems.set(name, { ...problem, node: name });
    }
    return { identities, problems };
  }

  #ask(behaviour: Behaviour): Promise<void> {
    let asked = this.#asked.get(behaviour);
    if (asked === undefined) {
      asked = this.#answer(behaviour).finally(() => this.#asked.delete(behaviour));
      this.#asked.set(behaviour, asked);
    }
    return asked;
  }

  async #answer(behaviour: Behaviour): Promise<void> {
    try {
      this.#known.set(behaviour, hashValue({ kind: behaviour.kind, definition: await behaviour.identity() }));
      this.#problems.delete(behaviour);
    } catch (thrown) {
      this.#problems.set(behaviour, toErrorData(thrown, "NODE_UNREACHABLE"));
    }
  }
}
