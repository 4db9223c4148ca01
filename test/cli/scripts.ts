/** Scripts of the tests. */

/** Two functions in a chain; the greeting stands in a file of its own. */
export const greeting = {
  "app.ts": `
import { FnNode, Graph, gr, InputNode } from "daggr";
import { greet } from "./greet.ts";

const who = new InputNode({ name: "who", ports: {
  person: gr.Textbox({ label: "Name", value: "Ada" }),
  times: gr.Slider({ minimum: 1, maximum: 5, step: 1, value: 2 }),
  loud: gr.Checkbox({ value: false }),
  mood: gr.Radio({ choices: ["kind", "stern"], value: "kind" }),
  tags: gr.JSON<string[]>({ value: ["a"] }),
} });
const hello = new FnNode(greet, {
  name: "greet",
  inputs: { person: who.person, times: who.times, loud: who.loud, mood: who.mood, tags: who.tags },
  outputs: { text: gr.Textbox() },
});
const count = new FnNode(({ text }: { text: string }) => text.length, {
  name: "count letters", inputs: { text: hello.text }, outputs: { letters: gr.Number() },
});
export const graph = new Graph({ name: "Greeting", nodes: [count] });
await graph.launch();
`,
  "greet.ts": `
export function greet({ person, times, loud, mood, tags }: { person: string; times: number; loud: boolean; mood: string; tags: string[] }) {
  const text = Array(times).fill(\`Hello \${person}\`).join(", ") + (mood === "stern" ? "." : "!") + tags.join("");
  return loud ? text.toUpperCase() : text;
}
`,
};

/** A step that starts a program and waits for it, and another that fails. */
export const slow = `
import { spawn } from "node:child_process";
import { once } from "node:events";
import { FnNode, Graph, gr } from "daggr";

const wait = new FnNode(
  async ({ seconds }: { seconds: number }, { signal, progress }) => {
    const child = spawn("sleep", [String(seconds)], { signal });
    child.on("error", () => {});
    progress(0.1, "sleeping " + child.pid);
    await once(child, "exit");
    signal.throwIfAborted();
    return "slept";
  },
  { name: "wait", inputs: { seconds: gr.Number({ value: 60 }) }, outputs: { text: gr.Textbox() } },
);
export const graph = new Graph({ name: "Slow", nodes: [wait] });
`;

export const failing = `
import { FnNode, Graph, gr } from "daggr";
const good = new FnNode(() => "fine", { name: "good", inputs: {}, outputs: { text: gr.Textbox() } });
const bad = new FnNode(({ text }: { text: string }) => {
  if (text === "fine") throw new Error("The oven is cold.");
  return text;
}, { name: "bad", inputs: { text: good.text }, outputs: { text: gr.Textbox() } });
const after = new FnNode(({ text }: { text: string }) => text, { name: "after", inputs: { text: bad.text }, outputs: { text: gr.Textbox() } });
export const graph = new Graph({ name: "Failing", nodes: [after] });
`;
