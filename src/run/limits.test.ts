import fc from "fast-check";
import { expect, test } from "vitest";
import { testGraph } from "../plan/testing.ts";
import { Limits } from "./limits.ts";
import { runOnSheet } from "./testing.ts";

test("a node takes as many items at once as it says: no more, and no fewer where there are enough", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.nat(12),
      fc.boolean(),
      async (max, count, isGroup) => {
        let active = 0;
        let most = 0;
        const wanted = Math.min(max, count);
        const { promise: allAreIn, resolve: letGo } = Promise.withResolvers<void>();
        const graph = testGraph({
          list: { invoke: () => Array.from({ length: count }, (_, index) => index) },
          each: {
            inputs: { x: "list.out.each" },
            concurrency: isGroup ? { type: "group", name: "gpu", max } : { type: "free", maxItems: max },
            async invoke() {
              most = Math.max(most, ++active);
              if (active >= wanted) letGo();
              // With fewer at once than it says the run would never end.
              await allAreIn;
              await new Promise((resolve) => setImmediate(resolve));
              active--;
              return 1;
            },
          },
        });
        await runOnSheet(graph);
        expect(most).toBe(wanted);
      },
    ),
    { numRuns: 60 },
  );
});

test("places are handed on in the order of the queue; who has left is passed over", async () => {
  const limits = new Limits();
  const order: number[] = [];
  expect(limits.take("key", 1)).toBeUndefined();
  const turns = [0, 1, 2].map((index) => {
    const turn = limits.take("key", 1);
    void turn?.ready.then(() => order.push(index));
    return turn;
  });
  turns[1]?.leave();
  limits.free("key");
  await turns[0]?.ready;
  limits.free("key");
  await turns[2]?.ready;
  limits.free("key");
  expect(order).toEqual([0, 2]);
  expect(limits.take("key", 1)).toBeUndefined();
});

test("a place that came to somebody who leaves goes to the next", async () => {
  const limits = new Limits();
  limits.take("key", 1);
  const [first, second] = [limits.take("key", 1), limits.take("key", 1)];
  limits.free("key");
  first?.leave();
  await second?.ready;
});
