import { appendFileSync } from "node:fs";
import { FnNode, fallback, Graph, gr } from "../../src/index.ts";

/**
 * A run of a fallback over items, whose first variant fails for every even one. Each execution is told in a journal
 * (`DAGGR_TEST_JOURNAL`); while `DAGGR_TEST_HELD` is set, the spare one never comes to the end of item 4.
 */
const note = (text: string): void => appendFileSync(process.env["DAGGR_TEST_JOURNAL"]!, `${text}\n`);
const items = new FnNode(() => [1, 2, 3, 4, 5, 6], {
  name: "list",
  inputs: {},
  outputs: { items: gr.JSON<number[]>() },
}).items.each;
const outputs = { text: gr.Textbox() };
const main = new FnNode(
  ({ n }: { n: number }) => {
    note(`main ${n}`);
    if (n % 2 === 0) throw new Error(`${n} is even`);
    return `main ${n}`;
  },
  { name: "main", inputs: { n: items }, outputs },
);
const spare = new FnNode(
  async ({ n }: { n: number }) => {
    note(`spare ${n}`);
    if (n === 4 && process.env["DAGGR_TEST_HELD"] !== undefined) await new Promise(() => {});
    return `spare ${n}`;
  },
  { name: "spare", inputs: { n: items }, outputs },
);
export const graph: Graph = new Graph({
  name: "Fallback",
  nodes: [fallback(main, spare, { name: "each" })],
});
if (process.env["DAGGR_TEST_HELD"] !== undefined) {
  // What was told is kept: only then it may be killed.
  const timer = setInterval(() => {}, 1000);
  for await (const event of graph.stream({}, { sheet: "s" }))
    if (event.type === "node-done" && event.item !== undefined) note(`done ${event.item + 1}`);
  clearInterval(timer);
}
