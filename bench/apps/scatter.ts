import { FnNode, Graph, gr } from "daggr";

const count = Number(process.env.COUNT);

const listed = new FnNode(() => Array.from({ length: count }, (_, index) => `item ${index}`), {
  name: "items",
  inputs: {},
  outputs: { list: gr.Hidden<string[]>() },
});
const each = new FnNode(({ x }: { x: string }) => x, {
  name: "each",
  inputs: { x: listed.list.each },
  outputs: { out: gr.Textbox() },
});
const counted = new FnNode(({ all }: { all: string[] }) => all.length, {
  name: "count",
  inputs: { all: each.out.all() },
  outputs: { number: gr.Number() },
});
const graph = new Graph({ name: "Scatter", nodes: [counted] });

await graph.launch({ open: false });
