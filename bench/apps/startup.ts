import { FnNode, Graph, gr } from "daggr";

const shouted = new FnNode(({ text }: { text: string }) => text.toUpperCase(), {
  name: "shout",
  inputs: { text: gr.Textbox({ label: "Text", value: "hello" }) },
  outputs: { loud: gr.Textbox() },
});
const framed = new FnNode(({ text }: { text: string }) => `*** ${text} ***`, {
  name: "frame",
  inputs: { text: shouted.loud },
  outputs: { text: gr.Textbox() },
});
const graph = new Graph({ name: "Start", nodes: [framed] });

await graph.launch({ open: false });
