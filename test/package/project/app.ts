import { FnNode, Graph, gr } from "daggr";

const shout = new FnNode(({ text }: { text: string }) => text.toUpperCase(), {
  name: "shout",
  inputs: { text: gr.Textbox({ label: "Text", value: "hello" }) },
  outputs: { loud: gr.Textbox({ label: "Loud" }) },
});

export const graph = new Graph({ name: "Packed", nodes: [shout], persistKey: false });
