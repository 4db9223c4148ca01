// A user's script with functions that run in worker threads; loaded by the test and again in each thread.
import { readFileSync, writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import { FnNode, fallback, Graph, gr } from "../../src/index.ts";

const busy = new FnNode(
  ({ ms }: { ms: number }, { progress, log }) => {
    log(`on the main thread: ${isMainThread}`);
    progress(0.5, "Counting");
    const end = Date.now() + ms;
    let count = 0;
    while (Date.now() < end) count++;
    return count > 0 && !isMainThread;
  },
  {
    name: "busy",
    worker: true,
    inputs: { ms: gr.Number({ value: 10 }) },
    outputs: { inThread: gr.Checkbox() },
  },
);

const upper = new FnNode(
  ({ source }: { source: string }, { file }) => {
    const path = file("upper.txt");
    writeFileSync(path, readFileSync(source, "utf8").toUpperCase());
    return { result: path, thread: !isMainThread };
  },
  {
    name: "upper",
    worker: true,
    inputs: { source: gr.File() },
    outputs: { result: gr.File(), thread: gr.Hidden<boolean>() },
  },
);

const leave = new FnNode(
  ({ first }: { first: boolean }, { attempt }) => {
    if (first && attempt === 1) process.exit(3);
    return `attempt ${attempt}`;
  },
  {
    name: "leave",
    worker: true,
    retries: 1,
    retryDelay: 1,
    inputs: { first: gr.Checkbox({ value: true }) },
    outputs: { text: gr.Textbox() },
  },
);

const squares = new FnNode(({ n }: { n: number }) => n * n, {
  name: "squares",
  worker: true,
  concurrent: true,
  inputs: {
    n: new FnNode(() => [1, 2, 3, 4], { name: "numbers", inputs: {}, outputs: { list: gr.JSON<number[]>() } })
      .list.each,
  },
  outputs: { square: gr.Number() },
});

const inThread = { worker: true, inputs: {}, outputs: { text: gr.Textbox() } };
const dies = new FnNode((): string => process.exit(3), { ...inThread, name: "dies" });
const lives = new FnNode(() => `in a thread: ${!isMainThread}`, { ...inThread, name: "lives" });
const spared = fallback(dies, lives, { name: "spared" });

export const graph = new Graph({ name: "Threads", nodes: [busy, upper, leave, squares, spared] });
