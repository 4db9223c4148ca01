import { FnNode, Graph, gr, type Node } from "daggr";

const noop = ({ x }: { x: string }) => x;
const outputs = { out: gr.Textbox() };

let last: Node<{ out: string }> = new FnNode(noop, {
  name: "n0",
  inputs: { x: gr.Textbox({ value: "hello" }) },
  outputs,
});
for (let index = 1; index < Number(process.env.LENGTH); index++)
  last = new FnNode(noop, { name: `n${index}`, inputs: { x: last.out }, outputs });
const graph = new Graph({ name: "Chain", nodes: [last] });

await graph.launch({ open: false });
