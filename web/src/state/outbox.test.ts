import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Outbox } from "./outbox.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function recorded() {
  const sent: [string, unknown][] = [];
  return { sent, outbox: new Outbox(async (key, value) => void sent.push([key, value]), 300) };
}

test("two fields edited within the pause are both sent", async () => {
  const { sent, outbox } = recorded();
  outbox.put("a", 1);
  await vi.advanceTimersByTimeAsync(200);
  outbox.put("b", 2);
  await vi.advanceTimersByTimeAsync(300);
  expect(sent).toEqual([
    ["a", 1],
    ["b", 2],
  ]);
});

test("of several edits of one field only the last is sent", async () => {
  const { sent, outbox } = recorded();
  outbox.put("a", 1);
  outbox.put("a", 2);
  await vi.advanceTimersByTimeAsync(300);
  expect(sent).toEqual([["a", 2]]);
});

test("a flush sends everything and waits until the server has it", async () => {
  const { sent, outbox } = recorded();
  outbox.put("a", 1);
  outbox.put("b", 2);
  await outbox.flush();
  expect(sent).toHaveLength(2);
  expect(outbox.isBusy).toBe(false);
});

test("what could not be sent is kept and sent when the connection is back", async () => {
  const sent: unknown[] = [];
  let isUp = false;
  const outbox = new Outbox(async (_key, value) => {
    if (!isUp) throw new Error("lost");
    sent.push(value);
  }, 300);
  outbox.put("a", 1);
  await vi.advanceTimersByTimeAsync(300);
  expect(outbox.isAhead("a")).toBe(true);
  isUp = true;
  outbox.resend();
  await vi.advanceTimersByTimeAsync(300);
  expect(sent).toEqual([1]);
  expect(outbox.isBusy).toBe(false);
});
