/** Every kind of field on cards, editable and shown, and values that do not fit. */

import type { CardView, GraphView, PortView } from "../../src/protocol/view.ts";
import { type SampleFiles, samples } from "./samples.ts";

const perCard = 4;

export function gallery(files: SampleFiles): { graph: GraphView; values: Record<string, unknown> } {
  const shown = Object.entries(samples(files)).flatMap(([kind, { value, props, wrong, more = [] }]) => [
    { kind, name: kind, value, props },
    ...more.map((extra) => ({
      kind,
      name: `${kind}, ${extra.name}`,
      value: extra.value,
      props: extra.props,
    })),
    { kind, name: `${kind}, wrong`, value: wrong ?? null, props },
  ]);
  const cards: CardView[] = [];
  const values: Record<string, unknown> = {};
  for (let at = 0; at < shown.length; at += perCard) {
    const ports = shown
      .slice(at, at + perCard)
      .map(({ kind, name: label, value, props }, index): PortView => {
        const name = `p${at + index}`;
        values[`in${at}__${name}`] = value;
        return { name, label, type: "any", list: false, component: { kind, props: { label, ...props } } };
      });
    cards.push({
      id: `in${at}`,
      type: "input",
      name: `Fields ${at / perCard + 1}`,
      kind: "input",
      scattered: false,
      inputs: [],
      outputs: ports.map((port) => ({ ...port, address: `in${at}__${port.name}` })),
    });
    cards.push({
      id: `out${at}`,
      type: "step",
      name: `Shown ${at / perCard + 1}`,
      kind: "fn",
      scattered: false,
      inputs: [],
      outputs: ports,
    });
  }
  return { graph: { name: "All fields", persisted: true, hash: "gallery-2", cards, edges: [] }, values };
}
