import type { CardView, PortView } from "../../../src/protocol/view.ts";
import type { CardShape } from "./geometry.ts";

/** As the style sheet draws them, in pixels. */
const width = 296;
const headHeight = 46;
const rowHeight = 20;
const rowsPadding = 13;
const labelHeight = 42;
/** What a field of a kind takes with an ordinary value, where it is not a line of text. */
const fieldHeights: Readonly<Record<string, number>> = {
  image: 200,
  imageeditor: 200,
  imageslider: 200,
  video: 190,
  model3d: 200,
  audio: 64,
  gallery: 170,
  plot: 220,
  markdown: 120,
  html: 150,
  json: 110,
  code: 110,
  dataframe: 150,
  chatbot: 180,
  label: 90,
  highlightedtext: 80,
  itemlist: 180,
};
const lineHeight = 19;
const fieldPadding = 14;
const itemsHeight = 150;

/** About how large a card is that was not drawn yet, and where its ports are. */
export function estimateShape(card: CardView): CardShape {
  const inputs: Record<string, number> = {};
  const outputs: Record<string, number> = {};
  let y = headHeight;
  const rows = (ports: readonly PortView[], found: Record<string, number>) => {
    if (ports.length === 0) return;
    ports.forEach((port, index) => {
      found[port.name] = y + rowsPadding / 2 + rowHeight * (index + 0.5);
    });
    y += rowsPadding + rowHeight * ports.length;
  };
  if (card.variants !== undefined) {
    for (const port of card.inputs) {
      if (port.variant === undefined) continue;
      if (port.address === undefined) inputs[port.name] = y + rowHeight / 2;
      // The first one is open until somebody chooses.
      else if ((port.variant === 0 || card.kind === "fallback") && isShown(port))
        y += labelHeight + fieldHeight(port);
    }
    y += card.variants.length * 32;
  }
  rows(
    card.inputs.filter((port) => port.variant === undefined),
    inputs,
  );
  if (card.scattered) y += itemsHeight;
  for (const port of card.outputs.filter(isShown)) {
    outputs[port.name] = y + labelHeight / 2;
    y += labelHeight + fieldHeight(port);
  }
  rows(
    card.outputs.filter((port) => !isShown(port)),
    outputs,
  );
  return { id: card.id, width, height: y, inputs, outputs };
}

const isShown = ({ component }: PortView) => component !== undefined && component.props["visible"] !== false;

function fieldHeight({ component }: PortView): number {
  const lines = component?.props["lines"];
  return (
    fieldHeights[component?.kind ?? ""] ??
    lineHeight * (typeof lines === "number" ? Math.min(20, Math.max(1, lines)) : 1) + fieldPadding
  );
}
