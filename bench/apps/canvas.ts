// CARDS steps in columns of 20, each reading one or two of the column before; with PICTURES a picture in each.
import { join } from "node:path";
import { FnNode, Graph, gr, type Node } from "daggr";

const count = Number(process.env.CARDS);
const pictures = process.env.PICTURES;
const rows = 20;

/** Typed as the text alone: the picture is handed on to nobody. */
const outputs = {
  out: gr.Textbox(),
  ...(pictures === undefined ? {} : { picture: gr.Image() }),
} as { out: ReturnType<typeof gr.Textbox> };
const nodes: Node<{ out: string }>[] = [];
for (let index = 0; index < count; index++) {
  const name = `n${index}`;
  const picture = join(pictures ?? "", `${index % 100}.png`);
  const step = (text: string): string =>
    pictures === undefined ? `${text.slice(0, 20)} ${Math.random()}` : Object({ out: text, picture });
  const text = nodes[index - rows]?.out ?? gr.Textbox({ label: `Text ${index}`, value: "hello" });
  const more = index % rows > 0 && index % 2 === 0 ? nodes[index - rows - 1]?.out : undefined;
  nodes.push(
    more === undefined
      ? new FnNode(({ text }: { text: string }) => step(text), { name, inputs: { text }, outputs })
      : new FnNode(({ text, more: _ }: { text: string; more: string }) => step(text), {
          name,
          inputs: { text, more },
          outputs,
        }),
  );
}
const graph = new Graph({ name: "Cards", nodes });

process.on("message", () => {
  globalThis.gc?.();
  process.send?.(process.memoryUsage());
});
await graph.launch({ open: false });
