import type { Engine } from "../../src/engine/engine.ts";
import type { GraphDefinition } from "../../src/graph/definition.ts";
import { type RunningServer, type ServeOptions, serve } from "../../src/server/serve.ts";
import { createFakeEngine } from "./fake-engine.ts";

export interface OpenGraph extends RunningServer {
  readonly engine: Engine;
}

/** A graph on a real port of this machine; `close` ends engine and server. */
export async function openGraph(
  definition: GraphDefinition,
  options: Partial<ServeOptions> = {},
): Promise<OpenGraph> {
  const engine = options.engine ?? createFakeEngine(definition);
  const server = await serve({ definition, port: 0, ...options, engine });
  return {
    ...server,
    engine,
    async close() {
      await server.close();
      await engine.close();
    },
  };
}
