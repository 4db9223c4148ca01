import { setTimeout as sleep } from "node:timers/promises";
import { type ErrorData, toErrorData } from "../base/errors.ts";
import { hashValue } from "../base/json.ts";
import type { Behaviour } from "../graph/behaviour.ts";
import { activeBehaviour, type GraphDefinition } from "../graph/definition.ts";

export interface IdentityAnswers {
  /** By node, of its chosen variant. Without the nodes that could not be asked, or have not answered yet. */
  readonly identities: ReadonlyMap<string, string>;
  /** By node, why it could not be asked (a Space that cannot be reached). */
  readonly problems: ReadonlyMap<string, ErrorData>;
  /** Resolves when those that have not answered yet have. */
  readonly late: Promise<unknown> | undefined;
}

/** A node that could not be asked is asked again after so long. */
const AGAIN_AFTER_MS = 30_000;

/** How long the answer of a service counts: a Space may get a new commit while the server runs. */
const LASTS_MS = 60_000;

/**
 * Hashes of the nodes' definitions. A function's is asked once in the life of the engine, that of a service now and
 * then; meanwhile the answer before counts. One that failed is asked again.
 */
export class Identities {
  readonly #definition: GraphDefinition;
  readonly #known = new Map<Behaviour, { readonly identity: string; readonly at: number }>();
  readonly #asked = new Map<Behaviour, Promise<void>>();
  readonly #problems = new Map<Behaviour, { readonly error: ErrorData; readonly at: number }>();

  constructor(definition: GraphDefinition) {
    this.#definition = definition;
  }

  /** Waits for the answers, for `patienceMs` at most. */
  async of(variants: Readonly<Record<string, number>>, patienceMs?: number): Promise<IdentityAnswers> {
    const active = this.#active(variants);
    const open = active.flatMap(({ behaviour }) => this.#ask(behaviour) ?? []);
    let late: Promise<unknown> | undefined;
    if (open.length > 0) {
      const all = Promise.all(open);
      const isInTime = await (patienceMs === undefined
        ? all.then(() => true)
        : Promise.race([all.then(() => true), sleep(patienceMs, false)]));
      if (!isInTime) late = all;
    }
    const identities = new Map<string, string>();
    for (const { name, behaviour } of active) {
      const identity = this.#known.get(behaviour)?.identity;
      if (identity !== undefined) identities.set(name, identity);
    }
    return { identities, problems: this.problems(variants), late };
  }

  /** Asks these nodes again: their code is another. */
  forget(nodes: readonly string[]): void {
    for (const name of nodes) {
      const node = this.#definition.nodes.get(name);
      for (const behaviour of [
        node?.behaviour,
        ...(node?.variants.map((variant) => variant.behaviour) ?? []),
      ]) {
        if (behaviour === undefined) continue;
        this.#known.delete(behaviour);
        this.#problems.delete(behaviour);
      }
    }
  }

  problems(variants: Readonly<Record<string, number>>): ReadonlyMap<string, ErrorData> {
    const problems = new Map<string, ErrorData>();
    for (const { name, behaviour } of this.#active(variants)) {
      const problem = this.#problems.get(behaviour);
      if (problem !== undefined) problems.set(name, { ...problem.error, node: name });
    }
    return problems;
  }

  #active(
    variants: Readonly<Record<string, number>>,
  ): { readonly name: string; readonly behaviour: Behaviour }[] {
    return [...this.#definition.nodes.values()].map((node) => ({
      name: node.name,
      behaviour: activeBehaviour(node, variants[node.name] ?? 0),
    }));
  }

  #ask(behaviour: Behaviour): Promise<void> | undefined {
    const known = this.#known.get(behaviour);
    // Only what is outside of this process has a word for its own changes.
    const lasts = behaviour.identityChange === undefined ? Number.POSITIVE_INFINITY : LASTS_MS;
    if (known !== undefined && performance.now() < known.at + lasts) return undefined;
    const failedAt = this.#problems.get(behaviour)?.at;
    if (failedAt !== undefined && performance.now() < failedAt + AGAIN_AFTER_MS) return undefined;
    let asked = this.#asked.get(behaviour);
    if (asked === undefined) {
      asked = this.#answer(behaviour).finally(() => this.#asked.delete(behaviour));
      this.#asked.set(behaviour, asked);
    }
    return asked;
  }

  async #answer(behaviour: Behaviour): Promise<void> {
    try {
      const identity = hashValue({ kind: behaviour.kind, definition: await behaviour.identity() });
      this.#known.set(behaviour, { identity, at: performance.now() });
      this.#problems.delete(behaviour);
    } catch (thrown) {
      this.#problems.set(behaviour, {
        error: toErrorData(thrown, "NODE_UNREACHABLE"),
        at: performance.now(),
      });
    }
  }
}
