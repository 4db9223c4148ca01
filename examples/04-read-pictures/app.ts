/** Receipts are read by a Gradio app with real OCR, corrected by hand where it misread, and added up. */
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { FnNode, GradioNode, Graph, gr } from "daggr";
import { addUp } from "./sums.ts";

const reader = process.env["READER_URL"] ?? "http://127.0.0.1:7972";

const receipts = new FnNode(
  async ({ folder: given }: { folder: string }, { log }) => {
    const folder = resolve(import.meta.dirname, given);
    const names = (await readdir(folder)).filter((name) => /\.(png|jpe?g|webp)$/i.test(name)).sort();
    if (names.length === 0) throw new Error(`There are no pictures in ${folder}.`);
    log(names.join(", "));
    return names.map((name) => ({ image: join(folder, name), caption: name }));
  },
  {
    name: "receipts",
    inputs: { folder: gr.Textbox({ label: "Folder", value: "receipts" }) },
    outputs: { pictures: gr.Gallery({ label: "Receipts", columns: 3 }) },
  },
);

// Once for each picture.
const read = new GradioNode(reader, {
  name: "read",
  apiName: "/read",
  inputs: { image: receipts.pictures.each.image },
  outputs: { text: gr.Textbox({ label: "Text", lines: 6 }) },
});

// What OCR misread is mended here: change the text on the card, and the run goes on from it.
const texts = new FnNode(({ texts }: { texts: string[] }) => texts.join("\n\n"), {
  name: "all texts",
  inputs: { texts: read.text.all() },
  outputs: { text: gr.Textbox({ label: "Read, to be corrected by hand", lines: 16 }) },
});

const sums = new FnNode(
  ({ text }: { text: string }, { log }) => {
    const { rows, total, problems } = addUp(text.split(/\n\s*\n/));
    for (const problem of problems) log(problem, "warning");
    return {
      table: { headers: ["Receipt", "Item", "Amount"], data: rows },
      total,
      remarks:
        problems.length === 0
          ? "Every receipt adds up."
          : problems.map((problem) => `- ${problem}`).join("\n"),
    };
  },
  {
    name: "add up",
    inputs: { text: texts.text },
    outputs: {
      table: gr.Dataframe({ label: "Items" }),
      total: gr.Number({ label: "Total" }),
      remarks: gr.Markdown({ label: "Remarks" }),
    },
  },
);

export const graph = new Graph({ name: "Read pictures", nodes: [receipts, read, texts, sums] });

await graph.launch();
