// CARDS steps in columns of 20, each reading one or two of the column before; with PICTURES a picture in each.
import { join } from "node:path";
import { FnNode, Graph, gr, type Node } from "daggr";

const count = Number(process.env.CARDS);
const pictures = process.env.PICTURES;
const rows = 20;

const nodes: Node<any>[] = [];
for (let index = 0; index < count; index++) {
  const text =
    index < rows ? gr.Textbox({ label: `Text ${index}`, value: "hello" }) : nodes[index - rows]!.out;
  const more =
    index % rows > 0 && index % 2 === 0 && index > rows ? { more: nodes[index - rows - 1]!.out } : {};
  const picture = join(pictures ?? "", `${index % 100}.png`);
  const step = (text: string) =>
    pictures === undefined ? { out: `${text.slice(0, 20)} ${Math.random()}` } : { out: text, picture };
  const one = ({ text }: { text: string }) => step(text);
  const two = ({ text, more: _ }: { text: string; more: string }) => step(text);
  nodes.push(
    new FnNode<any, any>("more" in more ? two : one, {
      name: `n${index}`,
      inputs: { text, ...more },
      outputs: { out: gr.Textbox(), ...(pictures === undefined ? {} : { picture: gr.Image() }) },
    }),
  );
}
const graph = new Graph({ name: "Cards", nodes });

await graph.launch({ open: false });
