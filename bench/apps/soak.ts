// Three short steps, one after the other; tells the memory that is really in use when asked.
import { setTimeout as delay } from "node:timers/promises";
import { FnNode, Graph, gr } from "daggr";

const wait = async ({ x }: { x: string }, { log }: { log(text: string): void }) => {
  await delay(100);
  log(x);
  return x;
};
const outputs = { out: gr.Textbox() };
const first = new FnNode(wait, { name: "first", inputs: { x: gr.Textbox({ value: "hello" }) }, outputs });
const second = new FnNode(wait, { name: "second", inputs: { x: first.out }, outputs });
const third = new FnNode(wait, { name: "third", inputs: { x: second.out }, outputs });
const graph = new Graph({ name: "Soak", nodes: [third] });

process.on("message", () => {
  globalThis.gc?.();
  process.send?.(process.memoryUsage());
});
await graph.launch({ open: false });
