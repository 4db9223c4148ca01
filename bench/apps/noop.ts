import { FnNode, Graph, gr } from "daggr";

const node = new FnNode(({ x }: { x: string }) => x, {
  name: "noop",
  inputs: { x: gr.Textbox({ value: "hello" }) },
  outputs: { out: gr.Textbox() },
});
const graph = new Graph({ name: "Noop", nodes: [node] });

await graph.launch({ open: false });
