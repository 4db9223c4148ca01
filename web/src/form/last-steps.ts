import type { CardView } from "../../../src/protocol/view.ts";
import type { GraphIndex } from "../state/graph-index.ts";

/** The steps that nothing else needs, and that show something: what a colleague came for. */
export function lastSteps(graph: GraphIndex): CardView[] {
  const shows = (card: CardView) => card.outputs.some((port) => port.component !== undefined);
  const last = graph.steps.filter((card) => shows(card) && (graph.edgesFrom.get(card.id) ?? []).length === 0);
  return last.length > 0 ? last : graph.steps.filter(shows).slice(-1);
}
