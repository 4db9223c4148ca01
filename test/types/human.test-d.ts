// Human steps, typed end to end; nothing is annotated that a script would not annotate.
import {
  type Answer,
  ApproveNode,
  AskNode,
  ChooseNode,
  FnNode,
  Graph,
  gr,
  type ItemPort,
  oneOf,
  type Port,
} from "daggr";
import { dialogue, type Line, picture, samples } from "./setup.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Expect<T extends true> = T;

const review = new ApproveNode({
  name: "review",
  inputs: { image: picture.image, seed: picture.seed, note: gr.Textbox(), limit: 3 },
  components: { note: gr.TextArea() },
});
const lines = new ApproveNode({ name: "lines", inputs: { line: dialogue.lines.each } });
const line = new ChooseNode({ name: "line", inputs: { options: dialogue.lines } });
const sound = new ChooseNode({ name: "sound", inputs: { options: samples.audio.all() } });
const size = new ChooseNode({ name: "size", inputs: { options: ["small", "large"] } });
const details = new AskNode({
  name: "details",
  ports: { title: gr.Textbox(), tone: gr.Dropdown({ choices: ["calm", "lively"] }) },
  inputs: { cover: picture.image },
});
const perItem = new AskNode({
  name: "per item",
  ports: { grade: gr.Number() },
  inputs: { line: dialogue.lines.each },
});

export type Cases = [
  Expect<Equal<typeof review.image, Port<string>>>,
  Expect<Equal<typeof review.seed, Port<number>>>,
  Expect<Equal<typeof review.note, Port<string>>>,
  Expect<Equal<typeof review.limit, Port<number>>>,
  Expect<Equal<typeof lines.line, ItemPort<Line>>>,
  Expect<Equal<typeof line.choice, Port<Line>>>,
  Expect<Equal<typeof sound.choice, Port<string>>>,
  Expect<Equal<typeof size.choice, Port<"small" | "large">>>,
  Expect<Equal<typeof details.title, Port<string>>>,
  Expect<Equal<typeof details.tone, Port<"calm" | "lively">>>,
  Expect<Equal<typeof perItem.grade, ItemPort<number>>>,
];

const print = new FnNode(({ title, text }: { title: string; text: Line }) => title + text.text, {
  name: "print",
  inputs: { title: details.title, text: line.choice },
  outputs: { page: gr.Textbox() },
});
export const byHandOrNot = oneOf(
  new FnNode(({ all }: { all: Line[] }) => all[0]!, {
    name: "first",
    inputs: { all: dialogue.lines },
    outputs: { choice: gr.JSON<Line>() },
  }),
  new ChooseNode({ name: "by hand", inputs: { options: dialogue.lines } }),
);

export const graph = new Graph({
  name: "Typed",
  nodes: [review, lines, line, sound, size, details, perItem, print],
});
export async function run(): Promise<void> {
  const outputs = await graph.run(
    {},
    {
      onAsk: async ({ node, form, values, item }): Promise<Answer> => {
        if (form === "choose") return { choice: values.options.length - 1 };
        if (form === "fill") return { values: { title: `${node} ${item ?? ""}`, tone: "calm" } };
        return node === "review"
          ? { action: "approve", values: { note: "fine" } }
          : { action: "reject", values: "no" };
      },
    },
  );
  const seed: number = outputs.review.seed;
  const all: Line[] = outputs.lines.line;
  const chosen: "small" | "large" = outputs.size.choice;
  console.log(seed, all, chosen);
}
