import { expect, test } from "vitest";
import { FrameQueue } from "./frame-queue.ts";

test("what arrives within one frame is applied at once and in order", () => {
  const frames: (() => void)[] = [];
  const batches: (readonly number[])[] = [];
  const queue = new FrameQueue<number>(
    (batch) => batches.push(batch),
    (run) => frames.push(run),
  );
  queue.push(1);
  queue.push(2);
  expect(frames).toHaveLength(1);
  frames.shift()!();
  queue.push(3);
  frames.shift()!();
  expect(batches).toEqual([[1, 2], [3]]);
});
