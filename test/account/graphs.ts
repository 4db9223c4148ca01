/** Graphs for tests with several people. */

import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApproveNode, FnNode, GradioNode, Graph, gr } from "daggr";

/** topic -> write -> review, and beside it a file; both say what they were given. */
export function peopleGraph(): Graph {
  const write = new FnNode(({ topic }: { topic: string }) => `About ${topic}.`, {
    name: "write",
    inputs: { topic: gr.Textbox({ label: "Topic", value: "squid" }) },
    outputs: { text: gr.Textbox({ label: "Text" }) },
  });
  const keep = new FnNode(
    async ({ text }: { text: string }) => {
      const path = join(tmpdir(), `daggr-people-${process.pid}-${Math.random()}.txt`);
      await writeFile(path, text);
      return path;
    },
    { name: "keep", inputs: { text: write.text }, outputs: { file: gr.File({ label: "File" }) } },
  );
  const review = new ApproveNode({ name: "review", inputs: { text: write.text } });
  return new Graph({ name: "People", nodes: [keep, review] });
}

/** Calls a Space of somebody's: with whose token, the Space tells. */
export function callingGraph(space = "ada/echo"): () => Graph {
  return () => {
    const echo = new GradioNode(space, {
      name: "echo",
      apiName: "/echo",
      inputs: { text: gr.Textbox({ label: "Text", value: "hello" }) },
      outputs: { said: gr.Textbox({ label: "Said" }) },
      retries: 0,
    });
    return new Graph({ name: "Calling", nodes: [echo] });
  };
}
