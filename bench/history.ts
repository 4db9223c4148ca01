// The first page of a step's history, with 10 results on the step and with 10,000: the ratio should be about 1.
// node bench/history.ts

import { createMemoryStore } from "../src/store/memory-store.ts";
import { LOCAL, makeResult, makeRun } from "../src/store/testing.ts";

const store = createMemoryStore();
const text = "A line of a result. ".repeat(50);

async function sheetWith(count: number): Promise<string> {
  const sheet = (await store.createSheet(LOCAL, `${count} results`)).id;
  const run = makeRun({ sheet });
  await store.createRun(LOCAL, run);
  for (let made = 0; made < count; made += 200) {
    const results = Array.from({ length: Math.min(200, count - made) }, () => ({
      sheet,
      record: makeResult({ run: run.id, inputs: { text }, outputs: { output: text } }),
      select: true,
    }));
    await store.commit(LOCAL, { results });
  }
  return sheet;
}

/** The median of many, in microseconds. */
async function page(sheet: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 500; round++) {
    const began = performance.now();
    await store.history(LOCAL, sheet, "node", { offset: 0, limit: 10 });
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[250]! * 1000;
}

const [few, many] = [await sheetWith(10), await sheetWith(10_000)];
await page(few);
const [quick, slow] = [await page(few), await page(many)];
console.log(
  `10 results: ${quick.toFixed(0)} µs; 10,000 results: ${slow.toFixed(0)} µs; ratio ${(slow / quick).toFixed(2)}`,
);
await store.close();
