import type { ExtraEdge } from "./bindings.ts";
import type { NodeDefinition } from "./definition.ts";
import type { BaseNode } from "./node.ts";

/** What a graph is made of. */
export interface GraphParts {
  readonly name: string;
  readonly persistKey: string | false;
  /** As listed; nodes upstream of them are added. */
  readonly nodes: readonly BaseNode[];
  /** Edges added with `graph.edge`. */
  readonly edges: readonly ExtraEdge[];
}

/** Node definitions while they are being made. */
export type Draft = { -readonly [K in keyof NodeDefinition]: NodeDefinition[K] };
