import { ApproveNode, AskNode, ChooseNode, FnNode, Graph, gr } from "daggr";
import sharp from "sharp";
import { itemSteps } from "./graphs.ts";

/** Something of everything that a card can show: values, items, a failure, a wait, questions. */
export function screensGraph(): Graph {
  const write = new FnNode(
    async ({ topic }: { topic: string }, { file, log }) => {
      log(`Writing about ${topic}`);
      const image = file("drawn.png");
      const background = { r: (topic.length * 30) % 256, g: 80, b: 160 };
      await sharp({ create: { width: 60, height: 40, channels: 3, background } })
        .png()
        .toFile(image);
      return {
        text: `About ${topic}.`,
        picture: image,
        facts: { topic, length: topic.length },
        table: { headers: ["word", "length"], data: [[topic, topic.length]] },
      };
    },
    {
      name: "write",
      inputs: { topic: gr.Textbox({ label: "Topic", value: "squid" }) },
      outputs: {
        text: gr.Textbox({ label: "Text" }),
        picture: gr.Image({ label: "Picture" }),
        facts: gr.JSON({ label: "Facts" }),
        table: gr.Dataframe({ label: "Table" }),
      },
    },
  );
  const together = itemSteps({ mended: false });
  const wait = new FnNode(
    ({ ms }: { ms: number }, { signal, progress }) =>
      new Promise<string>((resolve, reject) => {
        progress(0.5, "Waiting");
        const timer = setTimeout(() => resolve("waited"), ms);
        signal.addEventListener("abort", () => {
          clearTimeout(timer);
          reject(signal.reason as Error);
        });
      }),
    {
      name: "wait",
      inputs: { ms: gr.Number({ label: "Milliseconds", value: 60_000 }) },
      outputs: { done: gr.Textbox({ label: "Done" }) },
    },
  );
  const review = new ApproveNode({ name: "review", inputs: { text: write.text } });
  const colours = new FnNode(() => ["red", "green", "blue"], {
    name: "colours",
    inputs: {},
    outputs: { colours: gr.JSON<string[]>({ label: "Colours" }) },
  });
  const pick = new ChooseNode({ name: "pick", inputs: { options: colours.colours } });
  const details = new AskNode({ name: "details", ports: { author: gr.Textbox({ label: "Author" }) } });
  const page = new FnNode(
    ({ text, colour, author }: { text: string; colour: string; author: string }) =>
      `${text} by ${author} in ${colour}`,
    {
      name: "page",
      inputs: { text: review.text, colour: pick.choice, author: details.author },
      outputs: { page: gr.Textbox({ label: "Page" }) },
    },
  );
  return new Graph({ name: "Screens", nodes: [page, together, wait] });
}
