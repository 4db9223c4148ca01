/** A book's jacket, with three decisions that only a person can make. Needs no network. */
import { ApproveNode, AskNode, ChooseNode, FnNode, Graph, gr, InputNode, type Picture } from "daggr";
import { paletteAt, paletteNames } from "../03-storyboard/palettes.ts";
import { rasterise } from "../03-storyboard/pictures.ts";
import { composeScene } from "../03-storyboard/scenery.ts";
import { render, styleNames } from "../03-storyboard/styles.ts";
import { front, jacket } from "./jacket.ts";

const book = new InputNode({
  name: "book",
  ports: {
    title: gr.Textbox({ label: "Title", value: "The red boat" }),
    author: gr.Textbox({ label: "Author", value: "Ada Winter" }),
    about: gr.Textbox({
      label: "What it is about",
      lines: 4,
      value:
        "A red boat waits in a quiet harbour. It sails past the lighthouse, through rain and cloud, and comes home under the moon.",
    }),
    palette: gr.Dropdown({ label: "Palette", choices: paletteNames, value: "Dawn" }),
  },
});

const covers = new FnNode(
  async ({ title, author, about, palette }, { progress, file }) => {
    const colors = paletteAt(palette, "evening");
    const pictures: Picture[] = [];
    for (const [index, style] of styleNames.entries()) {
      progress(index / styleNames.length, `Drawing ${style.toLowerCase()}`);
      const scene = render(composeScene(about, colors, false, index + 1), colors, style, "medium");
      const picture = await rasterise(scene, file(`scene-${index}.png`));
      pictures.push({
        image: await front(picture, title, author, file(`cover-${index}.png`)),
        caption: style,
      });
    }
    return pictures;
  },
  {
    name: "covers",
    concurrent: true,
    inputs: { title: book.title, author: book.author, about: book.about, palette: book.palette },
    outputs: { covers: gr.Gallery({ label: "Covers", columns: 2 }) },
  },
);

// A person chooses one of the list; what comes out is typed as its element.
const cover = new ChooseNode({ name: "best cover", inputs: { options: covers.covers } });

const blurb = new FnNode(
  ({ title, about }: { title: string; about: string }) => {
    const [first = "", ...rest] = about.split(/(?<=[.!?])\s+/);
    return `${first}\n\n${rest.join(" ")}\n\n“${title}” is a story for everybody who has ever waited for the tide.`;
  },
  {
    name: "write blurb",
    concurrent: true,
    inputs: { title: book.title, about: book.about },
    outputs: { text: gr.Textbox({ label: "Text on the back", lines: 7 }) },
  },
);

// A person looks it over: approves, edits or rejects it.
const text = new ApproveNode({ name: "approve text", inputs: { text: blurb.text } });

// A person fills in a form, with the chosen cover beside it.
const details = new AskNode({
  name: "last details",
  inputs: { cover: cover.choice },
  ports: {
    publisher: gr.Textbox({ label: "Publisher", value: "Harbour Press" }),
    price: gr.Number({ label: "Price", value: 14, minimum: 1, maximum: 200 }),
  },
});

const printed = new FnNode(
  ({ cover, text, title, publisher, price }, { file }) =>
    jacket({ front: cover.image, text, title, publisher, price }, file("jacket.png")),
  {
    name: "jacket",
    inputs: {
      cover: cover.choice,
      text: text.text,
      title: book.title,
      publisher: details.publisher,
      price: details.price,
    },
    outputs: { image: gr.Image({ label: "Jacket" }) },
  },
);

export const graph = new Graph({
  name: "Book cover",
  nodes: [book, covers, cover, blurb, text, details, printed],
});

await graph.launch();
