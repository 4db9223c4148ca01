import type { ElkExtendedEdge, ElkNode } from "elkjs/lib/elk-api.js";
import { columnGap, rowGap } from "./columns.ts";
import type { CardShape, LayoutEdge, Point, Positions, Routes } from "./geometry.ts";

/** ELK's own node placement is the best picture, but explodes with size; see the thresholds' measurements. */
const simplexUpTo = 60;
const segmentsUpTo = 200;

export function nodePlacement(cards: number): "NETWORK_SIMPLEX" | "LINEAR_SEGMENTS" | null {
  if (cards <= simplexUpTo) return "NETWORK_SIMPLEX";
  return cards <= segmentsUpTo ? "LINEAR_SEGMENTS" : null;
}

export interface Layout {
  readonly positions: Positions;
  readonly routes: Routes;
}

const input = (card: string, port: string) => `${card}\u0000i\u0000${port}`;
const output = (card: string, port: string) => `${card}\u0000o\u0000${port}`;

/** The graph as ELK wants it, ports fixed where they were measured. */
export function toElk(cards: readonly CardShape[], edges: readonly LayoutEdge[]): ElkNode {
  return {
    id: "root",
    layoutOptions: {
      "elk.algorithm": "layered",
      "elk.direction": "RIGHT",
      "elk.edgeRouting": "ORTHOGONAL",
      "elk.layered.nodePlacement.strategy": nodePlacement(cards.length) ?? "BRANDES_KOEPF",
      "elk.layered.layering.strategy": "NETWORK_SIMPLEX",
      "elk.layered.spacing.nodeNodeBetweenLayers": String(columnGap - 24),
      "elk.layered.spacing.edgeNodeBetweenLayers": "28",
      "elk.layered.spacing.edgeEdgeBetweenLayers": "14",
      "elk.spacing.nodeNode": String(rowGap),
      "elk.spacing.edgeNode": "24",
      "elk.spacing.edgeEdge": "14",
      "elk.spacing.componentComponent": String(rowGap + 24),
      "elk.padding": "[top=0,left=0,bottom=0,right=0]",
    },
    children: cards.map((card) => ({
      id: card.id,
      width: card.width,
      height: card.height,
      layoutOptions: { "elk.portConstraints": "FIXED_POS" },
      ports: [
        ...Object.entries(card.inputs).map(([name, y]) => port(input(card.id, name), "WEST", 0, y)),
        ...Object.entries(card.outputs).map(([name, y]) =>
          port(output(card.id, name), "EAST", card.width, y),
        ),
      ],
    })),
    edges: edges.map((edge) => ({
      id: edge.id,
      sources: [output(edge.from.card, edge.from.port)],
      targets: [input(edge.to.card, edge.to.port)],
    })),
  };
}

function port(id: string, side: string, x: number, y: number) {
  return { id, x, y, width: 0, height: 0, layoutOptions: { "elk.port.side": side } };
}

/** ELK's answer as positions and corner points. */
export function fromElk(root: ElkNode): Layout {
  const positions: Record<string, Point> = {};
  for (const node of root.children ?? []) {
    positions[node.id] = { x: Math.round(node.x ?? 0), y: Math.round(node.y ?? 0) };
  }
  const routes: Record<string, Point[]> = {};
  for (const edge of (root.edges ?? []) as ElkExtendedEdge[]) {
    const section = edge.sections?.[0];
    if (section === undefined) continue;
    routes[edge.id] = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint].map(
      ({ x, y }) => ({ x, y }),
    );
  }
  return { positions, routes };
}
