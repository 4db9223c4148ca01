import { createEngine } from "../../src/engine/create-engine.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { GraphDefinition } from "../../src/graph/definition.ts";
import { createInvoker } from "../../src/run/invoker.ts";
import { type RunningServer, type ServeOptions, serve } from "../../src/server/serve.ts";
import { createMemoryStore } from "../../src/store/memory-store.ts";
import type { Store } from "../../src/store/store.ts";

export interface OpenGraph extends RunningServer {
  readonly engine: Engine;
}

/** A graph on a real port of this machine, kept in memory; `close` ends server, engine and store. */
export async function openGraph(
  definition: GraphDefinition,
  options: Partial<ServeOptions> & { readonly store?: Store } = {},
): Promise<OpenGraph> {
  const { store = createMemoryStore() } = options;
  const engine = createEngine({ definition, store, invoker: createInvoker(definition, store.files) });
  const server = await serve({ definition, port: 0, ...options, engine });
  return {
    ...server,
    engine,
    async close() {
      await server.close();
      await engine.close();
      await store.close();
    },
  };
}
