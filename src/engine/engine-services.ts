import type { GraphDefinition } from "../graph/definition.ts";
import { holdServices, servicesOf } from "../graph/services.ts";

/** The programs on this machine that a graph needs: kept from being ended as long as the engine is open. */
export class EngineServices {
  readonly #release: () => Promise<void>;
  readonly #unwatch: readonly (() => void)[];

  /** @param onCode - Told the nodes whose program has other code now. */
  constructor(definition: GraphDefinition, onCode: (nodes: readonly string[]) => void) {
    this.#release = holdServices(definition);
    this.#unwatch = [...servicesOf(definition)].map(([service, nodes]) =>
      service.watch((change) => {
        if (change === "code") onCode(nodes);
      }),
    );
  }

  async close(): Promise<void> {
    for (const unwatch of this.#unwatch) unwatch();
    await this.#release();
  }
}
