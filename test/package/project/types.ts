import { FnNode, Graph, gr } from "daggr";

const shout = new FnNode(({ text }: { text: string }) => text.toUpperCase(), {
  name: "shout",
  inputs: { text: gr.Textbox({ label: "Text" }) },
  outputs: { loud: gr.Textbox({ label: "Loud" }) },
});
const count = new FnNode(({ text }: { text: string }) => text.length, {
  name: "count",
  inputs: { text: shout.loud },
  outputs: { length: gr.Number() },
});
const graph = new Graph({ name: "Typed", nodes: [count] });
const result = await graph.run({ shout: { text: "hi" } });
export const length: number = result.count.length;

// @ts-expect-error There is no such port.
shout.quiet;
// @ts-expect-error A number is no text.
new FnNode(({ text }: { text: string }) => text, { inputs: { text: count.length } });
