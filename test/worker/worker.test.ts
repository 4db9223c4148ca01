import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { RunEvent } from "../../src/index.ts";
import { graph } from "./script.ts";

const folder = mkdtempSync(join(tmpdir(), "daggr-worker-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a function with worker: true runs in a thread, and this one stays free meanwhile", async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 10);
  const events: RunEvent[] = [];
  const result = await graph.run(
    { busy: { ms: 600 } },
    { nodes: ["busy"], onEvent: (event) => events.push(event) },
  );
  clearInterval(timer);
  expect(result.busy.inThread).toBe(true);
  expect(ticks).toBeGreaterThan(10);
  expect(events).toContainEqual(
    expect.objectContaining({ type: "node-log", text: "on the main thread: false" }),
  );
  expect(events).toContainEqual(expect.objectContaining({ type: "node-progress", text: "Counting" }));
});

test("files go into a thread and come out of it", async () => {
  const source = join(folder, "in.txt");
  writeFileSync(source, "quiet");
  const { upper } = await graph.run({ upper: { source } }, { nodes: ["upper"] });
  expect(upper.thread).toBe(true);
  expect(readFileSync(upper.result, "utf8")).toBe("QUIET");
});

test("a busy loop in a thread is stopped at once", async () => {
  const started = Date.now();
  const error = await graph
    .run({ busy: { ms: 30_000 } }, { nodes: ["busy"], signal: AbortSignal.timeout(700) })
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "CANCELLED" });
  expect(Date.now() - started).toBeLessThan(10_000);
});

test("a thread that ends itself fails the attempt, not the process; the next attempt works", async () => {
  expect((await graph.run({}, { nodes: ["leave"] })).leave.text).toBe("attempt 2");
});

test("items run in threads side by side, in order", async () => {
  expect((await graph.run({}, { nodes: ["squares"] })).squares.square).toEqual([1, 4, 9, 16]);
});

test("a variant of a fallback whose thread dies hands on to the next, in a thread too", async () => {
  expect((await graph.run({}, { nodes: ["spared"] })) as object).toMatchObject({
    spared: { text: "in a thread: true" },
  });
});
