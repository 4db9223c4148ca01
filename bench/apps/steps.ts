import { FnNode, GradioNode, Graph, gr } from "daggr";

const service = process.env.SERVICE!;
const step = (name: string) =>
  new GradioNode(service, {
    name,
    apiName: "/step",
    inputs: { text: name },
    outputs: { out: gr.Textbox() },
  }).out;

const joined = new FnNode((letters: Record<string, string>) => Object.values(letters).join(""), {
  name: "join",
  inputs: {
    a: step("a"),
    b: step("b"),
    c: step("c"),
    d: step("d"),
    e: step("e"),
    f: step("f"),
    g: step("g"),
    h: step("h"),
  },
  outputs: { text: gr.Textbox() },
});
const graph = new Graph({ name: "Steps", nodes: [joined] });

await graph.launch({ open: false });
