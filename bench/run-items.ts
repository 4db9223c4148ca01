// Overhead of the runner without any work: per item of a scattered node, and per step of a chain.
// node bench/run-items.ts

import type { Invoker } from "../src/graph/step.ts";
import { TestSheet, testGraph } from "../src/plan/testing.ts";
import { Limits } from "../src/run/limits.ts";
import { runGraph } from "../src/run/run-graph.ts";

const nothing: Invoker = {
  invoke: async (request) => ({ outputs: { out: request.inputs.x } }),
  close: async () => {},
};

async function time(
  graph: ReturnType<typeof testGraph>,
  sheet: TestSheet,
  invoker: Invoker,
): Promise<number> {
  const snapshot = await sheet.snapshot(graph);
  const began = performance.now();
  const run = runGraph({
    definition: graph,
    snapshot,
    mode: "stale",
    runId: "bench",
    invoker,
    limits: new Limits(),
    sessionKey: "bench",
  });
  let end = "";
  for await (const notice of run) {
    end = notice.event.type;
    sheet.keep(notice);
  }
  if (end !== "run-done") throw new Error(`The run ended with ${end}.`);
  return performance.now() - began;
}

function scattered(count: number) {
  const list = Array.from({ length: count }, (_, index) => `item ${index}`);
  return {
    graph: testGraph({
      list: {},
      each: { inputs: { x: "list.out.each" } },
      all: { inputs: { x: "each.out.all" } },
    }),
    invoker: {
      ...nothing,
      invoke: async (request) => ({
        outputs: { out: request.node === "list" ? list : request.node === "all" ? 1 : request.inputs.x },
      }),
    } satisfies Invoker,
  };
}

function chain(length: number) {
  const nodes: Record<string, { inputs: Record<string, string> }> = {};
  for (let index = 0; index < length; index++)
    nodes[`n${index}`] = { inputs: index === 0 ? {} : { x: `n${index - 1}.out` } };
  return testGraph(nodes);
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

for (const count of [1_000, 10_000, 100_000]) {
  const first: number[] = [];
  const again: number[] = [];
  for (let round = 0; round < 5; round++) {
    const sheet = new TestSheet();
    const { graph, invoker } = scattered(count);
    first.push(await time(graph, sheet, invoker));
    again.push(await time(graph, sheet, invoker));
  }
  console.log(
    `${count} items: ${((median(first) / count) * 1000).toFixed(2)} us an item; nothing changed: ${((median(again) / count) * 1000).toFixed(2)} us`,
  );
}
for (const length of [100, 1_000, 10_000]) {
  const times: number[] = [];
  const again: number[] = [];
  for (let round = 0; round < 5; round++) {
    const sheet = new TestSheet();
    const graph = chain(length);
    times.push(await time(graph, sheet, nothing));
    again.push(await time(graph, sheet, nothing));
  }
  console.log(
    `chain of ${length}: ${((median(times) / length) * 1000).toFixed(2)} us a step; nothing changed: ${((median(again) / length) * 1000).toFixed(2)} us`,
  );
}
