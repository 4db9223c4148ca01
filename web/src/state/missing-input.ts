import type { PortView } from "../../../src/protocol/view.ts";
import type { GraphIndex } from "./graph-index.ts";

/** Why a run was refused, as the server says it. */
interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly node?: string;
  readonly port?: string;
}

/** The field whose value a run was refused for, and what is said at it; `undefined` where it has none on the page. */
export function missingField(
  graph: GraphIndex | null,
  { code, message, node, port }: Refusal,
): { readonly card: string; readonly port: PortView; readonly words: string } | undefined {
  if (graph === null || code !== "MISSING_INPUT" || node === undefined) return undefined;
  const edge = graph.edgesInto.get(node)?.find(({ to }) => to.port === port);
  const card = graph.cards.get(edge?.from.card ?? node);
  const found =
    edge === undefined
      ? card?.inputs.find(({ name }) => name === port)
      : card?.outputs.find(({ name }) => name === edge.from.port);
  if (card === undefined || found?.address === undefined || found.component?.props["visible"] === false)
    return undefined;
  const more = message.indexOf("Values are missing for");
  const words = `${node} needs a value here.${more < 0 ? "" : ` ${message.slice(more)}`}`;
  return { card: card.id, port: found, words };
}
